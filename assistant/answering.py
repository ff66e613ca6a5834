"""From a question to a grounded, cited answer: the whole path, step by step."""

from collections.abc import Callable, Iterator, Sequence

from assistant.answer import Answer
from assistant.answer_clock import AnswerClock
from assistant.answer_run import AnswerRun
from assistant.answer_settings import AnswerSettings
from assistant.composition import Asked, Composition
from assistant.events import AnswerEvent, AnswerFinished, EvidenceFound, QuestionUnderstood, Turn
from assistant.finding.choosing import asks_for_a_choice
from assistant.finding.evidence import EvidenceChooser, evidence_texts
from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.follow_up import standalone_question
from assistant.finding.question import checked_question, encodable
from assistant.finding.reranking import Reranker, reranked
from assistant.prompts import sources
from assistant.proof.disagreement import DisagreementFinder
from assistant.proof.footnotes import Footnotes
from assistant.proof.judging import SentenceJudge
from assistant.proof.rewording import Rewording
from assistant.writer import Writer
from index_store.library import Library
from index_store.passage import ScoredPassage


class Assistant:
    """Answers questions from one library with one model. Safe to use from several threads."""

    def __init__(
        self,
        library: Library,
        writer: Writer,
        settings: AnswerSettings | None = None,
        *,
        reranker: Reranker | None = None,
    ) -> None:
        self._library = library
        self._writer = writer
        self._settings = settings or AnswerSettings()
        self._reranker = reranker
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
        return self._chooser.choose(self._found(checked_question(question)), question=question)

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
        clock = AnswerClock()
        text = checked_question(question)
        asked = Asked(text, encodable(standalone_question(text, history)))
        yield QuestionUnderstood(asked.standalone)
        found = self._found(asked.standalone)
        evidence = self._chooser.choose(found, question=asked.standalone)
        clock.retrieved = clock.now()
        yield EvidenceFound(tuple(evidence))
        footnotes = Footnotes(self._library.origins)
        composition = Composition(asked, self._writer.name, evidence, footnotes)
        if evidence:
            sentences = EvidenceSentences(
                evidence, asked.standalone, self._library.embedder, self._library.lexical
            )
            judge = SentenceJudge(self._writer, stopped)
            rewording = Rewording(sentences, self._writer, stopped)
            run = AnswerRun(
                asked, composition, sentences, judge, rewording, settings=self._settings, clock=clock
            )
            closely = asks_for_a_choice(asked.standalone)
            shown = sources(evidence_texts(evidence), closely=closely)
            with self._writer.read(shown, stopped=stopped) as reading:
                yield from run.draft(reading, stopped)
            if not stopped():
                yield from run.complete(self._disagreements)
        if composition.is_empty and (composition.found_nothing or not evidence):
            yield AnswerFinished(composition.not_in_library(found, clock.timings()))
            return
        yield AnswerFinished(composition.answer(clock.timings()))

    def _found(self, question: str) -> list[ScoredPassage]:
        return reranked(question, self._library.search(question, self._settings.candidates), self._reranker)
