"""What a sentence has from the question and from nothing that it rests on."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.borrowing import borrowed_words, joined_from_the_question
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

QUESTION = "How would the encoder stay affordable, and does it need more?"


@pytest.mark.parametrize(
    ("sentence", "borrowed"),
    [
        ("The encoder stays affordable by training from scratch.", {"stay", "afford"}),
        ("We train it from scratch.", set()),
        ("It would need to be affordable.", {"afford"}),
        ("The encoder is trained from scratch in three stages.", set()),
    ],
)
def test_words_of_the_question_are_borrowed_unless_quote_or_title_has_them(
    sentence: str, borrowed: set[str]
) -> None:
    evidence = hits(article("a.md", "We train it from scratch in stages.", title="The encoder"))
    sentences = EvidenceSentences(evidence, QUESTION, HashEmbedder(64), Bm25Encoder())
    assert borrowed_words(sentence, [sentences.candidates[0].quote], sentences) == borrowed


LOG = "For every answer, log the question and the hash of the model."


@pytest.mark.parametrize(
    ("sentence", "joined"),
    [
        ("Log the hash for every answer and every deletion.", "deletion"),
        ("Log the hash for every deletion and every answer.", "deletion"),
        ("Log the hash for every deletion and answer.", None),
        ("Log the question and the hash for every answer.", None),
        ("Log the hash and the weather for every answer.", None),
        ("Log the hash for every deletion.", None),
    ],
)
def test_what_is_joined_to_a_thing_from_the_question_alone_is_found_out(
    sentence: str, joined: str | None
) -> None:
    question = "What should one log for every answer and every deletion?"
    assert joined_from_the_question(
        sentence, LOG, question, lambda text: frozenset(Bm25Encoder().words(text))
    ) == (joined)
