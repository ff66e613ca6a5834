"""What came of something was not therefore meant."""

import pytest

from assistant.proof.purposes import takes_result_for_purpose


@pytest.mark.parametrize(
    ("sentence", "quote", "does"),
    [
        ("He called it fudged to destroy credibility.", "His word destroyed credibility.", True),
        ("The figures were changed to raise hopes.", "The change raised many hopes.", True),
        ("The results had been “fudged a bit” to destroy trust.", "His word destroyed trust.", True),
        ("The results had to destroy trust.", "The results destroyed trust.", False),
        ("He said so to destroy credibility.", "He meant to destroy credibility.", False),
        ("It allows the parts to operate as one.", "So the parts operates as one.", False),
        ("It was able to raise hopes.", "It raised hopes.", False),
        ("It came to nothing.", "It nothing.", False),
        ("", "It raised hopes.", False),
    ],
)
def test_a_result_is_not_told_as_a_purpose(sentence: str, quote: str, does: bool) -> None:
    assert takes_result_for_purpose(sentence, quote) is does
