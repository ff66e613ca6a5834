"""Who says something is the one whose words are cited, and no passage knows what others say."""

import pytest

from assistant.proof.sources_named import claims_agreement, other_speaker, speaks_for_its_author

KNOWN = "Our count has 2.1 million. Kestrel breach, what we know Harbour Security News"


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("The sources agree that 2.1 million records were stolen.", True),
        ("The articles do not disagree about the figure.", True),
        ("Both reports are consistent.", True),
        ("Both sources clearly contradict each other.", True),
        ("The firms agreed on a price.", False),
        ("The sources state that 2.1 million records were stolen.", False),
        ("Articles 6 and 9 apply, and all parties agree.", False),
    ],
)
def test_a_sentence_on_the_agreement_of_sources_is_known(sentence: str, claims: bool) -> None:
    assert claims_agreement(sentence) is claims


@pytest.mark.parametrize(
    ("sentence", "other"),
    [
        ("According to the regulator, 2.1 million records were stolen.", "the regulator"),
        ("2.1 million were stolen, as reported by the press.", "the press"),
        ("According to Harbour Security News, 2.1 million were stolen.", None),
        ("According to the article, 2.1 million were stolen.", None),
        ("According to the provided sources, it is so.", None),
        ("According to our count, it is so.", None),
        ("2.1 million records were stolen.", None),
    ],
)
def test_words_are_put_to_nobody_who_is_not_named_there(sentence: str, other: str | None) -> None:
    assert other_speaker(sentence, KNOWN) == other


@pytest.mark.parametrize(
    ("sentence", "quote", "does"),
    [
        ("According to our count, it was 2.", "According to our count, it was 2.", True),
        ("We saw that two of them were wrong.", "Two of our sheets were wrong.", False),
        ("Two of our sheets were wrong.", "Two of our sheets were wrong.", True),
        ("Our library has two.", "A library has two.", False),
        ("The US has two.", "The US tells us two.", False),
    ],
)
def test_what_an_author_says_of_himself_is_known(sentence: str, quote: str, does: bool) -> None:
    assert speaks_for_its_author(sentence, quote) is does
