import pytest

from assistant.errors import QuestionEmpty, QuestionTooLong
from assistant.finding.question import LONGEST_QUESTION, checked_question, says_something


@pytest.mark.parametrize("question", ["", "  \n\t "])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionEmpty, match="empty"):
        checked_question(question)


def test_a_long_question_is_refused_with_its_length_and_the_limit() -> None:
    assert checked_question("x" * LONGEST_QUESTION) == "x" * LONGEST_QUESTION
    with pytest.raises(QuestionTooLong, match=r"4,001 characters; shorten it to 4,000"):
        checked_question("x" * (LONGEST_QUESTION + 1))


def test_what_is_left_can_be_encoded() -> None:
    assert checked_question(" a\ud800b ") == "a?b"


@pytest.mark.parametrize(
    ("question", "says"),
    [
        *((courtesy, False) for courtesy in ("Thanks!", "Okay, thank you very much.", "?!", "Hello there")),
        *((asked, True) for asked in ("Thanks, what is it?", "Hi-fi sound?", "7", "Nice?", "hihi")),
    ],
)
def test_courtesies_and_signs_ask_for_nothing(question: str, says: bool) -> None:
    assert says_something(question) is says
