"""What one question's outcome earns under each measure, as parts: so much found, out of so much."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Answer, Citation, Status
from assistant.evaluation.matching import has_fact, is_word_for_word, overlaps, plain
from assistant.evaluation.questions import Kind, Question
from assistant.evaluation.run import Outcome

ArticleText = Callable[[str], str | None]
"""The clean text of the article with this path, None when the library has no such article."""

HIT_DEPTHS = (1, 5, 10)

SHARES = (
    *(f"hit@{k}" for k in HIT_DEPTHS),
    *(f"full_hit@{k}" for k in HIT_DEPTHS),
    "evidence_recall",
    "full_evidence_recall",
    "fact_recall",
    "fact_recall_per_question",
    "gold_citations",
    "gold_articles_cited",
    "support_estimate",
    "cited_sentences",
    "quotes_verbatim",
    "word_for_word",
    "abstention_accuracy",
    "unanswerable_refused",
    "answerable_refused",
)
"""Every measure that is a share. Higher is better, but for `answerable_refused` (lower is better) and
`word_for_word` (neither)."""

Part = tuple[float, float]
"""What was found, and out of how much: a share is the sum of the first over the sum of the second."""


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """One question's parts, by measure; a measure that does not apply to the question has none.

    `first_hit` is the rank, from 1, of the first passage that overlaps gold. Times are seconds; they
    and `prompt_tokens` are None where the model showed or read nothing, as before a refusal.
    """

    id: str
    kind: str
    scored_as: Kind
    status: Status | None
    error: str | None
    parts: Mapping[str, Part]
    first_hit: int | None = None
    missed_facts: tuple[tuple[str, ...], ...] = ()
    disagreements: int = 0
    first_token_s: float | None = None
    total_s: float | None = None
    prompt_tokens: int | None = None


class Scorer:
    """Scores outcomes one by one; reads each article once."""

    def __init__(self, article_text: ArticleText) -> None:
        self._article_text = article_text
        self._texts: dict[str, str | None] = {}
        self._plain_texts: dict[str, str] = {}

    def score(self, outcome: Outcome) -> QuestionScore:
        """The parts of one outcome. A failed one earns nothing wherever there was something to earn."""
        question, answer = outcome.question, outcome.answer
        ranked = _gold_found(question, ((hit.passage.article, hit.passage.text) for hit in outcome.ranked))
        missed = _missed_facts(question, answer)
        parts = _retrieval_parts(question, ranked) | _abstention_parts(question, answer)
        parts |= _evidence_parts(question, answer) | _citation_parts(question, answer)
        parts |= _fact_parts(question, missed)
        if answer is not None:
            parts |= self._sentence_parts(answer) | self._quote_parts(answer.citations)
        timings = answer.timings if answer else None
        return QuestionScore(
            id=question.id,
            kind=question.kind,
            scored_as=question.scored_as,
            status=answer.status if answer else None,
            error=outcome.error,
            parts=parts,
            first_hit=next((rank for rank, article in enumerate(ranked, start=1) if article), None),
            missed_facts=missed,
            disagreements=len(answer.disagreements) if answer else 0,
            first_token_s=timings.first_token_ms / 1000 if timings and timings.first_token_ms else None,
            total_s=timings.total_ms / 1000 if timings else None,
            prompt_tokens=timings.prompt_tokens if timings and timings.prompt_tokens else None,
        )

    def _sentence_parts(self, answer: Answer) -> dict[str, Part]:
        cited = dict.fromkeys(citation.article for citation in answer.citations)
        sources = [self._plain_text(article) for article in cited]
        sources += [plain(shown.passage) for shown in answer.evidence]
        sentences = answer.sentences
        return {
            "support_estimate": _count(sentence.support == "supported" for sentence in sentences),
            "cited_sentences": _count(bool(sentence.citations) for sentence in sentences),
            "word_for_word": _count(is_word_for_word(sentence.text, sources) for sentence in sentences),
        }

    def _quote_parts(self, citations: Sequence[Citation]) -> dict[str, Part]:
        return {"quotes_verbatim": _count(map(self._is_verbatim, citations))}

    def _is_verbatim(self, citation: Citation) -> bool:
        text = self._text(citation.article)
        if text is None or not 0 <= citation.start < citation.end <= len(text):
            return False
        return text[citation.start : citation.end] == citation.quote

    def _text(self, article: str) -> str | None:
        if article not in self._texts:
            self._texts[article] = self._article_text(article)
        return self._texts[article]

    def _plain_text(self, article: str) -> str:
        if article not in self._plain_texts:
            self._plain_texts[article] = plain(self._text(article) or "")
        return self._plain_texts[article]


def _gold_found(question: Question, passages: Iterable[tuple[str, str]]) -> list[str | None]:
    """For each passage, in order, the gold article whose gold it overlaps, or None."""
    return [
        article
        if article in question.gold_articles and any(overlaps(gold, text) for gold in question.gold_passages)
        else None
        for article, text in passages
    ]


def _has_gold(question: Question) -> bool:
    return question.answerable and bool(question.gold_articles and question.gold_passages)


def _retrieval_parts(question: Question, ranked: Sequence[str | None]) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    if _has_gold(question):
        for k in HIT_DEPTHS:
            parts[f"hit@{k}"] = _count([any(ranked[:k])])
            if question.needs_every_article:
                parts[f"full_hit@{k}"] = _count([set(question.gold_articles) <= set(ranked[:k])])
    return parts


def _evidence_parts(question: Question, answer: Answer | None) -> dict[str, Part]:
    if not _has_gold(question):
        return {}
    shown = answer.evidence if answer else ()
    found = _gold_found(question, ((evidence.article, evidence.passage) for evidence in shown))
    parts = {"evidence_recall": _count([any(found)])}
    if question.needs_every_article:
        parts["full_evidence_recall"] = _count([set(question.gold_articles) <= set(found)])
    return parts


def _missed_facts(question: Question, answer: Answer | None) -> tuple[tuple[str, ...], ...]:
    if not question.answerable:
        return ()
    text = answer.text if answer else ""
    return tuple(fact for fact in question.answer_facts if not has_fact(text, fact))


def _fact_parts(question: Question, missed: Sequence[tuple[str, ...]]) -> dict[str, Part]:
    entries = len(question.answer_facts)
    if not question.answerable or not entries:
        return {}
    found = entries - len(missed)
    return {"fact_recall": (found, entries), "fact_recall_per_question": (found / entries, 1)}


def _citation_parts(question: Question, answer: Answer | None) -> dict[str, Part]:
    citations = answer.citations if answer else ()
    gold = set(question.gold_articles)
    if not question.answerable:
        # Whatever a reply cites for what no article says, it cites wrongly.
        return {"gold_citations": (0, len(citations))}
    if not gold:
        return {}
    cited = gold & {citation.article for citation in citations}
    if question.scored_as == "multi":
        earned = len(cited) / len(gold)
    elif question.scored_as == "conflict":
        earned = float(cited == gold)
    else:
        earned = float(bool(cited))
    return {
        "gold_citations": _count(citation.article in gold for citation in citations),
        "gold_articles_cited": (earned, 1),
    }


def _abstention_parts(question: Question, answer: Answer | None) -> dict[str, Part]:
    declined = answer is not None and answer.status == "not_in_library"
    replied = answer is not None and not declined
    if question.answerable:
        # No answer is no answer to the person who asked, whether it was refused or failed.
        return {"abstention_accuracy": _count([replied]), "answerable_refused": _count([not replied])}
    return {"abstention_accuracy": _count([declined]), "unanswerable_refused": _count([declined])}


def _count(outcomes: Iterable[bool]) -> Part:
    outcomes = list(outcomes)
    return sum(outcomes), len(outcomes)
