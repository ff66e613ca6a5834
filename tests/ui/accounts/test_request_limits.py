import pytest
from door_steps import Clock

from ui.accounts.request_limits import PerMinute, QuestionLimits, TooMuch


def test_so_many_in_any_minute_and_no_more() -> None:
    clock = Clock()
    limit = PerMinute(3, clock=clock)
    assert [limit.take("a") for _ in range(3)] == [0, 0, 0]
    clock.now += 20
    assert limit.take("a") == 40
    assert limit.take("b") == 0
    clock.now += 40
    assert limit.take("a") == 0


def test_what_was_refused_does_not_count() -> None:
    clock = Clock()
    limit = PerMinute(1, clock=clock)
    limit.take("a")
    for _ in range(5):
        clock.now += 10
        limit.take("a")
    clock.now += 10
    assert limit.take("a") == 0


def test_nothing_is_no_limit() -> None:
    limit = PerMinute(0)
    assert not any(limit.take("a") for _ in range(1000))


def test_any_number_of_people_takes_a_bounded_memory() -> None:
    limit = PerMinute(1, keys=10, clock=Clock())
    for number in range(100):
        limit.take(str(number))
    assert len(limit._times) == 10


def test_questions_are_limited_at_once_and_in_a_minute_and_it_is_said_how_to_go_on() -> None:
    clock = Clock()
    limits = QuestionLimits(at_once=2, per_minute=3, clock=clock)
    limits.take("ada", running=0)
    limits.take("ada", running=1)
    with pytest.raises(TooMuch, match=r"2 of your questions are being answered.*wait for one, or stop it"):
        limits.take("ada", running=2)
    limits.take("ada", running=0)
    with pytest.raises(TooMuch, match=r"3 questions within a minute.*again in 60 seconds"):
        limits.take("ada", running=0)
    limits.take("rita", running=0)


def test_the_user_of_this_machine_has_no_limits() -> None:
    limits = QuestionLimits(at_once=1, per_minute=1, clock=Clock())
    for _ in range(10):
        limits.take("", running=10)
