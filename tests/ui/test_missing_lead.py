"""What is said before that which an answer does not tell."""

import pytest
from chat_samples import answer

from ui.missing_lead import missing_lead


@pytest.mark.parametrize(
    ("missing", "lead"),
    [("which day it was", "Not answered from your articles"), (None, "Perhaps not answered in full")],
)
def test_that_all_of_a_question_is_missing_is_told_as_a_doubt(missing: str | None, lead: str) -> None:
    made = answer(status="partly")
    assert missing_lead(answer(status="partly", missing=missing or made.standalone_question)) == lead
