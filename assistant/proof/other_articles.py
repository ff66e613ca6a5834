"""What finds the word of other articles on an answer that stands: the same, other figures, or more."""

from dataclasses import dataclass

from assistant.proof.further_account import FurtherAccounts
from assistant.proof.other_values import OtherValues
from assistant.proof.second_account import SecondAccounts


@dataclass(frozen=True, slots=True)
class OtherArticles:
    """For one answer: who says the same, who gives other figures, and who answers it with more."""

    same: SecondAccounts
    values: OtherValues
    further: FurtherAccounts
