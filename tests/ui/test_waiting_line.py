import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_footnote import wait_until

from ui.waiting_line import LineFull, Place, WaitingLine


def never() -> bool:
    return False


def numbers(*places: Place) -> list[int]:
    return [place.number for place in places]


@pytest.fixture
def people() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(40) as pool:
        yield pool


def test_who_finds_a_free_place_does_not_wait() -> None:
    line = WaitingLine(at_once=2, longest=5)
    one, two, three = (line.enter(person) for person in "abc")
    assert numbers(one, two, three) == [0, 0, 1]
    assert (line.figures.answered, line.figures.waiting) == (2, 1)
    assert one.wait(never)


def test_first_come_is_first_served() -> None:
    line = WaitingLine(at_once=1, longest=9)
    places = [line.enter(person) for person in "abcd"]
    for served in range(4):
        assert numbers(*places[served:]) == list(range(4 - served))
        places[served].leave()
    assert (line.figures.answered, line.figures.waiting) == (0, 0)


def test_a_persons_second_question_stands_behind_the_first_ones_of_others() -> None:
    line = WaitingLine(at_once=1, longest=9)
    ann, anns_second, anns_third = (line.enter("ann") for _ in range(3))
    bob = line.enter("bob")
    assert numbers(ann, bob, anns_second, anns_third) == [0, 1, 2, 3]
    cleo = line.enter("cleo")
    bobs_second = line.enter("bob")
    assert numbers(bob, cleo, anns_second, bobs_second, anns_third) == [1, 2, 3, 4, 5]


def test_nobody_is_overtaken_for_ever_by_those_who_come_anew() -> None:
    line = WaitingLine(at_once=1, longest=9)
    answered = line.enter("ann")
    second = line.enter("ann")
    for newcomer in range(20):
        following = line.enter(f"person {newcomer}")
        answered.leave()
        if second.number == 0:
            break
        answered = following
    # Its own first question was answered, so it came before all who came later.
    assert newcomer <= 1


def test_a_line_that_is_full_says_so_and_takes_in_again_once_somebody_is_served() -> None:
    line = WaitingLine(at_once=1, longest=2)
    first = line.enter("a")
    line.enter("b")
    line.enter("c")
    with pytest.raises(LineFull, match="2 questions are waiting already; ask again in a few minutes"):
        line.enter("d")
    first.leave()
    assert line.enter("d").number == 2
    assert (line.figures.refused, line.figures.turns, line.figures.waiting) == (1, 2, 2)
    assert line.figures.seconds >= 0


def test_who_is_stopped_leaves_and_all_behind_move_up() -> None:
    line = WaitingLine(at_once=1, longest=9)
    line.enter("a")
    second, third = line.enter("b"), line.enter("c")
    assert not second.wait(lambda: True)
    second.leave()
    second.leave()
    assert third.number == 1


def test_who_waits_hears_each_number_and_then_the_turn(people: ThreadPoolExecutor) -> None:
    line = WaitingLine(at_once=1, longest=9)
    first, second, third = (line.enter(person) for person in "abc")
    heard: list[int] = []
    turn = people.submit(third.wait, never, heard.append)
    wait_until(lambda: heard == [2])
    first.leave()
    wait_until(lambda: heard == [2, 1])
    second.leave()
    assert turn.result(5)
    assert heard == [2, 1]


def test_a_place_is_left_when_its_block_ends_with_an_error() -> None:
    line = WaitingLine(at_once=1, longest=9)
    with pytest.raises(KeyError), line.enter("a"):
        raise KeyError
    assert line.figures.answered == 0


def test_thirty_people_are_all_served_and_never_more_than_four_at_once(people: ThreadPoolExecutor) -> None:
    line = WaitingLine(at_once=4, longest=50)
    most = 0
    lock = threading.Lock()

    def ask(person: int) -> bool:
        nonlocal most
        for _ in range(5):
            with line.enter(f"{person}") as place:
                assert place.wait(never)
                with lock:
                    most = max(most, line.figures.answered)
        return True

    assert all(people.map(ask, range(30)))
    assert most <= 4
    assert (line.figures.answered, line.figures.waiting) == (0, 0)


@given(persons=st.lists(st.integers(0, 5), min_size=1, max_size=40), seed=st.integers())
def test_whatever_comes_and_goes_the_numbers_are_whole_and_a_persons_own_keep_their_order(
    persons: list[int], seed: int
) -> None:
    line = WaitingLine(at_once=3, longest=100)
    chance = random.Random(seed)
    there: list[Place] = []
    for person in persons:
        there.append(line.enter(str(person)))
        if chance.random() < 0.4:
            there.pop(chance.randrange(len(there))).leave()
        waiting = [place for place in there if place.number]
        assert sorted(place.number for place in waiting) == list(range(1, len(waiting) + 1))
        assert len(there) - len(waiting) == min(3, len(there))
        for one in set(persons):
            own = [place.number for place in waiting if place.person == str(one)]
            assert own == sorted(own)
