"""What an article says nearly in the question's words is found without asking any model."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.outright import stated_outright
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

SAID = (
    "No crude oil is handled at Halvermouth.\n"
    "The port authority rejected a wider access road because it would have cost EUR 9 million.\n"
    "The wider access road was debated at length.\n"
    "Ingrid Sollander decides which terminal the forwarder takes.\n"
    "Saltpans can turn round 120 reefers a day."
)


def outright(question: str, text: str = SAID) -> str | None:
    found = hits(article("port.md", text))
    made = EvidenceSentences(found, question, HashEmbedder(64), Bm25Encoder())
    stated = stated_outright(question, found, made)
    return stated and stated[1].text


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Why was a wider access road rejected?", "The port authority rejected"),
        ("Is crude oil handled at Halvermouth?", "No crude oil"),
        ("How many reefers can Saltpans turn round a day?", "Saltpans can turn"),
        ("Who decides which terminal the forwarder takes?", "Ingrid Sollander"),
    ],
)
def test_what_is_said_outright_is_found(question: str, begins: str) -> None:
    stated = outright(question)
    assert stated is not None
    assert stated.startswith(begins)


@pytest.mark.parametrize(
    "question",
    [
        "Why was a wider access road debated at length?",  # no reason is given
        "When was a wider access road debated at length?",  # no time
        "Who debated a wider access road at length?",  # nobody
        "Is crude oil handled at Tarnmouth?",  # another place
        "Is crude oil from the north handled and stored at Halvermouth?",  # too much besides
        "Why rejected?",
        "",
    ],
)
def test_what_is_not_said_is_not_found(question: str) -> None:
    assert outright(question) is None
