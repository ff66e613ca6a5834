"""With a real model: who stops is let go at once, who asks goes before who reads ahead, and nothing stays."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import perf_counter

import numpy as np
import pytest
from real_bench import AFTER, PASSAGES, PREFIX, QUESTIONS, SECONDS, RealBench, never, words

from assistant.engine.drafting import Opening, Step
from assistant.engine.scheduler import StoppedReading

# Seconds. Promised are 200 ms, which a calm machine gives; a busy one wakes threads late.
AT_ONCE = 1.0


def seconds_to_end(draft: Iterator[Step]) -> float:
    """How long the iterator still takes."""
    began = perf_counter()
    for _ in draft:
        pass
    return perf_counter() - began


def test_a_stop_in_the_middle_of_reading_ends_it_at_once(bench: RealBench) -> None:
    began, stopped = bench.memory.begun, threading.Event()
    placed = bench.engine.place(bench.tokens(PREFIX), [], spare=900, stopped=never)
    long = Opening(bench.tokens("Some other words here. " * 100), bench.tokens(AFTER))
    began.clear()
    ended: list[float] = []

    def ask() -> None:
        list(bench.engine.write(placed, long, most=5, stopped=stopped.is_set))
        ended.append(perf_counter())

    thread = threading.Thread(target=ask)
    thread.start()
    assert began.wait(SECONDS)
    at = perf_counter()
    stopped.set()
    thread.join(SECONDS)
    assert ended[0] - at < AT_ONCE
    # The batch is given up too: whoever asks next does not wait for it.
    assert bench.ask(QUESTIONS[0], most=1)
    assert [kind for kind, _ in bench.memory.batches].count("aborted") == 1
    bench.engine.release(placed)


def test_a_stop_in_the_middle_of_writing_ends_it_at_once(bench: RealBench) -> None:
    placed = bench.engine.place(
        bench.tokens(PREFIX), [bench.tokens(text) for text in PASSAGES], spare=200, stopped=never
    )
    stopped = threading.Event()
    draft = bench.engine.write(placed, bench.opening(QUESTIONS[0]), most=40, stopped=stopped.is_set)
    next(draft)
    stopped.set()
    assert seconds_to_end(draft) < AT_ONCE
    bench.engine.release(placed)


def test_a_stop_while_evidence_is_read_ends_it_at_once(bench: RealBench) -> None:
    began, stopped = bench.memory.begun, threading.Event()
    began.clear()
    passage = bench.tokens("Some other words here. " * 100)
    with ThreadPoolExecutor(1) as threads:
        placing = threads.submit(
            bench.engine.place, bench.tokens(PREFIX), [passage], spare=10, stopped=stopped.is_set
        )
        assert began.wait(SECONDS)
        at = perf_counter()
        stopped.set()
        with pytest.raises(StoppedReading):
            placing.result(SECONDS)
        assert perf_counter() - at < AT_ONCE


def test_warming_gives_way_to_a_question_and_goes_on_after_it(bench: RealBench) -> None:
    began, batches = bench.memory.begun, bench.memory.batches
    began.clear()
    passage = bench.tokens("Warm words are read while nobody asks. " * 55)
    with ThreadPoolExecutor(1) as threads:
        warming = threads.submit(bench.engine.prepare, bench.tokens(PREFIX), passage, stopped=never)
        assert began.wait(SECONDS)
        before = len(batches)
        asked = bench.ask(QUESTIONS[0], most=2)
        # Nothing of the passage was read before the question's first word but what was given up at once.
        assert not warming.done()
        assert max(count for kind, count in batches[before:] if kind == "read") < 64
        assert ("aborted", len(passage)) in batches[before:]
        assert len(words(asked)) == 2
        assert warming.result(SECONDS)
    assert not bench.engine.prepare(bench.tokens(PREFIX), passage, stopped=never)


def test_what_is_said_does_not_change_while_warming_waits(bench: RealBench) -> None:
    alone = bench.first_logits(QUESTIONS[0])
    began = bench.memory.begun
    began.clear()
    stopped = threading.Event()
    passage = bench.tokens("Other words are warmed while somebody asks. " * 55)
    with ThreadPoolExecutor(1) as threads:
        warming = threads.submit(bench.engine.prepare, bench.tokens(PREFIX), passage, stopped=stopped.is_set)
        assert began.wait(SECONDS)
        said = [bench.first_logits(QUESTIONS[0]) for _ in range(3)]
        stopped.set()
        with suppress(StoppedReading):
            warming.result(SECONDS)
    # In other cells, so not to the last bit.
    assert all(float(np.corrcoef(alone, one)[0, 1]) > 0.9995 for one in said)


def test_fifty_questions_some_of_them_stopped_leave_nothing_in_the_memory(bench: RealBench) -> None:
    def ask(number: int) -> None:
        calls = iter(range(number % 9))
        stopped = never if number % 3 else lambda: next(calls, None) is None
        with suppress(StoppedReading):
            bench.ask(QUESTIONS[number % 4], most=number % 3, stopped=stopped)

    before = bench.left()
    assert before == (bench.memory.sequences - 1, [len(bench.tokens(PREFIX)) - 1])
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(ask, range(50)))
    assert bench.left() == before
    bench.engine._room.take(bench.memory.cells, lambda: pytest.fail("some room is gone"))
    bench.engine._room.give_back(bench.memory.cells)
