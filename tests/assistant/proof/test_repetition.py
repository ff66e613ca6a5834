"""Nothing is said to be itself."""

import pytest

from assistant.proof.repetition import says_itself


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("The cause of a person in the path of a carrier was a person in the path of a carrier.", True),
        ("The cause was a person in the path of a carrier.", False),
        ("A terminal may charge, and a terminal may not.", False),
        ("", False),
    ],
)
def test_a_sentence_that_goes_round_in_itself_is_known(sentence: str, does: bool) -> None:
    assert says_itself(sentence) is does
