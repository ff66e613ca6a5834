"""What tells a price has a word of money."""

import pytest

from assistant.proof.prices import can_tell_price


@pytest.mark.parametrize(
    ("asked", "told", "can"),
    [
        ("What does a Vantor XL cost?", "Site: Tarn Road; Bags per run: 20; Bought: 2025", False),
        ("What is the price of a Vantor XL?", "20 | 4,000 | 12 months", False),
        ("What does a Vantor XL cost?", "Price: 9,000", True),
        ("What does a Vantor XL cost?", "It is free.", True),
        ("How much does a visit cost?", "1,450 euros a visit", True),
        ("How many bags does it take?", "20", True),
        ("What does a change of the price cap mean?", "Bills rise.", True),
        ("How much do long prompts cost in tokens?", "200 a passage", True),
    ],
)
def test_a_price_is_told_with_a_word_of_money(asked: str, told: str, can: bool) -> None:
    assert can_tell_price(asked, told) is can
