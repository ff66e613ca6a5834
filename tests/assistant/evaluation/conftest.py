"""Builders of hand-made answers and passages, small enough to score by hand."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from assistant.answer import Answer, AnsweredSentence, Citation, Disagreement, Evidence, ModelName
from index_store.passage import Passage, ScoredPassage


@pytest.fixture
def make_citation() -> Callable[..., Citation]:
    def make(article: str, quote: str = "", start: int = 0) -> Citation:
        end = start + len(quote)
        return Citation(1, article, "Title", None, None, None, None, None, quote, quote, start, end)

    return make


@pytest.fixture
def make_answer(make_citation: Callable[..., Citation]) -> Callable[..., Answer]:
    def make(
        text: str = "",
        *,
        status: Any = "answered",
        cites: Sequence[str] = (),
        shown: Sequence[tuple[str, str]] = (),
        sentences: Sequence[AnsweredSentence] = (),
        disagreements: int = 0,
        **fields: Any,
    ) -> Answer:
        return Answer(
            question="typed",
            standalone_question="stands alone",
            status=status,
            text=text,
            model=ModelName("small", "ab12"),
            sentences=tuple(sentences),
            **{"citations": tuple(make_citation(article) for article in cites)} | fields,
            evidence=tuple(Evidence(article, passage, 1.0) for article, passage in shown),
            disagreements=tuple(Disagreement("size", ()) for _ in range(disagreements)),
        )

    return make


@pytest.fixture
def ranked() -> Callable[..., tuple[ScoredPassage, ...]]:
    def make(*passages: tuple[str, str]) -> tuple[ScoredPassage, ...]:
        return tuple(
            ScoredPassage(
                Passage(str(rank), "src", article, article, text, 0, len(text), rank), 1 / (rank + 1)
            )
            for rank, (article, text) in enumerate(passages)
        )

    return make
