"""Puts right what a proved sentence drops of its quotes: bounds of figures, who says it, and of whom."""

from collections.abc import Sequence

from assistant.finding.quote import Quote
from assistant.proof.addressees import with_its_addressee
from assistant.proof.hearsay import with_its_speaker, without_a_foreign_speaker
from assistant.proof.qualifiers import qualified


def as_quoted(sentence: str, quotes: Sequence[Quote]) -> str:
    """The sentence as its quotes have it; who speaks, and of whom, is told where there is but one quote."""
    texts = [quote.under_its_title for quote in quotes]
    told = qualified(without_a_foreign_speaker(sentence, texts), "\n".join(quote.text for quote in quotes))
    if len(quotes) != 1:
        return told
    [quote] = quotes
    return with_its_speaker(with_its_addressee(told, quote.text), quote.text)
