"""Several askers share one memory: each gets what he would get alone, stops at once, and leaves nothing."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from time import monotonic, sleep

import pytest
from toy_bench import ONE, OTHER, PREFIX, SECONDS, ToyBench, greedy, never, words

from assistant.engine.drafting import Opening
from assistant.engine.placing import Placed
from assistant.engine.room import NoRoomBeside
from assistant.engine.scheduler import StoppedReading
from assistant.engine.sequence_memory import Run
from assistant.errors import ModelUnusable


def wait_until(is_so: Callable[[], bool]) -> None:
    ends = monotonic() + SECONDS
    while not is_so():
        assert monotonic() < ends
        sleep(0.001)


@pytest.fixture
def bench() -> Iterator[ToyBench]:
    made = ToyBench()
    yield made
    made.engine.close()


@pytest.mark.parametrize("can_shift", [True, False])
def test_askers_at_once_get_what_each_would_get_alone(can_shift: bool) -> None:
    bench = ToyBench(can_shift=can_shift)

    def ask(number: int) -> bool:
        question, passages = [1 + number % 39, 7, 8], ((ONE, OTHER), (OTHER, ONE), (ONE,))[number % 3]
        read = [*PREFIX, *(token for passage in passages for token in passage), *question]
        return bench.ask(question, *passages) == greedy(read)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(80)))
    bench.assert_clean()
    bench.engine.close()


@pytest.mark.parametrize("sequences", [4, 8])
def test_with_few_sequences_askers_wait_instead_of_failing(sequences: int) -> None:
    bench = ToyBench(can_shift=False, sequences=sequences)
    with ThreadPoolExecutor(8) as threads:
        drafts = list(threads.map(lambda _: bench.ask([7, 8], [1, 2]), range(24)))
    assert drafts == [greedy([*PREFIX, 1, 2, 7, 8])] * 24
    bench.assert_clean()
    bench.engine.close()


def test_too_much_evidence_is_refused_at_once(bench: ToyBench) -> None:
    with pytest.raises(ModelUnusable, match="1025 tokens do not fit a memory of 1024"):
        bench.place([1] * 1000, spare=21)
    bench.place([1] * 1000, spare=20)


def test_who_finds_no_room_waits_until_another_lets_go(bench: ToyBench) -> None:
    first = bench.place([1] * 600)
    second: Future[Placed] = Future()
    thread = threading.Thread(target=lambda: second.set_result(bench.place([2] * 600)))
    thread.start()
    with suppress(TimeoutError):
        pytest.fail(f"room for both: {second.result(0.1)}")
    bench.engine.release(first)
    bench.engine.release(second.result(SECONDS))
    thread.join()
    bench.assert_clean()


def test_those_who_read_a_little_beside_their_evidence_never_wait_for_each_other(bench: ToyBench) -> None:
    askers = 8
    in_place = threading.Barrier(2)

    def ask(number: int) -> bool:
        placed = bench.place([number + 1] * 250)
        with suppress(threading.BrokenBarrierError):
            in_place.wait(0.2)  # several have theirs in place before anybody reads on
        beside = bench.place([2, 3, 4] * 20, beside=True)
        same = beside.read == [*PREFIX, *[2, 3, 4] * 20]
        bench.engine.release(beside)
        bench.engine.release(placed)
        return same

    with ThreadPoolExecutor(askers) as threads:
        told = [threads.submit(ask, number) for number in range(askers)]
        assert all(one.result(SECONDS) for one in told)
    bench.assert_clean()


def test_more_than_is_kept_for_what_is_read_beside_is_refused_at_once(bench: ToyBench) -> None:
    placed = bench.place([1] * 100)
    with pytest.raises(NoRoomBeside, match="264 cells of 256"):
        bench.place([2] * 200, beside=True)
    bench.engine.release(placed)
    bench.assert_clean()


def test_a_stop_while_waiting_for_room_ends_the_wait(bench: ToyBench) -> None:
    first, stopped = bench.place([1] * 600), threading.Event()
    with ThreadPoolExecutor(1) as threads:
        second = threads.submit(bench.place, [2] * 600, stopped=stopped)
        stopped.set()
        with pytest.raises(StoppedReading):
            second.result(SECONDS)
    bench.engine.release(first)
    bench.assert_clean()


@pytest.mark.parametrize("deaf", [False, True])
@pytest.mark.parametrize("batch", [0, 1, 2, 3])
def test_evidence_in_place_too_late_is_taken_away_again(bench: ToyBench, deaf: bool, batch: int) -> None:
    """The stop may come when the last batch cannot be given up any more."""
    bench.place([9])  # only so that the prefix has been read, and no more than evidence is under way
    stopped = threading.Event()
    with bench.memory.held(after=batch, deaf=deaf) as begun, ThreadPoolExecutor(1) as threads:
        placing = threads.submit(bench.place, ONE, OTHER, [17] * 90, stopped=stopped)
        assert begun.wait(SECONDS)
        stopped.set()
        with pytest.raises(StoppedReading):
            placing.result(SECONDS)
    bench.settle()
    assert bench.memory.used == len(PREFIX) + 1
    assert bench.memory.free == bench.memory.sequences - 2
    all_but_the_first = bench.memory.cells - bench.engine._least
    bench.engine._room.take(all_but_the_first, lambda: pytest.fail("some room is gone"), brief=True)


def test_a_stopped_draft_ends_although_its_batch_goes_on(bench: ToyBench) -> None:
    placed, stopped = bench.place(ONE), threading.Event()
    with bench.memory.held(after=3, deaf=True) as begun:
        draft = bench.engine.write(placed, Opening([], [7, 8]), most=20, stopped=stopped.is_set)
        written = words([next(draft)])
        assert begun.wait(SECONDS)
        stopped.set()
        written += words(list(draft))
    assert written == greedy([*PREFIX, *ONE, 7, 8])[: len(written)]
    assert len(written) < 20
    bench.engine.release(placed)
    bench.assert_clean()


def test_a_question_that_waits_for_its_first_word_goes_before_checks(bench: ToyBench) -> None:
    first, second = bench.place(ONE), bench.place(OTHER)
    checked, asked = [21] * 200, [22] * 200

    def check() -> None:
        bench.engine.judge(first, [8], [checked], room=300, stopped=never)

    def ask() -> None:
        steps = bench.engine.write(second, Opening([], asked), most=1, stopped=never, urgent=True)
        next(iter(steps))

    with ThreadPoolExecutor(3) as threads:
        with bench.memory.held() as begun:
            under_way = threads.submit(bench.place, [5] * 50)
            assert begun.wait(SECONDS)
            checking = threads.submit(check)
            wait_until(lambda: len(bench.engine._scheduler._arrived) == 1)
            asking = threads.submit(ask)
            wait_until(lambda: len(bench.engine._scheduler._arrived) == 2)
        bench.engine.release(under_way.result(SECONDS))
        checking.result(SECONDS)
        asking.result(SECONDS)
    # What was read when, and not whose thread woke first.
    read = [token for batch in bench.memory.batches for run in batch for token in run.tokens]
    assert [token for token in read if token in (21, 22)] == [*asked, *checked]
    bench.engine.release(first)
    bench.engine.release(second)
    bench.assert_clean()


def test_a_draft_that_nobody_reads_on_frees_what_it_took(bench: ToyBench) -> None:
    placed = bench.place(ONE)
    with bench.memory.held(after=3) as begun:
        draft = bench.engine.write(placed, Opening([], [7, 8]), most=20, stopped=never)
        next(draft)
        assert begun.wait(SECONDS)
        written = len(bench.memory.batches)
        del draft
    bench.engine.release(placed)
    bench.assert_clean()
    assert len(bench.memory.batches) <= written + 1  # the one that was under way


def test_a_draft_goes_on_when_its_evidence_is_let_go(bench: ToyBench) -> None:
    placed = bench.place(ONE)
    draft = bench.engine.write(placed, Opening([], [7, 8]), most=20, stopped=never)
    begun_with = [next(draft)]
    bench.engine.release(placed)
    assert words([*begun_with, *draft]) == greedy([*PREFIX, *ONE, 7, 8])
    bench.assert_clean()


def test_a_judgement_that_is_stopped_says_so(bench: ToyBench) -> None:
    placed = bench.place(ONE)
    with pytest.raises(StoppedReading):
        bench.engine.judge(placed, [8], [[7]], room=30, stopped=lambda: True)
    assert bench.engine.judge(placed, [8], [], room=0, stopped=lambda: True) == []
    bench.engine.release(placed)
    bench.assert_clean()


def test_an_error_reaches_its_asker_and_nobody_else(bench: ToyBench) -> None:
    def fail(runs: Sequence[Run]) -> None:
        if any(39 in run.tokens for run in runs):
            raise ModelUnusable("llama.cpp could not read")

    bench.memory.fail = fail
    placed = bench.place(ONE)
    with pytest.raises(ModelUnusable, match="could not read"):
        list(bench.engine.write(placed, Opening([], [39]), most=20, stopped=never))
    with pytest.raises(ModelUnusable, match="could not read"):
        bench.place([39, 39])
    bench.engine.release(placed)
    bench.memory.fail = lambda _: None
    assert bench.ask([7, 8], ONE) == greedy([*PREFIX, *ONE, 7, 8])
    bench.assert_clean()


def test_a_passage_is_prepared_once(bench: ToyBench) -> None:
    assert bench.engine.prepare(PREFIX, ONE, stopped=never)
    assert not bench.engine.prepare(PREFIX, ONE, stopped=never)
    bench.memory.batches.clear()
    bench.engine.release(bench.place(ONE))
    assert bench.memory.batches == []
    bench.assert_clean()


def test_where_nothing_is_kept_nothing_is_prepared() -> None:
    bench = ToyBench(can_shift=False)
    assert not bench.engine.prepare(PREFIX, ONE, stopped=never)
    assert bench.memory.batches == []
    bench.engine.close()


def test_preparing_gives_way_to_a_question_and_goes_on_after_it(bench: ToyBench) -> None:
    bench.engine.release(bench.place())  # the prefix has been read
    with ThreadPoolExecutor(1) as threads, bench.memory.held() as begun:
        preparing = threads.submit(bench.engine.prepare, PREFIX, ONE, stopped=never)
        assert begun.wait(SECONDS)
        # Nothing of this needs a batch: it is in place as soon as the one under way is given up.
        placed = bench.place()
        assert bench.memory.aborted >= 1
        assert not preparing.done()
        # What it has taken in is still there.
        left = bench.memory.cells - placed.room - len(PREFIX) - len(ONE)
        assert bench.engine._room._free == left
    assert preparing.result(0)
    bench.engine.release(placed)
    bench.assert_clean()


def test_preparing_that_finds_no_room_keeps_nobody_from_his(bench: ToyBench) -> None:
    first = bench.place([1] * 500)
    with ThreadPoolExecutor(1) as threads:
        waits = threading.Event()

        def looks() -> bool:
            waits.set()
            return False

        preparing = threads.submit(bench.engine.prepare, PREFIX, [2] * 600, stopped=looks)
        assert waits.wait(SECONDS)
        second = bench.place([3] * 60)
        bench.engine.release(second)
        bench.engine.release(first)
        assert preparing.result(SECONDS)
    bench.assert_clean()


@pytest.mark.parametrize("deaf", [False, True])
def test_preparing_can_be_stopped(bench: ToyBench, deaf: bool) -> None:
    stopped = threading.Event()
    bench.engine.release(bench.place())
    with bench.memory.held(deaf=deaf) as begun, ThreadPoolExecutor(1) as threads:
        preparing = threads.submit(bench.engine.prepare, PREFIX, ONE, stopped=stopped.is_set)
        assert begun.wait(SECONDS)
        stopped.set()
        with pytest.raises(StoppedReading):
            preparing.result(SECONDS)
    bench.assert_clean()


def test_closing_ends_what_is_under_way_and_refuses_what_comes_after() -> None:
    bench = ToyBench()
    placed = bench.place([1] * 600)
    with ThreadPoolExecutor(1) as threads, bench.memory.held(after=3) as begun:
        waits = threads.submit(bench.place, [2] * 600)
        draft = bench.engine.write(placed, Opening([], [7, 8]), most=20, stopped=never)
        next(draft)
        assert begun.wait(SECONDS)
        bench.engine.close()
        assert len(words(list(draft))) < 20
        bench.engine.release(placed)
        with pytest.raises(ModelUnusable, match="closed"):
            waits.result(SECONDS)
    for refused in (lambda: bench.place(ONE), lambda: bench.engine.prepare(PREFIX, ONE, stopped=never)):
        with pytest.raises(ModelUnusable, match="closed"):
            refused()
    assert bench.memory.used == len(PREFIX) + 600


def test_fifty_questions_some_of_them_stopped_leave_nothing_behind(bench: ToyBench) -> None:
    def ask(number: int) -> None:
        calls = iter(range(number % 7))
        stopped = never if number % 3 else lambda: next(calls, None) is None
        with suppress(StoppedReading):
            bench.engine.prepare(PREFIX, [1 + number % 39] * 9, stopped=stopped)
            placed = bench.engine.place(PREFIX, [ONE, [1 + number % 39] * 9], spare=60, stopped=stopped)
            try:
                list(
                    bench.engine.write(placed, Opening([6], [7, number % 39], [8]), most=20, stopped=stopped)
                )
                bench.engine.judge(placed, [8], [[7]] * 5, room=30, stopped=stopped)
            finally:
                bench.engine.release(placed)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(ask, range(50)))
    bench.assert_clean()
