import http.server
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from ui.serving.server_file import (
    ALIVE,
    ServerAddress,
    new_token,
    remove_server_file,
    serving_process,
    write_server_file,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "server.json"


@contextmanager
def answering(body: object, status: int = 200) -> Iterator[str]:
    """Any program that listens on this machine; gives its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = json.dumps(body).encode() if not isinstance(body, bytes) else body
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_a_process_that_answers_is_found(file: Path) -> None:
    with answering(ALIVE) as url:
        address = ServerAddress(url, "token", os.getpid())
        write_server_file(file, address)
        assert serving_process(file) == address


def test_proxy_settings_do_not_lead_the_question_elsewhere(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with answering(ALIVE) as url:
        write_server_file(file, ServerAddress(url, "token", os.getpid()))
        assert serving_process(file) is not None


def test_without_a_file_nothing_serves(file: Path) -> None:
    assert serving_process(file) is None


@pytest.mark.whole
def test_a_file_left_by_a_process_that_died_counts_for_nothing(file: Path) -> None:
    died = subprocess.Popen([sys.executable, "-c", ""])
    died.wait()
    with answering(ALIVE) as url:
        write_server_file(file, ServerAddress(url, "token", died.pid))
        assert serving_process(file) is None


def test_a_process_that_listens_and_says_nothing_is_told_of(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.serving.server_file._PROBE_SECONDS", 0.05)
    heard: list[ServerAddress] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = ServerAddress(f"http://127.0.0.1:{listener.getsockname()[1]}", "token", os.getpid())
        write_server_file(file, address)
        assert serving_process(file, on_silence=heard.append) is None
    assert heard == [address]
    assert serving_process(file, on_silence=heard.append) is None
    assert heard == [address]


def test_a_live_process_that_does_not_listen_does_not_serve(file: Path) -> None:
    write_server_file(file, ServerAddress(f"http://127.0.0.1:{free_port()}", "token", os.getpid()))
    assert serving_process(file) is None


@pytest.mark.parametrize(
    ("body", "status"),
    [({"hello": "I am another program"}, 200), (b"<html>", 200), (b"", 200), (ALIVE, 403), (ALIVE, 500)],
)
def test_another_program_on_the_same_port_is_not_taken_for_footnote(
    file: Path, body: object, status: int
) -> None:
    with answering(body, status) as url:
        write_server_file(file, ServerAddress(url, "token", os.getpid()))
        assert serving_process(file) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"url": "http://127.0.0.1:1"}',
        b'{"url": "http://127.0.0.1:1", "token": "t", "pid": "many"}',
        b'{"url": "http://127.0.0.1:1", "token": "t", "pid": null}',
        b'{"url": "http://127.0.0.1:1", "token": "t", "pid": 0}',
        b'{"url": "http://127.0.0.1:1", "token": "t", "pid": -1}',
        b'{"url": "http://127.0.0.1:1", "token": "t", "pid": 99999999999999999999}',
        b'{"url": "http://127.0.0.1:1", "token": "t", "pid": 9999999999}',
        b'{"url": "nonsense", "token": "t", "pid": 1}',
        b'{"url": "http://[::", "token": "t", "pid": 1}',
        b'{"url": 5, "token": "t", "pid": 1}',
        b'{"url": "http://127.0.0.1:1", "token": "a\\nb", "pid": 1}',
        b'{"url": "http://127.0.0.1:1", "token": "\xc3\xa9", "pid": 1}',
    ],
)
def test_a_damaged_file_counts_for_nothing(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(content.replace(b'"pid": 1}', b'"pid": %d}' % os.getpid()))
    assert serving_process(file) is None


def test_only_its_user_can_read_the_file(file: Path) -> None:
    old_mask = os.umask(0)
    try:
        write_server_file(file, ServerAddress("http://127.0.0.1:1", "token", 1))
    finally:
        os.umask(old_mask)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_what_an_interrupted_write_left_is_no_obstacle_and_no_door(file: Path) -> None:
    file.parent.mkdir()
    left = file.with_suffix(".new")
    left.write_text("half")
    left.chmod(0o666)
    write_server_file(file, ServerAddress("http://127.0.0.1:1", "token", 1))
    assert json.loads(file.read_text())["token"] == "token"
    assert file.stat().st_mode & 0o777 == 0o600


def test_only_ones_own_address_is_taken_back(file: Path) -> None:
    mine = ServerAddress("http://127.0.0.1:1", "mine", 1)
    theirs = ServerAddress("http://127.0.0.1:2", "theirs", 2)
    remove_server_file(file, mine)
    write_server_file(file, theirs)
    remove_server_file(file, mine)
    assert file.exists()
    remove_server_file(file, theirs)
    assert not file.exists()


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 40
