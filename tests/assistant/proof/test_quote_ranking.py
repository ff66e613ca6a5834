"""The sentences of the evidence that most likely answer come first."""

from dataclasses import replace

from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.quote_ranking import QuoteRanker
from index_store.article import Article
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

GEMMA = article(
    "gemma.md",
    "Gemma 4 is an open model by Google. The licence of Gemma 4 is Apache 2.0. It runs on a single card.",
    title="Gemma 4 arrives",
)
LLAMA = article("llama.md", "Llama 3 is a model by Meta. Its licence names large firms.", title="On Llama")


def best(question: str, most: int, *articles: Article) -> list[str]:
    evidence = hits(*(articles or (GEMMA, LLAMA)))
    ranker = QuoteRanker(EvidenceSentences(evidence, question, HashEmbedder(512), Bm25Encoder()))
    return [one.candidate.quote.text for one in ranker.best(most)]


def test_the_sentence_with_the_questions_rare_words_comes_first() -> None:
    assert best("What is the licence of Gemma 4?", 1) == ["The licence of Gemma 4 is Apache 2.0."]


def test_the_order_of_the_passages_decides_between_like_sentences() -> None:
    one, other = (article(name, "The support of the model costs 5 dollars.") for name in ("a.md", "b.md"))
    evidence = hits(one, other)
    ranker = QuoteRanker(EvidenceSentences(evidence, "support?", HashEmbedder(512), Bm25Encoder()))
    (first,) = ranker.best(1)
    assert first.candidate.quote.passage.article == evidence[0].passage.article


def test_what_says_the_same_comes_once() -> None:
    copy = article("copy.md", "The licence of Gemma 4 is Apache 2.0.")
    assert (
        best("What is the licence of Gemma 4?", 9, GEMMA, copy).count("The licence of Gemma 4 is Apache 2.0.")
        == 1
    )


def test_rows_that_differ_in_a_figure_do_not_say_the_same() -> None:
    rows = article(
        "rows.md", "The small model takes 4 GB of memory.\n\nThe small model takes 8 GB of memory."
    )
    assert len(best("How much memory does the small model take?", 9, rows)) == 2


def test_a_title_speaks_for_its_sentences() -> None:
    said = "It runs on {} of them."
    named = article("named.md", said.format("one"), title="Gemma 4 arrives")
    other = article("other.md", said.format("two"), title="Notes")
    for order in ((named, other), (other, named)):
        assert best("Does Gemma 4 run?", 1, *order) == [said.format("one")]


def test_the_header_of_a_table_states_nothing() -> None:
    table = article("table.md", "Model | Memory\nHeron | 12 GB\nStork | 24 GB")
    assert sorted(best("Which memory has which model?", 5, table)) == ["Heron | 12 GB", "Stork | 24 GB"]


def test_a_row_whose_first_cell_is_empty_is_a_row() -> None:
    rows = "Kind | Model | Memory\nText | Small | 4 GB\n| Middle | 8 GB\n| Large | 16 GB"
    assert "| Middle | 8 GB" in best("How much memory does Middle take?", 9, article("rows.md", rows))


def test_the_first_row_of_a_table_that_goes_on_is_no_header() -> None:
    [hit] = hits(article("rows.md", "Small | 4 GB\nMiddle | 8 GB\nLarge | 16 GB"))
    later = replace(hit, passage=replace(hit.passage, lead="Model | Memory"))
    sentences = EvidenceSentences([later], "How much does Small take?", HashEmbedder(512), Bm25Encoder())
    assert len(sentences.stating) == 3


def test_what_only_leads_to_what_follows_comes_behind_what_says_it() -> None:
    lead, told = "The licence of Gemma 4 is told here:", "The licence of Gemma 4 is Apache 2.0."
    assert best("What is the licence of Gemma 4?", 1, article("led.md", f"{lead}\n\n{told}")) == [told]


def test_what_was_drafted_and_denied_points_to_its_sentence() -> None:
    sentences = EvidenceSentences(hits(GEMMA, LLAMA), "Which licence?", HashEmbedder(512), Bm25Encoder())
    draft = "It is a licence that names all large firms."
    (first,) = QuoteRanker(sentences, drafted=[draft, "Yes."]).best(1)
    assert first.candidate.quote.text == "Its licence names large firms."
    assert first.told > 0.6
    assert not any(one.told for one in QuoteRanker(sentences, drafted=["Yes, it is."]).best(5))


def test_no_evidence_and_no_words_give_nothing_and_do_not_fail() -> None:
    assert not QuoteRanker(EvidenceSentences([], "Why?", HashEmbedder(8), Bm25Encoder())).best(3)
    assert len(best("of the and?", 2)) == 2
