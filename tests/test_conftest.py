"""The guards of the test set-up hold, and missing parts are told of once each."""

import os
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from real_parts import leave_out, left_out

from assistant.answer import ModelName
from assistant.llama_writer import LlamaWriter
from index_store.sentence_embedder import SentenceEmbedder
from ui.home import Home

NOWHERE = "192.0.2.1"  # an address that is kept for examples


def test_a_unit_test_cannot_connect_to_another_machine() -> None:
    with socket.socket() as reach, pytest.raises(pytest.fail.Exception, match=NOWHERE):
        reach.connect((NOWHERE, 80))


def test_a_unit_test_cannot_send_datagrams_to_another_machine() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reach,
        pytest.raises(pytest.fail.Exception, match=NOWHERE),
    ):
        reach.sendto(b"hello", (NOWHERE, 53))


def test_a_unit_test_cannot_resolve_names() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"example\.org"):
        socket.getaddrinfo("example.org", 443)
    with pytest.raises(pytest.fail.Exception, match=r"example\.org"):
        httpx.get("https://example.org/", trust_env=False)


def test_a_unit_test_may_talk_to_its_own_machine() -> None:
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    with server, socket.create_connection(("localhost", server.server_port)):
        pass


def test_a_unit_test_cannot_load_a_writer(tmp_path: Path) -> None:
    weights = tmp_path / "large.gguf"
    with weights.open("wb") as stream:
        stream.truncate(2**21)
    with pytest.raises(pytest.fail.Exception, match="large"):
        LlamaWriter(ModelName("large", None), weights).warm_up()


def test_a_unit_test_cannot_load_an_embedder(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="weights"):
        SentenceEmbedder("any", tmp_path, dimensions=8).warm_up()


def test_no_test_sees_the_home_or_the_settings_of_the_user(footnote_home: Path) -> None:
    assert Home.find().root == footnote_home
    assert not footnote_home.exists()
    settings = {name for name in os.environ if name.startswith("FOOTNOTE_")}
    assert {name for name in settings if not name.startswith("FOOTNOTE_TEST_")} == {"FOOTNOTE_HOME"}


def test_what_is_left_out_is_told_in_one_line_for_each_kind() -> None:
    skipped = [
        SimpleNamespace(longrepr=("file", 1, f"Skipped: {reason}"))
        for reason in ("a browser: none", "a real writer: gone", "a browser: none", "runs as root")
    ]
    assert left_out(skipped) == [
        "left out: 2 tests with a browser: none",
        "left out: 1 test with a real writer: gone",
    ]


def test_a_missing_part_fails_the_run_that_must_have_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOOTNOTE_TEST_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="a browser: none"):
        leave_out("chromium", "none")
    monkeypatch.setenv("FOOTNOTE_TEST_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="a browser: none"):
        leave_out("chromium", "none")
