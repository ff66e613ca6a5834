"""LlamaIndex's citation engine answers with what it is given, timed where it writes its first token."""

from collections.abc import Callable
from time import perf_counter

import pytest

from assistant.benchmark.citation_engine import CitationEngineContender
from index_store.article import Article
from index_store.embedder import HashEmbedder

LIGHTHOUSE = Article("notes", "a.md", "The lighthouse", "The lighthouse was built in 1893. " * 200)


@pytest.mark.whole
def test_it_reads_its_own_chunks_and_is_timed_from_the_question() -> None:
    prompts: list[str] = []

    def complete(prompt: str, most: int, at_first: Callable[[], None]) -> tuple[str, int, int]:
        prompts.append(prompt)
        assert most == 256
        at_first()
        until = perf_counter() + 0.02
        while perf_counter() < until:
            pass
        return "In 1893 [1].", 900, 5

    engine = CitationEngineContender([LIGHTHOUSE], HashEmbedder(), complete, context_tokens=4096)
    timing = engine.ask("When was the lighthouse built?")
    assert len(prompts) == 1
    assert "Source 1:" in prompts[0]
    assert "Query: When was the lighthouse built?" in prompts[0]
    assert (timing.prompt_tokens, timing.answer_tokens) == (900, 5)
    assert 0 < timing.first <= timing.total - 0.02


@pytest.mark.whole
def test_each_question_is_timed_by_itself() -> None:
    def complete(prompt: str, most: int, at_first: Callable[[], None]) -> tuple[str, int, int]:
        at_first()
        return "Yes.", 10, 2

    engine = CitationEngineContender([LIGHTHOUSE], HashEmbedder(), complete, context_tokens=4096)
    first, second = engine.ask("One?"), engine.ask("Two?")
    assert first.answer_tokens == second.answer_tokens == 2
