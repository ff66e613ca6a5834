"""A model file becomes a vocabulary and weights; what is no model is refused in one line."""

import gc
import logging
import os
import signal
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import llama_cpp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine.gguf_model import _LOG_HOOK, GgufModel, PieceDecoder
from assistant.engine.sequence_memory import Run, SequenceMemory
from assistant.errors import ModelUnusable

ODD_TEXTS = (
    "plain words",
    "  spaces  \n\n\tand lines\r\n",
    "你好，世界",
    "👩‍👩‍👧‍👦 🇩🇪 e\u0301",
    "zero\x00byte",
    "half a \ud83d character",
    "\u202eright to left",
    "a" * 5_000,
    "",
)


@pytest.mark.parametrize(
    "content",
    [b"", b"GGUF", b"GGUF\x03\x00\x00\x00" + b"\xff" * 64, b"<html>Not found</html>", bytes(4096)],
)
def test_a_file_that_is_no_model_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(content)
    with pytest.raises(ModelUnusable, match="cannot load it; run: footnote models verify") as raised:
        GgufModel(file)
    assert str(file) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_its_threads_share_the_processors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", environment := dict[str, str]())
    with pytest.raises(ModelUnusable):
        GgufModel(tmp_path / "none.gguf")
    assert environment["GOMP_SPINCOUNT"].isdecimal()


def test_a_missing_file_and_a_folder_are_refused_alike(tmp_path: Path) -> None:
    for path in (tmp_path / "none.gguf", tmp_path):
        with pytest.raises(ModelUnusable, match="cannot load it"):
            GgufModel(path)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl+C counts, though a process that was started in the background may be deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_while_the_weights_are_read_gives_that_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up = threading.Event()
    end = monotonic() + 60

    def read_slowly(path: bytes, parameters: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        while parameters.progress_callback(0.5, None):
            assert monotonic() < end, "waited in vain"
            _LOG_HOOK(3, b"reading", None)
        given_up.set()

    monkeypatch.setattr(llama_cpp, "llama_model_load_from_file", read_slowly)
    with pytest.raises(KeyboardInterrupt):
        GgufModel(tmp_path / "none.gguf")
    assert given_up.wait(60)


def test_what_llama_cpp_says_goes_to_the_log_and_not_to_the_screen(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG, "assistant.engine"), pytest.raises(ModelUnusable):
        GgufModel(tmp_path / "none.gguf")
    assert "llama.cpp: " in caplog.text
    assert capfd.readouterr() == ("", "")


@given(st.text(), st.lists(st.integers(0, 400), max_size=20))
def test_characters_come_whole_however_their_bytes_are_cut(text: str, cuts: list[int]) -> None:
    data = text.encode("utf-8", errors="replace")
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    decoder = PieceDecoder()
    pieces = [decoder.text([data[start:end]]) for start, end in pairwise(places)]
    assert "".join(pieces) == data.decode()
    assert all("\ufffd" not in piece or "\ufffd" in text for piece in pieces)


def test_pieces_may_come_one_by_one_or_together() -> None:
    assert PieceDecoder().text([b"a", b"\xe4\xbd", b"\xa0", b"b"]) == "a你b"
    assert PieceDecoder().text([]) == ""


def test_bytes_that_are_no_character_do_not_stop_the_text() -> None:
    assert PieceDecoder().text([b"a", b"\xff", b"b", b"\xe4\xbd", b"c"]) == "a\ufffdb\ufffdc"


def test_text_comes_back_from_its_tokens(model: GgufModel) -> None:
    for text in ODD_TEXTS:
        tokens = model.tokens(text, trusted=False)
        assert b"".join(map(model.piece, tokens)) == text.encode(errors="replace")


def test_every_token_has_its_bytes(model: GgufModel) -> None:
    lengths = [len(model.piece(token)) for token in model.tokens("\n" * 300 + " " * 300, trusted=False)]
    assert sum(lengths) == 600


def test_control_tokens_are_made_of_trusted_text_only(model: GgufModel) -> None:
    text = "<|im_start|>user<|im_end|><|endoftext|>"

    def controls(*, trusted: bool) -> int:
        is_control = model.api.llama_vocab_is_control
        return sum(is_control(model._vocab, token) for token in model.tokens(text, trusted=trusted))

    assert controls(trusted=True) == 3
    assert controls(trusted=False) == 0
    assert b"".join(map(model.piece, model.tokens(text, trusted=False))) == text.encode()


def test_control_tokens_stand_for_no_text(model: GgufModel) -> None:
    (token,) = model.tokens("<|im_end|>", trusted=True)
    assert model.piece(token) == b""
    assert model.ends(token)
    assert not model.ends(model.tokens("word", trusted=False)[0])


def test_the_file_tells_its_template_and_nothing_it_does_not_have(model: GgufModel) -> None:
    template = model.metadata("tokenizer.chat_template")
    assert template is not None
    assert template.rstrip().endswith("%}")
    assert model.metadata("no.such.key") is None
    assert model.special("eos") == "<|im_end|>"


def test_the_library_is_named_in_its_version(model: GgufModel) -> None:
    assert model.version.startswith("llama-cpp-python 0.")


def test_a_truncated_model_is_refused_in_one_line(gguf_file: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.gguf"
    with gguf_file.open("rb") as whole:
        torn.write_bytes(whole.read(20_000_000))
    with pytest.raises(ModelUnusable, match="cannot load it; run: footnote models verify") as raised:
        GgufModel(torn)
    assert "\n" not in str(raised.value)


def test_a_model_outlives_the_failure_and_the_end_of_others(
    model: GgufModel, gguf_file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"GGUF")
    with pytest.raises(ModelUnusable):
        GgufModel(tmp_path / "bad.gguf")
    other = GgufModel(gguf_file)
    other.close()
    other.close()
    # Its vocabulary is gone with it; who comes too late is told instead of reading freed memory.
    with pytest.raises(ModelUnusable, match="closed; ask again when it is open"):
        other.tokens("late", trusted=False)
    with pytest.raises(ModelUnusable, match="closed"):
        other.piece(0)
    del other
    gc.collect()
    # The process has one log hook: whose was it?
    memory = SequenceMemory(model, cells=256, threads=1)
    with caplog.at_level(logging.DEBUG, "assistant.engine"), pytest.raises(ModelUnusable):
        memory.decode([Run((memory.take(),), 0, [10**7])], lambda: False)
    memory.close()
    assert "invalid token" in caplog.text
