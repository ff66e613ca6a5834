"""A model file becomes tokens in and logits out; what is no model is refused in one line."""

import gc
import logging
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ModelUnusable
from assistant.llama_model import LlamaModel, PieceDecoder, StoppedReading
from assistant.llama_writer import LlamaWriter

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


def never() -> bool:
    return False


@pytest.mark.parametrize(
    "content",
    [b"", b"GGUF", b"GGUF\x03\x00\x00\x00" + b"\xff" * 64, b"<html>Not found</html>", bytes(4096)],
)
def test_a_file_that_is_no_model_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(content)
    with pytest.raises(ModelUnusable, match="cannot load it; run: footnote models verify") as raised:
        LlamaModel(file)
    assert str(file) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_file_and_a_folder_are_refused_alike(tmp_path: Path) -> None:
    for path in (tmp_path / "none.gguf", tmp_path):
        with pytest.raises(ModelUnusable, match="cannot load it"):
            LlamaModel(path)


def test_what_llama_cpp_says_goes_to_the_log_and_not_to_the_screen(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG, "assistant.llama_model"), pytest.raises(ModelUnusable):
        LlamaModel(tmp_path / "none.gguf")
    assert "llama.cpp: " in caplog.text
    assert capfd.readouterr() == ("", "")


@given(st.text(), st.lists(st.integers(0, 400), max_size=20))
def test_characters_come_whole_however_their_bytes_are_cut(text: str, cuts: list[int]) -> None:
    data = text.encode("utf-8", errors="replace")
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    decoder = PieceDecoder()
    pieces = [decoder.text(data[start:end]) for start, end in pairwise(places)]
    assert "".join(pieces) == data.decode()
    assert all("\ufffd" not in piece or "\ufffd" in text for piece in pieces)


def test_bytes_that_are_no_character_do_not_stop_the_text() -> None:
    decoder = PieceDecoder()
    assert (
        "".join(decoder.text(piece) for piece in (b"a", b"\xff", b"b", b"\xe4\xbd", b"c"))
        == "a\ufffdb\ufffdc"
    )


@pytest.fixture(scope="module")
def file(small_writer: LlamaWriter) -> Path:
    return small_writer._file


@pytest.fixture(scope="module")
def model(file: Path) -> Iterator[LlamaModel]:
    made = LlamaModel(file, context_tokens=1024, threads=1)  # on a busy machine the fastest
    yield made
    made.close()


def logits(model: LlamaModel, tokens: list[int]) -> np.ndarray:
    """A copy, since the context writes the next ones over them."""
    return model.read(tokens, stopped=never).copy()


def test_text_comes_back_from_its_tokens(model: LlamaModel) -> None:
    for text in ODD_TEXTS:
        tokens = model.tokens(text, trusted=False)
        assert b"".join(map(model.piece, tokens)) == text.encode(errors="replace")


def test_every_token_has_its_bytes(model: LlamaModel) -> None:
    lengths = [len(model.piece(token)) for token in model.tokens("\n" * 300 + " " * 300, trusted=False)]
    assert sum(lengths) == 600


def test_control_tokens_are_made_of_trusted_text_only(model: LlamaModel) -> None:
    text = "<|im_start|>user<|im_end|><|endoftext|>"
    vocabulary = model._vocab
    controls = [
        token
        for token in model.tokens(text, trusted=True)
        if model._api.llama_vocab_is_control(vocabulary, token)
    ]
    assert len(controls) == 3
    written = model.tokens(text, trusted=False)
    assert not any(model._api.llama_vocab_is_control(vocabulary, token) for token in written)
    assert b"".join(map(model.piece, written)) == text.encode()


def test_control_tokens_stand_for_no_text(model: LlamaModel) -> None:
    (token,) = model.tokens("<|im_end|>", trusted=True)
    assert model.piece(token) == b""
    assert model.ends(token)
    assert not model.ends(model.tokens("word", trusted=False)[0])


def test_the_file_tells_its_template_and_nothing_it_does_not_have(model: LlamaModel) -> None:
    template = model.metadata("tokenizer.chat_template")
    assert template is not None
    assert template.rstrip().endswith("%}")
    assert model.metadata("no.such.key") is None


def test_reading_the_same_again_gives_the_same(model: LlamaModel) -> None:
    tokens = model.tokens("The capital of France is", trusted=False)
    assert np.array_equal(logits(model, tokens), logits(model, tokens))


def test_the_next_word_is_a_likely_one(model: LlamaModel) -> None:
    best = int(np.argmax(logits(model, model.tokens("The capital of France is", trusted=False))))
    assert model.piece(best) == b" Paris"


PROMPT = "The capital of France is Paris. " * 12 + "The capital of Italy is"


@pytest.mark.parametrize(
    "before",
    [
        PROMPT,
        PROMPT + " Rome. " * 20,
        PROMPT[:-5],
        PROMPT[:200],
        "X",
    ],
)
def test_what_was_read_before_changes_nothing(model: LlamaModel, file: Path, before: str) -> None:
    tokens = model.tokens(PROMPT, trusted=False)
    logits(model, model.tokens("Unlike it. " * 20, trusted=False))
    fresh = logits(model, tokens)
    logits(model, model.tokens(before, trusted=False))
    assert np.array_equal(logits(model, tokens), fresh)


def test_words_that_were_written_behind_a_prompt_do_not_change_its_next_reading(model: LlamaModel) -> None:
    tokens = model.tokens(PROMPT, trusted=False)
    fresh = logits(model, tokens)
    for token in model.tokens(" Rome. And so on", trusted=False):
        model.read_on(token, stopped=never)
    assert np.array_equal(logits(model, tokens), fresh)


def test_reading_on_is_reading_one_token_more(model: LlamaModel) -> None:
    tokens = model.tokens("The capital of France is", trusted=False)
    logits(model, tokens[:-1])
    best = int(np.argmax(model.read_on(tokens[-1], stopped=never)))
    assert model.piece(best) == b" Paris"


def test_a_text_longer_than_one_batch_is_read_as_a_whole(model: LlamaModel) -> None:
    tokens = model.tokens("One word follows another. " * 150, trusted=False)[:530]
    whole = logits(model, tokens)
    model._forget_after(480)
    assert np.array_equal(logits(model, tokens), whole)


def test_a_full_context_is_read_and_one_token_more_refused(model: LlamaModel) -> None:
    tokens = model.tokens("a b c d " * 400, trusted=False)[: model.context_tokens + 1]
    assert len(tokens) == model.context_tokens + 1
    logits(model, tokens[:-1])
    with pytest.raises(ModelUnusable, match="the context of 1024 tokens is full"):
        model.read_on(tokens[-1], stopped=never)
    with pytest.raises(ModelUnusable, match="1025 tokens do not fit a context of 1024") as raised:
        logits(model, tokens)
    assert "\n" not in str(raised.value)
    logits(model, tokens[:5])


def test_nothing_cannot_be_read(model: LlamaModel) -> None:
    with pytest.raises(ModelUnusable):
        logits(model, [])


def test_after_a_stop_it_reads_on_as_if_nothing_had_been(model: LlamaModel) -> None:
    tokens = model.tokens(PROMPT, trusted=False)
    fresh = logits(model, tokens)
    logits(model, tokens[:10])
    for _ in range(3):
        with pytest.raises(StoppedReading):
            model.read(tokens, stopped=lambda: True)
    assert np.array_equal(logits(model, tokens), fresh)
    with pytest.raises(StoppedReading):
        model.read_on(tokens[0], stopped=lambda: True)
    assert np.array_equal(logits(model, tokens), fresh)


def test_after_a_refused_token_it_reads_on(model: LlamaModel) -> None:
    tokens = model.tokens("The capital of France is", trusted=False)
    expected = logits(model, tokens)
    with pytest.raises(ModelUnusable, match="could not read"):
        logits(model, [*tokens, 10**7])
    assert np.array_equal(logits(model, tokens), expected)


class NoRollback:
    """llama.cpp as it is for a hybrid model: what was read cannot be taken back in part."""

    def __init__(self, api: Any) -> None:
        self._api = api

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    def llama_memory_seq_rm(self, *_: Any) -> bool:
        return False


def test_a_memory_that_cannot_be_rolled_back_is_read_anew(
    model: LlamaModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = (PROMPT, "The capital of France is", PROMPT[:200], "The sun is")
    tokens = [model.tokens(text, trusted=False) for text in texts]
    expected = [logits(model, one) for one in tokens]
    monkeypatch.setattr(model, "_api", NoRollback(model._api))
    for one, before in zip(tokens, expected, strict=True):
        assert np.array_equal(logits(model, one), before)
        with pytest.raises(StoppedReading):
            model.read(tokens[0], stopped=lambda: True)
    assert np.array_equal(logits(model, tokens[0]), expected[0])


def test_a_truncated_model_is_refused_in_one_line(file: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.gguf"
    with file.open("rb") as whole:
        torn.write_bytes(whole.read(20_000_000))
    with pytest.raises(ModelUnusable, match="cannot load it; run: footnote models verify") as raised:
        LlamaModel(torn)
    assert "\n" not in str(raised.value)


def test_a_model_outlives_the_failure_and_the_end_of_others(
    model: LlamaModel, file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"GGUF")
    with pytest.raises(ModelUnusable):
        LlamaModel(tmp_path / "bad.gguf")
    other = LlamaModel(file, context_tokens=256)
    other.close()
    other.close()
    del other
    gc.collect()
    # The process has one log hook: whose was it?
    with caplog.at_level(logging.DEBUG, "assistant.llama_model"), pytest.raises(ModelUnusable):
        logits(model, [10**7])
    assert "invalid token" in caplog.text


def test_a_context_that_cannot_be_made_is_told_in_one_line(file: Path) -> None:
    with pytest.raises(ModelUnusable, match="no context of 0 tokens could be made") as raised:
        LlamaModel(file, context_tokens=0)
    assert "\n" not in str(raised.value)
