"""What an answer takes is counted over all of its drafts."""

from assistant.answer_clock import AnswerClock
from assistant.writer import Written


def test_tokens_of_several_drafts_add_up_and_the_longest_prompt_counts() -> None:
    clock = AnswerClock()
    for read, written in ((800, 40), (200, 25)):
        clock.begin_draft()
        for number in range(1, written + 1):
            clock.count(Written("word", read, number))
    timings = clock.timings()
    assert (timings.prompt_tokens, timings.answer_tokens) == (800, 65)


def test_only_what_is_done_as_a_check_is_time_of_checking() -> None:
    clock = AnswerClock()
    assert clock.timings().verify_ms == 0
    with clock.checks():
        while clock.now() < 1:
            pass
    assert clock.timings().verify_ms > 0


def test_the_first_word_counts_and_white_space_is_none() -> None:
    clock = AnswerClock()
    clock.shown("  \n")
    assert clock.first_word == 0
    clock.shown("A")
    first = clock.first_word
    clock.shown("B")
    assert clock.first_word == first > 0
