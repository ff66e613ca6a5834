"""Who is read when: writers first, then whoever came first, in portions; and every job comes to an end."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import pytest
from toy_memory import ToyMemory, toy_logits

from assistant.engine.scheduler import Job, Scheduler, StoppedReading, Work
from assistant.engine.sequence_memory import Logits, Run
from assistant.errors import ModelUnusable

SECONDS = 20.0  # nothing here takes long; a test that waits for so long has failed
LONG = tuple(range(1, 38)) * 6  # 222 tokens


@pytest.fixture
def memory() -> ToyMemory:
    return ToyMemory(cells=2048, batch=100)


@pytest.fixture
def scheduler(memory: ToyMemory) -> Iterator[Scheduler]:
    made = Scheduler(memory)
    yield made
    made.close()


def reading(memory: ToyMemory, tokens: Sequence[int]) -> Work[Logits]:
    """Reads tokens in a sequence of its own."""
    with memory.sequence() as sequence:
        [[logits]] = yield [Run((sequence,), 0, tokens, "last")]
        return logits


def writing(memory: ToyMemory, token: int, count: int) -> Work[int]:
    """Reads one token at a time; gives how many."""
    with memory.sequence() as sequence:
        for place in range(count):
            yield [Run((sequence,), place, [token])]
    return count


def cells_used(memory: ToyMemory) -> Work[int]:
    """Tells, as a step of its own, how many cells are taken."""
    return memory.used
    yield


@contextmanager
def busy(scheduler: Scheduler) -> Iterator[None]:
    """What is handed in within the block is begun at the same time."""
    entered, left = threading.Event(), threading.Event()

    def halt() -> Work[None]:
        entered.set()
        left.wait(SECONDS)
        return
        yield

    scheduler.submit(halt())
    assert entered.wait(SECONDS)
    yield
    left.set()


def result(job: Job[Logits]) -> list[float]:
    return list(job.future.result(SECONDS).tolist())


def assert_stopped(job: Job[Any]) -> None:
    with pytest.raises(StoppedReading):
        job.future.result(SECONDS)


def all_free(memory: ToyMemory) -> bool:
    return memory.used == 0 and memory.free == memory.sequences


def counts(memory: ToyMemory) -> list[list[int]]:
    """For each batch how many tokens of each run it has read."""
    return [[len(run.tokens) for run in batch] for batch in memory.batches]


def test_who_is_alone_reads_whole_batches(memory: ToyMemory, scheduler: Scheduler) -> None:
    assert result(scheduler.submit(reading(memory, LONG))) == toy_logits(LONG).tolist()
    assert counts(memory) == [[100], [100], [22]]
    assert all_free(memory)


def test_one_thread_alone_uses_the_memory(memory: ToyMemory, scheduler: Scheduler) -> None:
    with ThreadPoolExecutor(4) as threads:
        jobs = list(threads.map(lambda _: scheduler.submit(reading(memory, LONG)), range(8)))
    wait([job.future for job in jobs], SECONDS)
    assert memory.threads == {scheduler._thread.ident}


def test_whoever_writes_goes_before_whoever_reads(memory: ToyMemory, scheduler: Scheduler) -> None:
    with memory.held() as begun:
        first = scheduler.submit(reading(memory, LONG))
        assert begun.wait(SECONDS)
        second = scheduler.submit(writing(memory, 7, 4))
    assert result(first) == toy_logits(LONG).tolist()
    assert second.future.result(SECONDS) == 4
    # The batch under way; then each word, with a portion of what is read behind it; then whole batches.
    assert counts(memory) == [[100], [1, 64], [1, 58], [1], [1]]


def test_where_several_read_who_came_first_reads_first_a_portion_at_a_time(
    memory: ToyMemory, scheduler: Scheduler
) -> None:
    lengths = (80, 90, 70)
    with busy(scheduler):
        jobs = [scheduler.submit(reading(memory, LONG[:length])) for length in lengths]
    assert [result(job) for job in jobs] == [toy_logits(LONG[:length]).tolist() for length in lengths]
    assert counts(memory) == [[64], [16, 48], [42, 22], [48]]


def test_who_has_no_word_yet_reads_before_those_whose_words_are_checked_and_the_shortest_first(
    memory: ToyMemory, scheduler: Scheduler
) -> None:
    with busy(scheduler):
        check = scheduler.submit(reading(memory, LONG[:80]))
        questions = [scheduler.submit(reading(memory, LONG[:length]), urgent=True) for length in (90, 70)]
    assert result(check) == toy_logits(LONG[:80]).tolist()
    assert [result(one) for one in questions] == [toy_logits(LONG[:length]).tolist() for length in (90, 70)]
    assert counts(memory) == [[64], [6, 64], [26, 38], [42]]


def test_all_who_write_are_in_the_same_batch(memory: ToyMemory, scheduler: Scheduler) -> None:
    with busy(scheduler):
        jobs = [scheduler.submit(writing(memory, token, 3)) for token in range(2, 12)]
    wait([job.future for job in jobs], SECONDS)
    assert counts(memory) == [[1] * 10] * 3


def test_logits_of_every_token_come_in_order_however_the_run_is_cut(
    memory: ToyMemory, scheduler: Scheduler
) -> None:
    def every() -> Work[list[Logits]]:
        with memory.sequence() as one, memory.sequence() as other:
            rows = yield [Run((one,), 0, LONG, "every"), Run((other,), 0, LONG[:50], "last")]
            assert len(rows[1]) == 1
            return rows[0]

    rows = scheduler.submit(every()).future.result(SECONDS)
    assert [row.tolist() for row in rows] == [
        toy_logits(LONG[: place + 1]).tolist() for place in range(len(LONG))
    ]


def test_what_is_read_in_the_background_gives_way_and_goes_on_where_it_was(
    memory: ToyMemory, scheduler: Scheduler
) -> None:
    with memory.held(after=1) as begun:
        background = scheduler.submit(reading(memory, LONG), background=True)
        assert begun.wait(SECONDS)
        # The cells of the batch that was broken off are free again.
        assert scheduler.submit(cells_used(memory)).future.result(SECONDS) == 100
        assert not background.future.done()
    assert result(background) == toy_logits(LONG).tolist()
    assert memory.aborted == 1
    assert counts(memory) == [[100], [100], [22]]


def test_the_background_waits_until_nobody_asks(memory: ToyMemory, scheduler: Scheduler) -> None:
    with busy(scheduler):
        background = [scheduler.submit(reading(memory, LONG[:20]), background=True) for _ in range(2)]
        question = scheduler.submit(writing(memory, 7, 5))
    wait([job.future for job in background], SECONDS)
    assert question.future.result(0) == 5
    assert counts(memory) == [[1]] * 5 + [[20], [20]]


def test_a_cancelled_job_ends_within_its_batch_and_frees_what_it_took(
    memory: ToyMemory, scheduler: Scheduler
) -> None:
    with memory.held() as begun:
        job = scheduler.submit(reading(memory, LONG))
        assert begun.wait(SECONDS)
        job.cancel()
        assert_stopped(job)
    assert result(scheduler.submit(reading(memory, LONG[:5]))) == toy_logits(LONG[:5]).tolist()
    assert memory.aborted == 1
    assert all_free(memory)


def test_a_cancelled_job_does_not_end_the_batch_of_others(memory: ToyMemory, scheduler: Scheduler) -> None:
    with memory.held() as begun:
        with busy(scheduler):
            cancelled, kept = (scheduler.submit(writing(memory, token, 9)) for token in (2, 3))
        assert begun.wait(SECONDS)
        cancelled.cancel()
        memory.asked.clear()
        assert memory.asked.wait(SECONDS)
    assert kept.future.result(SECONDS) == 9
    assert_stopped(cancelled)
    assert memory.aborted == 0
    assert counts(memory) == [[1, 1]] + [[1]] * 8
    assert all_free(memory)


def test_a_job_cancelled_before_its_turn_never_begins(memory: ToyMemory, scheduler: Scheduler) -> None:
    with busy(scheduler):
        job = scheduler.submit(reading(memory, LONG))
        job.cancel()
    assert_stopped(job)
    assert counts(memory) == []


def test_the_cells_of_a_cancelled_job_are_free_before_the_next_one_begins(
    memory: ToyMemory, scheduler: Scheduler
) -> None:
    with memory.held() as begun:
        cancelled = scheduler.submit(reading(memory, LONG))
        assert begun.wait(SECONDS)
        after = scheduler.submit(cells_used(memory))
        cancelled.cancel()
    assert after.future.result(SECONDS) == 0


@pytest.mark.parametrize("error", [ModelUnusable("no cells"), MemoryError("no memory"), KeyError(3)])
def test_an_error_ends_the_jobs_of_its_batch_alone(
    memory: ToyMemory, scheduler: Scheduler, error: Exception
) -> None:
    def fail(runs: Sequence[Run]) -> None:
        if any(13 in run.tokens for run in runs):
            raise error

    memory.fail = fail
    with busy(scheduler):
        in_it = [scheduler.submit(writing(memory, token, 3)) for token in (2, 13)]
        apart = scheduler.submit(reading(memory, [5] * 70), background=True)
    for job in in_it:
        with pytest.raises(type(error), match=str(error)):
            job.future.result(SECONDS)
    assert result(apart) == toy_logits([5] * 70).tolist()
    assert all_free(memory)


def test_a_job_that_fails_by_itself_ends_alone_and_is_logged(
    memory: ToyMemory, scheduler: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    def failing() -> Work[None]:
        with memory.sequence() as sequence:
            yield [Run((sequence,), 0, [1, 2])]
            raise ZeroDivisionError("nothing left")

    with busy(scheduler):
        bad = scheduler.submit(failing())
        good = scheduler.submit(writing(memory, 3, 4))
    with pytest.raises(ZeroDivisionError):
        bad.future.result(SECONDS)
    assert good.future.result(SECONDS) == 4
    assert "nothing left" in caplog.text
    assert all_free(memory)


def test_a_job_that_fails_at_its_end_does_not_stop_the_thread(
    memory: ToyMemory, scheduler: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    def stubborn() -> Work[None]:
        try:
            yield [Run((memory.take(),), 0, LONG)]
        finally:
            raise ZeroDivisionError("not like this")

    with memory.held() as begun:
        job = scheduler.submit(stubborn())
        assert begun.wait(SECONDS)
        job.cancel()
        assert_stopped(job)
    assert "not like this" in caplog.text
    assert scheduler.submit(writing(memory, 3, 2)).future.result(SECONDS) == 2


def test_closing_ends_every_job_at_once_and_takes_no_more(memory: ToyMemory) -> None:
    scheduler = Scheduler(memory)
    with memory.held() as begun:
        jobs = [scheduler.submit(reading(memory, LONG)) for _ in range(5)]
        assert begun.wait(SECONDS)
        jobs += [scheduler.submit(reading(memory, LONG), background=later) for later in (False, True, True)]
        scheduler.close()
    for job in jobs:
        with pytest.raises(StoppedReading):
            job.future.result(0)
    assert all_free(memory)
    with pytest.raises(ModelUnusable, match="closed; ask again when it is open"):
        scheduler.submit(reading(memory, LONG))
    scheduler.close()


def test_jobs_from_many_threads_all_end_with_what_they_would_alone(
    memory: ToyMemory, scheduler: Scheduler
) -> None:
    def ask(number: int) -> bool:
        tokens = [1 + (number * 7 + place) % 39 for place in range(1 + number * 11 % 120)]
        job = scheduler.submit(reading(memory, tokens), background=number % 5 == 0)
        if number % 3 == 0:
            job.cancel()
        try:
            return bool(result(job) == toy_logits(tokens).tolist())
        except StoppedReading:
            return number % 3 == 0

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(120)))
    assert all_free(memory)
