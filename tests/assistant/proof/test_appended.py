"""What a model appends of its own is told by its words."""

import pytest

from assistant.proof.appended import appends
from index_store.lexical import Bm25Encoder

READ = "Deployments in regulated industries should take the Heron 2, as its licence is open to all."


@pytest.mark.parametrize(
    ("sentence", "own"),
    [
        ("Take the Heron 2, which aligns with the needs of every growing retail business.", True),
        ("Take the Heron 2 because customers love a colourful voice at night.", True),
        ("Regulated industries should take the Heron 2, as its licence is open to all.", False),
        (
            "Deployments should take the Heron 2, which has an open licence for all industries.",
            False,
        ),
        ("Take the Heron 2, which is blue.", False),
        ("Customers love a colourful voice at night.", False),
    ],
)
def test_a_last_clause_with_hardly_a_word_of_the_quotes_is_the_models_own(sentence: str, own: bool) -> None:
    assert appends(sentence, READ, Bm25Encoder().words) is own
