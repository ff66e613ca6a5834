"""A quote holds a sentence only where the rest of it does not turn the sentence round."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import quotes_of


def holds(text: str, sentence: str) -> bool:
    [hit] = hits(article("a.md", text))
    [quote] = quotes_of(hit.passage)
    return quote.holds(sentence)


def test_a_sentence_or_a_part_of_it_stands_word_for_word() -> None:
    assert holds("The licence permits commercial use.", "The licence permits  commercial use.")
    assert holds("Since May, the licence permits commercial use.", "The licence permits commercial use.")
    assert holds("Do not take it with wine.", "Do not take it with wine.")
    assert not holds("The licence permits commercial use.", "The licence permits it.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Do not take metformin with wine.", "Take metformin with wine."),
        ("Nobody says that the licence permits sale.", "The licence permits sale."),
        ("It is unclear whether it is safe for children.", "It is safe for children."),
        ("It is safe for children unless they swim.", "It is safe for children."),
    ],
)
def test_what_the_rest_turns_round_does_not(text: str, sentence: str) -> None:
    assert not holds(text, sentence)
