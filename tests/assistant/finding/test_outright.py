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


POWER = (
    "Container 3 is to get power in late 2027, as many had asked for in 2024.\n"
    "No date has been set for Ro-ro West.\n"
    "The obligation does not apply to bulk carriers.\n"
    "It takes chilled goods, but no pharmaceuticals, and opens no later than May.\n"
    "No-show fees rise."
)


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("When will Ro-ro West get shore power?", "No date"),
        ("Do bulk carriers have to use shore power?", "The obligation"),
        ("Can pharmaceuticals go into shore power?", "It takes"),
        ("How much was set for Ro-ro West in 2024?", "No date"),
    ],
)
def test_what_an_article_denies_of_the_very_thing_answers(question: str, begins: str) -> None:
    found = hits(article("power.md", POWER, title="Shore power"))
    stated = stated_outright(
        question, found, EvidenceSentences(found, question, HashEmbedder(64), Bm25Encoder())
    )
    assert stated is not None
    assert stated[1].text.startswith(begins)


@pytest.mark.parametrize(
    "question",
    [
        "When will Ro-ro East get shore power?",  # another berth
        "Do bulk carriers have to pay for shore power?",  # something else of them
        "Do frozen goods and pharmaceuticals go there?",  # more than is denied
        "Why do bulk carriers have no shore power?",  # no reason is given
        "Does the shore power obligation apply to many?",  # denied is what it applies to
        "How much was set for Ro-ro West in 1999?",  # a year that nobody speaks of
        "When do chilled goods go into shore power?",  # "no later than" denies nothing
    ],
)
def test_what_an_article_denies_of_something_else_does_not(question: str) -> None:
    found = hits(article("power.md", POWER, title="Shore power"))
    made = EvidenceSentences(found, question, HashEmbedder(64), Bm25Encoder())
    assert stated_outright(question, found, made) is None
