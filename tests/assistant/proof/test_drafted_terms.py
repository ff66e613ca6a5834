"""What a draft names and cannot prove, the article's own sentence tells, if it is of what was asked."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.drafted_terms import has_its_figures, quote_of_drafted
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

TOLD = "As of 1 March 2026, 37 workloads have been approved and 12 were turned down."
BOARD = article("board.md", f"The Cloud Board meets each week. {TOLD}", title="The checklist")
ASKED = "How many workloads were turned down by the Cloud Board?"


def quoted(*drafts: str, question: str = ASKED) -> str | None:
    sentences = EvidenceSentences(hits(BOARD), question, HashEmbedder(64), Bm25Encoder())
    quote = quote_of_drafted(drafts, sentences)
    return quote and quote.text


def test_the_sentence_with_the_figure_that_was_drafted_is_found() -> None:
    assert quoted("Of all workloads 12 were turned down by the Cloud Board.") == TOLD
    assert quoted("It was 99 of them.", "It was 12 of them.") == TOLD


@pytest.mark.parametrize(
    ("draft", "question"),
    [
        ("13 workloads were turned down.", ASKED),
        ("Workloads were turned down by the Cloud Board.", ASKED),
        ("12 workloads were turned down.", "How many people sit on the Cloud Board in Paris?"),
        ("It has 12 members.", "How many members has it?"),
    ],
)
def test_another_figure_none_another_matter_and_another_thing_find_nothing(draft: str, question: str) -> None:
    assert quoted(draft, question=question) is None


COPY = "extends psql with a command that prevents execution of further meta-commands in restored dumps."
COPIED = f"To give a guarantee, it {COPY}"


@pytest.mark.parametrize(
    ("draft", "copied", "found"),
    [
        (f"The minor {COPY}", True, True),
        ("The minor prevents execution of further meta-commands.", True, False),
        ("The minor prevents execution of further meta-commands.", False, True),
        ("The minor locks psql with a key that nobody can copy from one server to another.", False, False),
    ],
)
def test_a_draft_that_is_nearly_copied_is_looked_up_by_its_words(
    draft: str, copied: bool, found: bool
) -> None:
    question = "How does the minor guarantee it?"
    psql = article("minor.md", COPIED, title="The minor")
    sentences = EvidenceSentences(hits(psql), question, HashEmbedder(64), Bm25Encoder())
    assert (quote_of_drafted([draft], sentences, copied=copied) is not None) is found


@pytest.mark.parametrize(
    ("sentence", "has"),
    [
        ("The Cloud Board turned down 12 workloads.", True),
        ("The Cloud Board turned down 13 workloads.", False),
        ("The Cloud Board turned down workloads.", False),
        ("The Cloud Board turned down 12 workloads of Qwen3.", True),
        ("The Cloud Board turned down workloads of Qwen3.", False),
    ],
)
def test_a_quote_with_the_figures_of_a_sentence_is_known(sentence: str, has: bool) -> None:
    sentences = EvidenceSentences(hits(BOARD), ASKED, HashEmbedder(64), Bm25Encoder())
    told = next(one.quote for one in sentences.stating if one.quote.text == TOLD)
    assert has_its_figures(sentence, told, sentences) is has
