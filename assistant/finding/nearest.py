"""What stands nearest to a question that the library does not answer: articles, and what they say of it."""

from collections.abc import Sequence

from assistant.answer import NearestArticle
from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.table_cells import CELL
from index_store.embedder import Embedder
from index_store.lexical import LexicalEncoder
from index_store.passage import ScoredPassage

_MOST = 3
# Below this cosine to the question a sentence is of something else: read for 40 refused questions over two
# libraries (docs/log.md).
_NEAR = 0.45
_MOST_SIGNS = 300


def nearest_articles(
    question: str, found: Sequence[ScoredPassage], embedder: Embedder, lexical: LexicalEncoder
) -> tuple[NearestArticle, ...]:
    """At most three articles, the nearest first, each with a sentence of its best passage that is near."""
    best: dict[str, ScoredPassage] = {}
    for hit in found:
        best.setdefault(hit.passage.article_key, hit)
    hits = list(best.values())[:_MOST]
    if not hits:
        return ()
    sentences = EvidenceSentences(hits, question, embedder, lexical)
    return tuple(
        NearestArticle(
            hit.passage.article, hit.passage.title, hit.passage.published, _nearest(sentences, rank)
        )
        for rank, hit in enumerate(hits)
    )


def _nearest(sentences: EvidenceSentences, rank: int) -> str | None:
    near = [
        (float(one.vector @ sentences.question_vector), one.quote)
        for one in sentences.stating
        if one.rank == rank and CELL not in one.quote.text and len(one.quote.text) <= _MOST_SIGNS
    ]
    nearness, quote = max(near, key=lambda one: one[0], default=(0.0, None))
    return quote.in_line if quote is not None and nearness >= _NEAR else None
