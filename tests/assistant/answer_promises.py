"""What every answer promises, whoever wrote it and wherever it was stopped."""

import re
from collections.abc import Iterable

from assistant.answer import Answer
from index_store.article import Article

MARK = re.compile(r"\[(\d+)\]")


def assert_keeps_its_promises(answer: Answer, articles: Iterable[Article]) -> None:
    """Fails unless marks, numbers, quotes and support of the answer hold together."""
    texts = {whole.path: whole.text for whole in articles}
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for citation in answer.citations:
        assert citation.quote == texts[citation.article][citation.start : citation.end] != ""
        assert citation.quote in citation.passage
    used = {number for sentence in answer.sentences for number in sentence.citations}
    assert used | _claimed(answer) == set(numbers)
    for sentence in answer.sentences:
        assert sentence.support in ("supported", "weak")
        assert sentence.citations
        assert len(set(sentence.citations)) == len(sentence.citations)
        assert 0 <= sentence.score <= 1
    assert answer.text == " ".join(
        f"{sentence.text} {''.join(f'[{number}]' for number in sentence.citations)}"
        for sentence in answer.sentences
    )
    assert {int(number) for number in MARK.findall(answer.text)} == used
    assert all(taken.text and taken.why for taken in answer.withdrawn)
    shown = {evidence.passage for evidence in answer.evidence}
    assert all(citation.passage in shown for citation in answer.citations)
    if answer.status == "not_in_library":
        assert (answer.sentences, answer.citations, answer.text) == ((), (), "")


def _claimed(answer: Answer) -> set[int]:
    return {claim.citation for disagreement in answer.disagreements for claim in disagreement.claims}
