import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import httpx
import pytest
from tiny_footnote import Ran, TinyWorkshop, serving, wait_until, workshop

from ui.home import Home
from ui.local_desk import LocalDesk
from ui.serving import server
from ui.serving.server_file import serving_process

Footnote = Callable[..., Ran]


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(server, "Workshop", TinyWorkshop)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free: int = listener.getsockname()[1]
    yield free
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.whole
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_opens_the_page_and_ends_well_when_told_to(
    footnote: Footnote, home: Home, articles: Path, port: int, number: signal.Signals
) -> None:
    footnote("sync", articles)
    pages: list[str] = []

    def look_and_stop() -> None:
        wait_until(lambda: serving_process(home.server_file))
        pages.append(httpx.get(f"http://127.0.0.1:{port}/", trust_env=False, timeout=60).text)
        os.kill(os.getpid(), number)

    visitor = Thread(target=look_and_stop)
    visitor.start()
    ran = footnote("serve", "--port", port)
    visitor.join()
    assert ran.code == 0
    assert "<title>Footnote</title>" in pages[0]
    assert f"Footnote is open at http://127.0.0.1:{port} (Ctrl+C ends it)" in ran.err
    assert "empty" not in ran.err
    assert ran.err.endswith("stopped; library and conversations are kept\n")
    assert not home.server_file.exists()


def test_a_taken_port_is_a_failure_with_its_remedy(footnote: Footnote, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        ran = footnote("serve", "--port", port)
    assert (ran.code, ran.out) == (1, "")
    assert f"127.0.0.1:{port} cannot be used" in ran.error
    assert "--port" in ran.error


def test_a_second_one_is_a_failure_that_names_the_first(footnote: Footnote, home: Home, port: int) -> None:
    desk = LocalDesk(workshop(home))
    with serving(home, desk) as first:
        ran = footnote("serve", "--port", port)
    desk.close()
    assert ran.code == 1
    assert first.url in ran.error


def test_a_missing_model_is_a_failure_with_its_remedy(footnote: Footnote, home: Home, port: int) -> None:
    (home.models / "writer.gguf").unlink()
    ran = footnote("serve", "--port", port)
    assert ran.code == 1
    assert "footnote models fetch" in ran.error


@pytest.mark.parametrize("model", ["nonsense", "all-MiniLM-L6-v2"])
def test_a_model_that_cannot_write_is_wrong_usage(
    footnote: Footnote, home: Home, port: int, model: str
) -> None:
    home.settings_file.write_text(f'model = "{model}"\n')
    ran = footnote("serve", "--port", port)
    assert ran.code == 2
    assert repr(model) in ran.error
