"""From a question to a grounded, cited answer: the whole path, step by step."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from assistant.answer import Answer, Timings
from assistant.attribution import Attributor, quotes_of
from assistant.composition import Asked, Composition
from assistant.disagreement import DisagreementFinder
from assistant.events import (
    AnswerEvent,
    AnswerFinished,
    EvidenceFound,
    QuestionUnderstood,
    SentenceChecked,
    TextWritten,
    Turn,
)
from assistant.evidence import EvidenceChooser, evidence_texts
from assistant.follow_up import standalone_question
from assistant.prompts import draft_task, sources
from assistant.question import checked_question, encodable
from assistant.sentence_stream import SentenceStream
from assistant.sufficiency import Signs, SufficiencyWeights, unknown_names
from assistant.writer import Reading, Writer, Written
from index_store.library import Library
from index_store.passage import ScoredPassage

_MOST_REPEATS = 1


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How much is searched, shown and written. Tokens are the writing model's own."""

    candidates: int = 20
    evidence_tokens: int = 800
    evidence_passages: int = 6
    answer_tokens: int = 220
    sufficiency: SufficiencyWeights = field(default_factory=SufficiencyWeights)


@dataclass(slots=True)
class _Clock:
    """Milliseconds since the question arrived."""

    arrived: float = field(default_factory=perf_counter)
    retrieved: float = 0.0
    first_word: float = 0.0
    checking: float = 0.0
    prompt_tokens: int = 0
    answer_tokens: int = 0

    def now(self) -> float:
        return (perf_counter() - self.arrived) * 1000

    def count(self, written: Written) -> None:
        if not self.first_word and written.text.strip():
            self.first_word = self.now()
        self.prompt_tokens, self.answer_tokens = written.prompt_tokens, written.answer_tokens

    def timings(self) -> Timings:
        figures = (self.retrieved, self.first_word, self.now(), self.checking)
        retrieve, first, total, verify = (round(value, 1) for value in figures)
        return Timings(retrieve, first, total, verify, self.prompt_tokens, self.answer_tokens)


class Assistant:
    """Answers questions from one library with one model. Safe to use from several threads."""

    def __init__(self, library: Library, writer: Writer, settings: AnswerSettings | None = None) -> None:
        self._library = library
        self._writer = writer
        self._settings = settings or AnswerSettings()
        self._chooser = EvidenceChooser(
            budget=self._settings.evidence_tokens,
            most=self._settings.evidence_passages,
            count_tokens=writer.count_tokens,
        )
        self._disagreements = DisagreementFinder(library.lexical)

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """The best passages for a question as it stands, best first."""
        return self._library.search(checked_question(question), limit)

    def evidence(self, question: str) -> list[ScoredPassage]:
        """The passages that the model would be shown for a question as it stands, best first."""
        found = self._library.search(checked_question(question), self._settings.candidates)
        return self._chooser.choose(found)

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """The whole answer at once."""
        *_, last = self.stream(question, history=history)
        assert isinstance(last, AnswerFinished)
        return last.answer

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[AnswerEvent]:
        """See assistant.events.Answers."""
        clock = _Clock()
        text = checked_question(question)
        asked = Asked(text, encodable(standalone_question(text, history)))
        yield QuestionUnderstood(asked.standalone)
        found = self._library.search(asked.standalone, self._settings.candidates)
        evidence = self._chooser.choose(found)
        clock.retrieved = clock.now()
        yield EvidenceFound(tuple(evidence))
        composition = Composition(asked, self._writer.name, evidence)
        if evidence:
            with self._writer.read(sources(evidence_texts(evidence)), stopped=stopped) as reading:
                yield from self._draft(asked, reading, composition, clock, stopped)
        if composition.is_empty and (composition.found_nothing or not evidence):
            yield AnswerFinished(composition.not_in_library(found, clock.timings()))
            return
        yield AnswerFinished(composition.answer(clock.timings()))

    def _draft(
        self,
        asked: Asked,
        reading: Reading,
        composition: Composition,
        clock: _Clock,
        stopped: Callable[[], bool],
    ) -> Iterator[AnswerEvent]:
        evidence = composition.evidence
        attributor = Attributor(evidence, asked.standalone, self._library.embedder, self._library.lexical)
        sentences = SentenceStream(asked.question)
        task = draft_task(asked.standalone)
        finished = False
        for written in reading.write(task, max_tokens=self._settings.answer_tokens, stopped=stopped):
            clock.count(written)
            if written.yes_margin is not None and not self._suffices(asked, evidence, written.yes_margin):
                composition.found_nothing = True
                return
            finished = written.finished
            if written.text:
                yield TextWritten(written.text)
            yield from self._checked(sentences.add(written.text), composition, attributor, clock)
            if sentences.repeats > _MOST_REPEATS:
                break
        yield from self._checked(sentences.finish(natural=finished), composition, attributor, clock)
        if stopped() or (composition.is_empty and composition.found_nothing):
            return
        best = attributor.best_quote() if composition.is_empty else None
        if best is not None:
            # Nothing that was drafted holds: the article's own words are the better answer.
            yield composition.quote(best)
        quotes = [quote for hit in evidence for quote in quotes_of(hit.passage)]
        for contradiction in self._disagreements.find(quotes, asked.standalone):
            # Sources may well disagree on something that this answer does not rest on.
            if composition.cites(contradiction.one) or composition.cites(contradiction.other):
                yield from composition.disagree(contradiction)

    def _suffices(self, asked: Asked, evidence: Sequence[ScoredPassage], yes_margin: float) -> bool:
        signs = Signs(yes_margin, len(unknown_names(asked.standalone, evidence)))
        weights = self._settings.sufficiency
        return weights.probability(signs) >= weights.threshold

    def _checked(
        self, texts: Sequence[str], composition: Composition, attributor: Attributor, clock: _Clock
    ) -> Iterator[SentenceChecked]:
        for text in texts:
            before = clock.now()
            checked = composition.add(text, attributor)
            clock.checking += clock.now() - before
            if checked is not None:
                yield checked
