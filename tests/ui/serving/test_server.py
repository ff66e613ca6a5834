import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import ClassVar

import httpx
import pytest
from tiny_footnote import (
    QUESTION,
    TinyWorkshop,
    TinyWriter,
    install_models,
    serving,
    set_up,
    wait_until,
    workshop,
    write_articles,
)

from assistant.llama_writer import LlamaWriter
from assistant.writer import Reading, Sources, Stopped
from index_store.errors import RunError
from index_store.library import Library
from index_store.sentence_embedder import SentenceEmbedder
from ui.commands.session import Session
from ui.desk import SyncSummary
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.serving import server
from ui.serving.remote_desk import RemoteDesk
from ui.serving.server import page_url, serve_until_stopped
from ui.serving.server_file import serving_process
from ui.serving.serving import library_status
from ui.settings.in_force import load_settings
from ui.stopped import SERVING_ENDED
from ui.terminal import Terminal

# Found before any test hides the user's folder.
USER_MODELS = Home.find().models


@pytest.fixture
def session(
    home: Home, articles: Path, tiny_catalogue: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """A session whose page listens on a port that was free a moment ago; SIGTERM as it was afterwards."""
    monkeypatch.setattr(server, "Workshop", TinyWorkshop)
    install_models(home)
    set_up(home, sources=[str(articles)])
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield Session(home, load_settings(home.settings_file, port=free_port()), Terminal())
    for number, handler in before.items():
        signal.signal(number, handler)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def stop_when_open(home: Home, number: signal.Signals, seen: list[object]) -> Thread:
    """End this process's server by a signal, as soon as its page answers."""

    def run() -> None:
        wait_until(lambda: serving_process(home.server_file))
        address = serving_process(home.server_file)
        assert address is not None
        seen.append(httpx.get(address.url, trust_env=False, timeout=60).status_code)
        seen.append(home.server_file.stat().st_mode & 0o777)
        os.kill(os.getpid(), number)

    thread = Thread(target=run)
    thread.start()
    return thread


@pytest.mark.whole
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_end_and_leaves_nothing_behind(
    session: Session, number: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    seen: list[object] = []
    stopper = stop_when_open(session.home, number, seen)
    serve_until_stopped(session, sync=True)
    stopper.join()
    assert seen == [200, 0o600]
    assert not session.home.server_file.exists()
    err = capfd.readouterr().err
    assert "2 added" in err
    assert f"Footnote is open at http://127.0.0.1:{session.settings.port}" in err
    # The library and the port are free again.
    free = workshop(session.home)
    assert len(free.library.articles()) == 2
    free.close()
    socket.create_server(("127.0.0.1", session.settings.port)).close()


@pytest.mark.whole
@pytest.mark.parametrize("again", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_does_not_break_off_the_closing(
    session: Session,
    again: signal.Signals,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    closed: list[str] = []

    class ImpatientlyClosed(LocalDesk):
        def close(self) -> None:
            os.kill(os.getpid(), again)
            Event().wait(0.05)
            super().close()
            closed.append("library")

    monkeypatch.setattr(server, "LocalDesk", ImpatientlyClosed)
    stopper = stop_when_open(session.home, signal.SIGTERM, [])
    serve_until_stopped(session, sync=False)
    stopper.join()
    assert closed == ["library"]
    assert capfd.readouterr().err.endswith("stopped; library and conversations are kept\n")
    assert not session.home.server_file.exists()


class EndlessWriter(TinyWriter):
    """A fake that reads until it is stopped."""

    begun: ClassVar[Event] = Event()

    def read(self, sources: Sources, *, stopped: Stopped) -> Reading:
        self.begun.set()
        wait_until(stopped)
        return super().read(sources, stopped=stopped)


@pytest.mark.whole
def test_who_waits_for_an_answer_hears_that_the_serving_process_ends(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = partial(TinyWorkshop, make_writer=lambda entry, *_: EndlessWriter(entry))
    monkeypatch.setattr(server, "Workshop", endless)
    told: list[str] = []

    def ask() -> None:
        address = serving_process(session.home.server_file)
        assert address is not None
        desk = RemoteDesk(address)
        with pytest.raises(RunError) as caught:
            desk.ask(QUESTION)
        told.append(str(caught.value))
        desk.close()

    def visit() -> None:
        wait_until(lambda: serving_process(session.home.server_file))
        asking = Thread(target=ask)
        asking.start()
        assert EndlessWriter.begun.wait(60)
        os.kill(os.getpid(), signal.SIGTERM)
        asking.join(60)

    EndlessWriter.begun.clear()
    visitor = Thread(target=visit)
    visitor.start()
    serve_until_stopped(session, sync=True)
    visitor.join()
    assert told == [SERVING_ENDED]


@pytest.mark.whole
def test_a_library_with_articles_is_synced_behind_the_open_page(
    session: Session, articles: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    first = LocalDesk(workshop(session.home))
    first.sync((), dry_run=False, on_step=lambda *_: None)
    first.close()
    (articles / "crane.md").write_text("# Crane\n\nA third bird.\n")
    page_seen = Event()
    sync = LocalDesk.sync
    found: list[int] = []

    def held_up(desk: LocalDesk, *places: object, **rest: object) -> SyncSummary:
        assert page_seen.wait(60), "the page did not open before the sync"
        summary = sync(desk, *places, **rest)  # type: ignore[arg-type]
        found.append(library_status(desk._workshop).articles or 0)
        os.kill(os.getpid(), signal.SIGTERM)
        return summary

    monkeypatch.setattr(LocalDesk, "sync", held_up)

    def visit() -> None:
        wait_until(lambda: serving_process(session.home.server_file))
        page = httpx.get(f"http://127.0.0.1:{session.settings.port}", trust_env=False, timeout=60)
        assert page.status_code == 200
        page_seen.set()

    visitor = Thread(target=visit)
    visitor.start()
    serve_until_stopped(session, sync=True)
    visitor.join()
    assert found == [3]
    err = capfd.readouterr().err
    assert err.index("Footnote is open at") < err.index("reading the sources: 0 % (add crane.md)")
    assert "footnote: " not in err
    assert "stopped; " in err.splitlines()[-1]


@pytest.mark.whole
@pytest.mark.parametrize("error", [RunError("the disk is full; make room"), KeyError("x")])
def test_a_sync_that_fails_behind_the_page_is_told_and_the_page_stays(
    session: Session, error: Exception, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    first = LocalDesk(workshop(session.home))
    first.sync((), dry_run=False, on_step=lambda *_: None)
    first.close()
    failed = Event()

    def broken(*_: object, **__: object) -> None:
        failed.set()
        raise error

    monkeypatch.setattr(LocalDesk, "sync", broken)
    seen: list[object] = []

    def visit() -> None:
        wait_until(lambda: serving_process(session.home.server_file))
        failed.wait(60)
        page = httpx.get(f"http://127.0.0.1:{session.settings.port}", trust_env=False, timeout=60)
        seen.append(page.status_code)
        os.kill(os.getpid(), signal.SIGTERM)

    visitor = Thread(target=visit)
    visitor.start()
    serve_until_stopped(session, sync=True)
    visitor.join()
    assert seen == [200]
    assert f"the sync failed: {error}" in capfd.readouterr().err


@pytest.mark.whole
def test_a_stop_during_the_sync_behind_the_page_says_what_is_kept(
    session: Session, articles: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    first = LocalDesk(workshop(session.home))
    first.sync((), dry_run=False, on_step=lambda *_: None)
    first.close()
    write_articles(articles, {f"{n}.md": f"# Bird {n}\n\nText.\n" for n in range(50)})
    put = Library.put

    def slow(library: Library, *what: object, **rest: object) -> int:
        if threading.current_thread().name == "footnote-sync" and not stopping:
            stopping.append(True)
            os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(0.1)
        return put(library, *what, **rest)  # type: ignore[arg-type]

    stopping: list[bool] = []
    monkeypatch.setattr(Library, "put", slow)
    serve_until_stopped(session, sync=True)
    assert capfd.readouterr().err.splitlines()[-1] == (
        "stopped; what was read is kept, and the next sync goes on from there"
    )
    again = workshop(session.home)
    assert 2 < len(again.library.articles()) < 52
    again.close()


@pytest.mark.whole
def test_a_library_without_articles_is_told_at_the_start(
    session: Session, capfd: pytest.CaptureFixture[str]
) -> None:
    stopper = stop_when_open(session.home, signal.SIGTERM, [])
    serve_until_stopped(session, sync=False)
    stopper.join()
    assert "the library is empty; run: footnote sync" in capfd.readouterr().err


def test_a_port_that_is_taken_is_told_before_anything_is_opened(session: Session) -> None:
    with (
        socket.create_server(("127.0.0.1", session.settings.port)),
        pytest.raises(RunError, match=rf"127\.0\.0\.1:{session.settings.port} cannot be used.*--port"),
    ):
        serve_until_stopped(session, sync=False)
    assert not session.home.libraries.exists()
    assert not session.home.server_file.exists()


def test_a_host_that_is_not_this_machine_is_told(session: Session) -> None:
    settings = session.settings.model_copy(update={"host": "192.0.2.1"})
    with pytest.raises(RunError, match=r"192\.0\.2\.1:.*--host"):
        serve_until_stopped(Session(session.home, settings, session.terminal), sync=False)


def test_a_second_one_is_sent_to_the_first(session: Session) -> None:
    first = LocalDesk(workshop(session.home))
    with (
        serving(session.home, first) as address,
        pytest.raises(RunError, match=rf"serving already, at {address.url} \(process {os.getpid()}\)"),
    ):
        serve_until_stopped(session, sync=False)
    first.close()


def test_a_missing_model_is_told_before_the_page_opens(session: Session) -> None:
    (session.home.models / "writer.gguf").unlink()
    with pytest.raises(RunError, match="footnote models fetch"):
        serve_until_stopped(session, sync=False)
    socket.create_server(("127.0.0.1", session.settings.port)).close()


def test_the_port_is_taken_before_the_page_is_built() -> None:
    port = free_port()
    listener = server._listen("127.0.0.1", port)
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        pass
    with pytest.raises(RunError):
        server._listen("127.0.0.1", port)
    listener.close()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("localhost", "http://localhost:80"),
        ("::1", "http://[::1]:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
    ],
)
def test_the_address_is_one_that_this_machine_can_open(host: str, url: str) -> None:
    assert page_url(host, 80) == url


@dataclass
class Served:
    """A real serving process, and the commands beside it."""

    home: Home
    process: subprocess.Popen[bytes]
    said: Path

    def run(self, *words: str, wait: float = 120) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ui.cli", *words]
        return subprocess.run(
            command, env=environment(self.home), capture_output=True, text=True, timeout=wait, check=False
        )

    def end(self, number: signal.Signals) -> float:
        """Send a signal; the seconds until the process was gone."""
        began = monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return monotonic() - began


def environment(home: Home) -> dict[str, str]:
    return {**os.environ, "FOOTNOTE_HOME": str(home.root), "COLUMNS": "80"}


@pytest.fixture
def served(tmp_path: Path, small_writer: LlamaWriter, real_embedder: SentenceEmbedder) -> Iterator[Served]:
    """`footnote serve --sync` with the small model over two articles."""
    home = Home(tmp_path / "home")
    articles = write_articles(tmp_path / "articles")
    set_up(home, sources=[str(articles)], model=small_writer.name.id, port=free_port())
    home.models.symlink_to(USER_MODELS)
    said = tmp_path / "said"
    with said.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "serve", "--sync"],
            env=environment(home),
            stdout=stream,
            stderr=stream,
        )
    try:
        wait_until(lambda: process.poll() is not None or serving_process(home.server_file), 120)
        assert process.poll() is None, said.read_text()
        yield Served(home, process, said)
    finally:
        process.kill()
        process.wait()


def test_a_served_library_answers_the_page_and_the_commands_beside_it(served: Served) -> None:
    address = json.loads(served.home.server_file.read_text())
    assert address["pid"] == served.process.pid
    page = httpx.get(address["url"], trust_env=False)
    assert page.status_code == 200
    assert "<title>Footnote</title>" in page.text

    asked = served.run("ask", "How much memory does the Heron model need?", "--json")
    assert asked.returncode == 0, asked.stderr
    assert f"asking the serving process at {address['url']}" in asked.stderr
    answer = json.loads(asked.stdout)
    assert answer["status"] in ("answered", "partly", "not_in_library")
    assert answer["model"]["id"] == "qwen2.5-coder-0.5b"
    assert answer["evidence"][0]["article"] == "heron.md"

    found = served.run("search", "Heron memory", "--json")
    assert json.loads(found.stdout)["passages"][0]["article"] == "heron.md"
    synced = served.run("sync", "--json")
    assert json.loads(synced.stdout)["kept"] == 2
    refused = served.run("serve")
    assert refused.returncode == 1
    assert "serving already" in refused.stderr

    assert served.end(signal.SIGTERM) < 5
    assert served.process.returncode == 0
    assert not served.home.server_file.exists()
    assert "Traceback" not in served.said.read_text()
    assert json.loads(served.run("articles", "--json").stdout)["articles"][0]["article"] == "heron.md"


def test_a_stop_in_the_middle_of_an_answer_does_not_wait_for_its_end(served: Served) -> None:
    asking = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "ask", "Tell me everything about the Heron and the Stork."],
        env=environment(served.home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert asking.stderr is not None
    assert "asking the serving process" in asking.stderr.readline()
    Event().wait(1)
    assert served.end(signal.SIGTERM) < 5
    assert not served.home.server_file.exists()
    _, rest = asking.communicate(timeout=30)
    assert "Traceback" not in rest
    assert len([line for line in rest.splitlines() if line.startswith("footnote: ")]) <= 1


def test_a_killed_one_leaves_a_file_that_stands_in_nobodys_way(served: Served) -> None:
    served.end(signal.SIGKILL)
    assert served.home.server_file.exists()
    found = served.run("search", "Heron memory", "--json")
    assert found.returncode == 0
    assert "asking the serving process" not in found.stderr
    assert len(json.loads(found.stdout)["passages"]) == 2
