import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from tiny_footnote import Ran, TinyWorkshop, serving, workshop

from index_store.errors import UsageError
from ui.commands.session import Session, open_desk, open_session, proper_text
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.record.recorded_desk import RecordedDesk
from ui.serving.remote_desk import RemoteDesk
from ui.serving.server_file import ServerAddress, write_server_file

Footnote = Callable[..., Ran]

LARGE = (
    "torch",
    "llama_index",
    "llama_cpp",
    "qdrant_client",
    "gradio",
    "matplotlib",
    "sentence_transformers",
)


@pytest.fixture
def session(footnote: Footnote) -> Session:
    return open_session()


def test_flags_that_were_not_given_leave_the_settings_alone(footnote: Footnote, home: Home) -> None:
    home.settings_file.write_text("port = 7000\n")
    assert open_session(port=None).settings.port == 7000
    assert open_session(port=7001).settings.port == 7001


def test_the_desk_is_the_one_of_this_process_unless_another_serves(session: Session) -> None:
    with open_desk(session) as desk:
        assert isinstance(desk, RecordedDesk)
    serving_desk = LocalDesk(workshop(session.home))
    with serving(session.home, serving_desk), open_desk(session) as desk:
        assert isinstance(desk, RemoteDesk)
    serving_desk.close()


@pytest.mark.whole
def test_the_library_is_let_go_of_whatever_happens(session: Session, articles: Path) -> None:
    for folder in (None, articles):
        for _ in range(2):
            with suppress(KeyError), open_desk(session, folder) as desk:
                desk.articles()
                raise KeyError


def test_a_folder_that_fails_to_sync_is_let_go_of_too(
    session: Session, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []

    class Closing(TinyWorkshop):
        def close(self) -> None:
            closed.append(True)
            super().close()

    def broken(*_: object, **__: object) -> None:
        raise KeyError

    monkeypatch.setattr("ui.workshop.Workshop", Closing)
    monkeypatch.setattr(LocalDesk, "sync", broken)
    with pytest.raises(KeyError), open_desk(session, articles):
        pass
    assert closed == [True]


def test_text_with_stray_bytes_is_refused_by_name() -> None:
    assert proper_text("question", "鳥 🐦 é") == "鳥 🐦 é"
    with pytest.raises(UsageError, match="question 'caf"):
        proper_text("question", "caf\udce9")


@pytest.mark.whole
def test_the_command_line_loads_the_large_libraries_only_when_they_are_needed() -> None:
    program = f"import sys, ui.cli; print([name for name in {LARGE!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


@pytest.mark.whole
def test_a_serving_process_that_says_nothing_is_named_instead_of_waited_for(
    footnote: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.serving.server_file._PROBE_SECONDS", 0.05)
    holder = workshop(home)
    assert holder.library.articles() == []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        write_server_file(home.server_file, ServerAddress(f"http://127.0.0.1:{port}", "token", os.getpid()))
        for words in (("ask", "Heron?"), ("articles",), ("serve",)):
            ran = footnote(*words)
            assert ran.code == 1
            assert f"the served Footnote (process {os.getpid()}, port {port}) does not answer" in ran.error
        holder.close()
        # It holds nothing: whoever listens there is in nobody's way.
        assert footnote("articles").code == 0
