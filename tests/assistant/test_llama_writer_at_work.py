"""The writer in this process beside others: stopped at once, closed, prepared, with models of every kind."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
from real_writing import ASKED, CLOSE, SOURCES, TINY, margins, never, pieces, read_for, same, words
from tiny_library import article, hits

from assistant.engine.gguf_model import GgufModel
from assistant.engine.state_files import StateFiles
from assistant.errors import ModelUnusable
from assistant.finding.quote import quotes_of
from assistant.llama_writer import LlamaWriter
from assistant.prompts import ORDERS, judged_text
from assistant.proof.judging import SentenceJudge
from assistant.writer import Sources, Task, Written

# Seconds. Promised are 200 ms, which a calm machine gives; a busy one wakes threads late.
AT_ONCE = 1.0


def test_a_missing_model_is_told_at_each_use_and_never_waited_for(tmp_path: Path) -> None:
    writer = LlamaWriter(TINY, tmp_path / "none.gguf")
    uses: tuple[Callable[[], object], ...] = (
        writer.warm_up,
        lambda: pieces(writer),
        lambda: margins(writer, "", "Is it?"),
        lambda: writer.count_tokens("words"),
        lambda: writer.prepare(ORDERS, "words", stopped=never),
    )
    for use in uses * 2:
        with pytest.raises(ModelUnusable):
            use()


def test_naming_and_closing_a_writer_loads_nothing(tmp_path: Path) -> None:
    writer = LlamaWriter(TINY, tmp_path / "none.gguf")
    assert writer.name == TINY
    writer.close()
    writer.close()


@pytest.fixture(scope="module")
def writer(small_writer: LlamaWriter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaWriter]:
    """One of our own that keeps states, with one thread, which is fastest on a busy machine."""
    states = StateFiles(tmp_path_factory.mktemp("states"), budget=10**9)
    made = LlamaWriter(small_writer.name, small_writer._file, context_tokens=1024, threads=1, states=states)
    yield made
    made.close()


@pytest.fixture(scope="module")
def first_draft(writer: LlamaWriter) -> list[Written]:
    return pieces(writer)


def test_after_an_error_the_next_question_is_answered(
    writer: LlamaWriter, first_draft: list[Written]
) -> None:
    with pytest.raises(ModelUnusable):
        pieces(writer, Task("word " * 5_000, ""))
    assert same(pieces(writer), first_draft)


def test_a_stop_before_anything_writes_nothing(writer: LlamaWriter) -> None:
    with writer.read(SOURCES, stopped=lambda: True) as reading:
        assert list(reading.write(ASKED, max_tokens=9, stopped=lambda: True)) == []
        assert reading.yes_margins("", ["Is it?"], stopped=lambda: True) is None
    assert not writer.prepare(ORDERS, "Words that nobody has read before.", stopped=lambda: True)


LONG = "Some other words here. " * 150


@pytest.mark.parametrize("kind", ["draft", "judgement", "preparation"])
def test_a_stop_in_a_long_reading_ends_it_at_once_and_for_the_next_one_too(
    writer: LlamaWriter, first_draft: list[Written], kind: str
) -> None:
    stopped, begun = threading.Event(), threading.Event()
    shown = Sources(ORDERS, (f"{kind} {LONG}",))

    def is_stopped() -> bool:
        begun.set()
        return stopped.is_set()

    def use() -> tuple[object, float]:
        with writer.read(shown, stopped=is_stopped) as reading:
            if kind == "draft":
                said: object = list(reading.write(ASKED, max_tokens=5, stopped=is_stopped))
            elif kind == "judgement":
                said = reading.yes_margins("", ["Is it?"], stopped=is_stopped)
            else:
                said = writer.prepare(ORDERS, shown.texts[0], stopped=is_stopped)
        return said, perf_counter()

    with ThreadPoolExecutor(1) as threads:
        using = threads.submit(use)
        assert begun.wait(60)
        at = perf_counter()
        stopped.set()
        said, ended = using.result(60)
    assert said == {"draft": [], "judgement": None, "preparation": False}[kind]
    assert ended - at < AT_ONCE
    assert same(pieces(writer), first_draft)


def test_a_stop_ends_a_draft_after_the_word_in_hand(writer: LlamaWriter, first_draft: list[Written]) -> None:
    made: list[Written] = []
    with writer.read(SOURCES, stopped=never) as reading:
        for piece in reading.write(ASKED, max_tokens=16, stopped=lambda: len(made) >= 2):
            made.extend([piece])
    assert same(made, first_draft[: len(made)])
    assert len(made) in (2, 3)
    assert not made[-1].finished
    assert same(pieces(writer), first_draft)


def test_a_draft_closed_halfway_lets_others_go_on(writer: LlamaWriter, first_draft: list[Written]) -> None:
    with writer.read(SOURCES, stopped=never) as reading:
        half = reading.write(ASKED, max_tokens=16, stopped=never)
        next(half)
        half.close()  # type: ignore[attr-defined]
        dropped = reading.write(ASKED, max_tokens=16, stopped=never)
        next(dropped)
        del dropped
    assert same(pieces(writer), first_draft)


def test_a_second_question_is_answered_beside_the_first(
    writer: LlamaWriter, first_draft: list[Written]
) -> None:
    """Each has the first words before the other has the last."""
    with writer.read(SOURCES, stopped=never) as one, writer.read(SOURCES, stopped=never) as other:
        drafts = [reading.write(ASKED, max_tokens=16, stopped=never) for reading in (one, other)]
        begun = [next(draft) for draft in drafts]
        made = [[first, *draft] for first, draft in zip(begun, drafts, strict=True)]
    assert all(same(said, first_draft) for said in made)


def test_tokens_can_be_counted_while_a_draft_is_written(writer: LlamaWriter) -> None:
    with writer.read(SOURCES, stopped=never) as reading:
        draft = reading.write(ASKED, max_tokens=4, stopped=never)
        next(draft)
        assert writer.count_tokens("one two three") == 3


def test_what_was_prepared_is_not_read_again(small_writer: LlamaWriter, tmp_path: Path) -> None:
    def make() -> LlamaWriter:
        states = StateFiles(tmp_path, budget=10**9)
        return LlamaWriter(TINY, small_writer._file, context_tokens=1024, threads=1, states=states)

    writer = make()
    assert [writer.prepare(ORDERS, text, stopped=never) for text in SOURCES.texts] == [True, True]
    assert not writer.prepare(ORDERS, SOURCES.texts[0], stopped=never)
    writer.close()
    again = make()
    assert not any(again.prepare(ORDERS, text, stopped=never) for text in SOURCES.texts)
    seen = read_for(again, SOURCES, ASKED)
    assert SOURCES.texts[0].encode() not in b"".join(map(again._loaded().model.piece, seen))
    # What the orders were is a part of what was read.
    assert again.prepare("Other orders.", SOURCES.texts[0], stopped=never)
    again.close()


def test_a_sentence_read_ahead_is_what_claims_are_judged_behind_and_judges_alike(
    small_writer: LlamaWriter, tmp_path: Path
) -> None:
    told = article("gemma.md", "The licence of Gemma 4 is Apache 2.0. It runs on one card.")
    quotes = quotes_of(hits(told)[0].passage)[:1]
    claim = "Gemma 4 comes under the Apache 2.0 licence."
    states = StateFiles(tmp_path, budget=10**9)
    writer = LlamaWriter(TINY, small_writer._file, context_tokens=1024, threads=1, states=states)
    first = SentenceJudge(writer, never).stating(quotes, claim)
    # The judgement has kept what reading ahead would keep.
    assert not writer.prepare(ORDERS, judged_text(quotes[0].text), stopped=never)
    assert SentenceJudge(writer, never).stating(quotes, claim) == first
    writer.close()


def test_without_a_place_to_keep_it_each_question_reads_anew(small_writer: LlamaWriter) -> None:
    plain = LlamaWriter(TINY, small_writer._file, context_tokens=1024, threads=1, placing="plain")
    assert not plain.prepare(ORDERS, SOURCES.texts[0], stopped=never)
    assert "119" in words(pieces(plain))
    plain.close()


def test_closely_read_the_last_source_is_read_as_a_plain_reader_would(small_writer: LlamaWriter) -> None:
    plain = LlamaWriter(TINY, small_writer._file, context_tokens=1024, threads=1, placing="plain")
    closely = replace(SOURCES, closely=True)
    asked = ("Does Qwen3 speak 119 languages? Yes or No.", "Is Gemma 4 by Alibaba? Yes or No.")
    expected = margins(plain, "", *asked)
    plain.close()
    assert margins(small_writer, "", *asked, shown=closely) == pytest.approx(expected, abs=CLOSE)
    # Both are kept by now, and the second one is read all the same.
    assert SOURCES.texts[1].encode() in b"".join(
        map(small_writer._loaded().model.piece, read_for(small_writer, closely, ASKED))
    )


def test_a_closed_writer_loads_again_when_it_is_asked(small_writer: LlamaWriter) -> None:
    writer = LlamaWriter(TINY, small_writer._file, context_tokens=1024, threads=1)
    assert writer.count_tokens("one two") == 2
    writer.close()
    assert writer.count_tokens("one two") == 2
    writer.close()


def test_closing_under_a_draft_ends_it_and_lets_its_sources_go(small_writer: LlamaWriter) -> None:
    writer = LlamaWriter(TINY, small_writer._file, context_tokens=1024, threads=1)
    with writer.read(SOURCES, stopped=never) as reading:
        draft = reading.write(ASKED, max_tokens=100, stopped=never)
        next(draft)
        writer.close()
        # Words that were written already may still come, or be refused; nothing waits and nothing crashes.
        with suppress(ModelUnusable):
            assert not any(piece.finished for piece in draft)
        with pytest.raises(ModelUnusable, match="closed"):
            list(reading.write(ASKED, max_tokens=9, stopped=never))


@pytest.mark.parametrize("recurrent", [True, False])
def test_a_model_that_cannot_be_rolled_back_reads_plainly_and_does_not_guess(
    small_writer: LlamaWriter, monkeypatch: pytest.MonkeyPatch, recurrent: bool
) -> None:
    monkeypatch.setattr(GgufModel, "can_roll_back", property(lambda _: not recurrent))
    writer = LlamaWriter(TINY, small_writer._file, context_tokens=1024, threads=1)
    assert writer.prepare(ORDERS, SOURCES.texts[0], stopped=never) == (not recurrent)
    assert writer._loaded().engine._drafter._guessing == (not recurrent)
    writer.close()


def test_a_template_that_fails_leaves_no_weights_behind(
    small_writer: LlamaWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[GgufModel] = []
    close = GgufModel.close

    def watch(model: GgufModel) -> None:
        closed.append(model)
        close(model)

    monkeypatch.setattr(GgufModel, "close", watch)
    monkeypatch.setattr(GgufModel, "metadata", lambda _, key: "{{ raise_exception('no') }}")
    with pytest.raises(ModelUnusable, match="chat template fails"):
        LlamaWriter(TINY, small_writer._file, context_tokens=1024, threads=1).warm_up()
    assert len(closed) == 1


def test_a_base_model_gets_plain_text(small_writer: LlamaWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GgufModel, "metadata", lambda _, key: None)
    writer = LlamaWriter(TINY, small_writer._file, context_tokens=1024, threads=1)
    seen = read_for(writer, Sources("Orders.", ("One.",)), Task("Question?", "Order."))
    text = b"".join(map(writer._loaded().model.piece, seen))
    assert text.startswith(b"Orders.\n\nSources:\n\nOne.\n\nQuestion?\n\nOrder.\n\nAnswer:")
    writer.close()
