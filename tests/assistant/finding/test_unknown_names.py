"""Names in a question that no passage knows, and the passages that know them after all."""

import pytest
from tiny_library import article, hits

from assistant.finding.unknown_names import covering, unknown_names

GEMMA = article("a.md", "Gemma 4 runs on an A100 card.", title="News from Google")


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Which card does Gemma 4 need?", []),
        ("Does it run on an A100?", []),
        ("What is new from Google?", []),
        ("Does Llama run on an A100?", ["Llama"]),
        ("Does Qwen3 run on an H100 here?", ["Qwen3", "H100"]),
        ("which terms apply?", []),
        ("", []),
    ],
)
def test_names_that_no_passage_mentions_are_unknown(question: str, unknown: list[str]) -> None:
    assert unknown_names(question, hits(GEMMA)) == unknown


def test_a_name_in_the_headings_is_known() -> None:
    assert unknown_names("Does it mention Mistral?", hits(GEMMA, headings=("On Mistral",))) == []


def test_who_published_an_article_and_when_is_known() -> None:
    dated = article("a.md", "The minor closes it.", publisher="Larkspur Payments", published="2025-08-14")
    assert unknown_names("What did Larkspur say in August, if not Heron?", hits(dated)) == ["Heron"]


def test_without_evidence_every_name_is_unknown() -> None:
    assert unknown_names("Is the model Gemma 4 open?", []) == ["Gemma 4"]


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("How does DeepSeek V4 compare with Qwen3.5?", ["DeepSeek V4"]),
        ("Does Gemma 5 run on one card?", ["Gemma 5"]),
        ("Loading Gemma 4 fails, why?", []),
        ("Besides Gemma 4, what is there?", []),
        ("What came out in April 2026?", []),
        ("Is gemma-4 as good as DeepSeek V3?", []),
    ],
)
def test_a_name_with_another_version_is_another_name(question: str, unknown: list[str]) -> None:
    said = "In April 2026 Gemma 4 came out, after DeepSeek V3 and Qwen3.5."
    assert unknown_names(question, hits(article("a.md", said))) == unknown


def test_what_knows_a_name_that_the_evidence_does_not_is_found_beside_it() -> None:
    corvid = article("corvid.md", "Corvid came second.")
    other = article("other.md", "Somebody came third.")
    evidence, found = hits(GEMMA), hits(GEMMA, other, corvid)
    asked = "Is Gemma 4 ahead of Corvid?"
    assert [hit.passage.article for hit in covering(asked, evidence, found)] == ["corvid.md"]
    assert covering("Is Gemma 4 ahead of Zebra?", evidence, found) == []
    assert covering("Is Gemma 4 open?", evidence, found) == []


def test_two_passages_are_enough_and_none_is_for_a_name_that_another_one_has() -> None:
    birds = [article(f"{name}.md", f"The {name} is a bird.") for name in ("Heron", "Swift", "Crane")]
    twice = article("twice.md", "The Heron is a bird, says another one.")
    asked = "Is Gemma 4 named like the Heron, the Swift or the Crane?"
    found = covering(asked, hits(GEMMA), hits(birds[0], twice, *birds[1:]))
    assert [hit.passage.article for hit in found] == ["Heron.md", "Swift.md"]
