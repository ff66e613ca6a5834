"""Whoever asks waits in line for the cells of his question; whoever reads ahead waits behind all."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from assistant.engine.room import Room
from assistant.engine.scheduler import StoppedReading
from assistant.errors import ModelUnusable

SECONDS = 20.0


def never() -> bool:
    return False


class Waiter:
    """Somebody who takes cells in a thread of his own; `waits` once he had to look whether to stop."""

    def __init__(self, room: Room, cells: int, *, yielding: bool = False) -> None:
        self.waits = threading.Event()
        self.stop = threading.Event()
        self.taken: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(room, cells, yielding))
        self._thread.start()

    def end(self) -> None:
        self.stop.set()
        self._thread.join(SECONDS)
        assert not self._thread.is_alive()

    def _is_stopped(self) -> bool:
        self.waits.set()
        return self.stop.is_set()

    def _run(self, room: Room, cells: int, yielding: bool) -> None:
        try:
            room.take(cells, self._is_stopped, yielding=yielding)
            self.taken.set_result(None)
        except StoppedReading as stopped:
            self.taken.set_exception(stopped)


Take = Callable[..., Waiter]


@contextmanager
def waiting(room: Room) -> Iterator[Take]:
    """Makes waiters that come one after the other; all are gone at the end."""
    made: list[Waiter] = []

    def take(cells: int, *, yielding: bool = False) -> Waiter:
        made.append(Waiter(room, cells, yielding=yielding))
        assert made[-1].waits.wait(SECONDS)
        return made[-1]

    try:
        yield take
    finally:
        for waiter in made:
            waiter.end()


def test_what_is_free_is_given_at_once() -> None:
    room = Room(100)
    for cells in (60, 0, 40):
        room.take(cells, lambda: pytest.fail("nobody has to wait"))


def test_too_much_is_refused_at_once_in_one_line() -> None:
    room = Room(100)
    room.take(100, never)
    with pytest.raises(ModelUnusable, match="101 tokens do not fit a memory of 100; shorten") as raised:
        room.take(101, never)
    assert "\n" not in str(raised.value)


def test_who_waits_gets_what_is_given_back() -> None:
    room = Room(100)
    room.take(100, never)
    with waiting(room) as take:
        waiter = take(70)
        room.give_back(60)
        assert not waiter.taken.done()
        room.give_back(10)
        waiter.taken.result(SECONDS)
        assert take(1).taken.done() is False


def test_the_first_in_line_is_not_passed_by_one_who_wants_less() -> None:
    room = Room(100)
    room.take(50, never)
    with waiting(room) as take:
        large, small = take(80), take(10)
        assert not small.taken.done()
        room.give_back(50)
        large.taken.result(SECONDS)
        small.taken.result(SECONDS)


def test_the_line_is_kept_in_the_order_of_coming() -> None:
    room = Room(10)
    room.take(10, never)
    with waiting(room) as take:
        line = [take(10) for _ in range(4)]
        for place, waiter in enumerate(line):
            room.give_back(10)
            waiter.taken.result(SECONDS)
            assert not any(later.taken.done() for later in line[place + 1 :])


def test_who_is_stopped_leaves_the_line_and_lets_the_next_one_in() -> None:
    room = Room(100)
    room.take(50, never)
    with waiting(room) as take:
        large, small = take(80), take(10)
        large.stop.set()
        with pytest.raises(StoppedReading):
            large.taken.result(SECONDS)
        small.taken.result(SECONDS)
        room.give_back(60)
    room.take(100, lambda: pytest.fail("who was stopped has taken nothing"))


def test_who_yields_waits_for_cells_without_keeping_anybody_from_his() -> None:
    room = Room(100)
    room.take(50, never)
    with waiting(room) as take:
        ahead = take(80, yielding=True)
        room.take(40, lambda: pytest.fail("whoever asks passes by"))
        room.give_back(90)
        ahead.taken.result(SECONDS)


def test_who_yields_lets_the_line_go_before() -> None:
    room = Room(100)
    room.take(50, never)
    with waiting(room) as take:
        asker, ahead = take(80), take(10, yielding=True)
        assert not ahead.taken.done()
        room.give_back(50)
        asker.taken.result(SECONDS)
        ahead.taken.result(SECONDS)


def test_many_who_come_and_go_leave_all_cells_behind() -> None:
    room = Room(100)
    lock, used, most = threading.Lock(), [0], [0]

    def come(number: int) -> None:
        cells = 1 + number * 37 % 60
        room.take(cells, never, yielding=number % 4 == 0)
        with lock:
            used[0] += cells
            most[0] = max(most[0], used[0])
        with lock:
            used[0] -= cells
        room.give_back(cells)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(come, range(400)))
    assert 0 < most[0] <= 100
    room.take(100, lambda: pytest.fail("some cells are gone"))


def test_those_who_have_evidence_in_place_never_wait_behind_those_who_want_theirs() -> None:
    room = Room(100, kept=10)
    for _ in range(3):
        room.take(30, never)
    with waiting(room) as take:
        fourth = take(30)
        for _ in range(3):
            room.take(10, lambda: pytest.fail("all would wait for each other"), brief=True)
            room.give_back(10)
        assert not fourth.taken.done()
        room.give_back(30)
        assert fourth.taken.result(SECONDS) is None


def test_what_is_kept_for_the_brief_is_given_to_nobody_else_but_who_is_alone() -> None:
    room = Room(100, kept=10)
    room.take(95, never)
    room.give_back(95)
    room.take(60, never)
    with pytest.raises(StoppedReading):
        room.take(35, lambda: True)
    room.take(30, never)
