"""What a source leaves open is not stated by it."""

import pytest

from assistant.proof.left_open import states_what_is_left_open
from index_store.lexical import Bm25Encoder


def stated(sentence: str, read: str) -> bool:
    lexical = Bm25Encoder()
    return states_what_is_left_open(sentence, read, lambda text: frozenset(lexical.words(text)))


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        (
            "The model supports custom dimensions for the final embedding, and developers can combine both.",
            "The column indicates whether the model supports custom dimensions for the final embedding. "
            "Developers can combine both.",
        ),
        ("The new valve holds 40 bar.", "It is unclear if the new valve holds 40 bar in winter."),
        ("The bridge carries heavy lorries.", "Ask the council whether the bridge carries heavy lorries."),
    ],
)
def test_what_a_quote_asks_about_is_not_stated_by_it(sentence: str, read: str) -> None:
    assert stated(sentence, read)


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        (
            "It is unclear whether the new valve holds 40 bar.",
            "It is unclear whether the new valve holds 40 bar.",
        ),
        ("The new valve holds 40 bar.", "The new valve holds 40 bar, whether it is warm or cold."),
        ("The new valve holds 40 bar.", "The new valve holds 40 bar. Ask whether yours is one."),
        ("The valve opens.", "The valve opens when the pressure falls."),
        ("It depends.", "Whether it depends on that is unknown."),
    ],
)
def test_what_stands_beside_or_keeps_the_doubt_is_stated(sentence: str, read: str) -> None:
    assert not stated(sentence, read)
