"""A sentence that another article says as well is cited from both."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.judging import SentenceJudge
from assistant.proof.second_account import SecondAccounts
from assistant.writer import CannedWriter
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder
from index_store.passage import ScoredPassage

SAID = "Qwen reached 700 million cumulative downloads by January 2026."
FIRST = article("first.md", SAID)


def second(said: str, *others: str, margin: float = 2.0) -> str | None:
    """What is found beside the first article, in those whose texts are given."""
    found = hits(FIRST, *(article(f"{number}.md", text) for number, text in enumerate(others)))

    def search(words: str, limit: int) -> list[ScoredPassage]:
        assert words == said
        return found[:limit]

    sentences = EvidenceSentences(hits(FIRST), "How many downloads?", HashEmbedder(512), Bm25Encoder())
    judge = SentenceJudge(CannedWriter(default_margin=margin), lambda: False)
    account = SecondAccounts(search, sentences, judge).of(said, {FIRST.key})
    if account is None:
        return None
    hit, quote = account
    assert quote.text in hit.passage.text
    return quote.text


def test_the_sentence_of_another_article_that_says_the_same_is_found() -> None:
    other = "Qwen reached 700 million cumulative downloads by January 2026, we hear."
    assert second(SAID, f"It grew. {other}") == other


@pytest.mark.parametrize(
    "other",
    [
        "Qwen reached 900 million cumulative downloads by January 2026.",
        "Llama reached 700 million cumulative downloads by January 2026.",
        "By January 2026 there were 700 million of Qwen, said the firm that counts what people fetch.",
        "It rained all day.",
        "",
    ],
)
def test_what_has_another_figure_or_name_or_says_it_far_off_is_not(other: str) -> None:
    assert second(SAID, other) is None


def test_the_article_that_is_cited_already_is_no_second() -> None:
    assert second(SAID) is None


def test_the_model_has_to_agree_that_it_says_so() -> None:
    assert second(SAID, SAID, margin=0.2) is None
    assert second(SAID, SAID, margin=0.4) == SAID


@pytest.mark.parametrize("said", ["It grew.", "from transformers import Qwen2ForCausalLM, AutoTokenizer"])
def test_a_few_words_and_code_have_no_accounts(said: str) -> None:
    assert second(said, said) is None
