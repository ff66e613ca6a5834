"""From a question to a grounded, cited answer: the whole path, step by step."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from assistant.answer import Answer
from assistant.answer_clock import AnswerClock
from assistant.answer_run import AnswerRun, Read
from assistant.answer_settings import AnswerSettings
from assistant.asked import Asked
from assistant.composition import Composition
from assistant.events import AnswerEvent, AnswerFinished, EvidenceFound, QuestionUnderstood, Turn
from assistant.finding.choosing import weighs_alternatives
from assistant.finding.evidence import EvidenceChooser, evidence_texts
from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.follow_up import asked_of_the_topic, standalone_question
from assistant.finding.named_articles import NamedArticles
from assistant.finding.nearest import nearest_articles
from assistant.finding.other_language import in_english
from assistant.finding.passage_order import in_order
from assistant.finding.question import checked_question, encodable, says_something
from assistant.finding.regulated import put_as, searched_as
from assistant.finding.reranking import Reranker, reranked
from assistant.finding.side_by_side import AskedOfOne, asked_of_each
from assistant.finding.sufficiency import EvidenceJudge
from assistant.finding.unknown_names import covering, unknown_names
from assistant.prompts import sources
from assistant.proof.disagreement import DisagreementFinder
from assistant.proof.footnotes import Footnotes
from assistant.proof.further_account import FurtherAccounts
from assistant.proof.judging import SentenceJudge
from assistant.proof.other_articles import OtherArticles
from assistant.proof.other_values import OtherValues
from assistant.proof.second_account import SecondAccounts
from assistant.writer import Reading, Stopped, Writer
from index_store.library import Library
from index_store.passage import ScoredPassage


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One attempt at an answer: where it is collected, what makes it, and what tells where the answer is."""

    composition: Composition
    run: AnswerRun
    holding: EvidenceJudge
    read: Read


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
        self._named = NamedArticles(library)
        self._disagreements = DisagreementFinder(library.lexical)

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """The best passages for a question as it stands, best first.

        Raises QuestionEmpty, QuestionTooLong, LibraryError.
        """
        return self._library.search(checked_question(question), limit)

    def evidence(self, question: str) -> list[ScoredPassage]:
        """The passages that the model would be shown for a question as it stands, best first."""
        text = checked_question(question)
        return self._chosen(text, self._found(text))[0]

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """The whole answer at once; raises as `stream` does."""
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
        standalone = encodable(standalone_question(text, history))
        answer = yield from self._answered(text, standalone, clock, stopped)
        if answer.status == "not_in_library" and not stopped():
            otherwise = in_english(standalone, self._writer, stopped) or asked_of_the_topic(text, history)
            if otherwise is not None:
                again = yield from self._answered(text, encodable(otherwise), clock, stopped)
                answer = answer if again.status == "not_in_library" else again
        yield AnswerFinished(answer)

    def _answered(
        self, text: str, standalone: str, clock: AnswerClock, stopped: Stopped
    ) -> Generator[AnswerEvent, None, Answer]:
        """The answer to a question as it is understood; `text` is what was typed."""
        yield QuestionUnderstood(standalone)
        found = self._found(standalone)
        evidence, each = self._chosen(standalone, found)
        asked = Asked(text, standalone, each)
        clock.retrieved = clock.now()
        yield EvidenceFound(tuple(evidence))
        if not evidence:
            composition = Composition(asked, self._writer.name, ())
            return self._not_in_library(composition, found, clock)
        attempt = self._attempt(asked, evidence, found, clock=clock, stopped=stopped)
        yield from attempt.run.draft(attempt.read, stopped)
        if attempt.run.is_unsure and not stopped():
            with clock.checks():
                evidence = self._weighed(asked.standalone, evidence, found, attempt.holding)
            yield EvidenceFound(tuple(evidence))
            attempt = self._attempt(
                asked, evidence, found, clock=clock, stopped=stopped, holding=attempt.holding
            )
            yield from attempt.run.draft(attempt.read, stopped)
        if not stopped():
            yield from attempt.run.complete(self._disagreements)
        composition = attempt.composition
        if composition.is_empty and composition.found_nothing:
            return self._not_in_library(composition, found, clock)
        return composition.answer(clock.timings())

    def _not_in_library(
        self, composition: Composition, found: Sequence[ScoredPassage], clock: AnswerClock
    ) -> Answer:
        nearest = nearest_articles(
            composition.asked.standalone, found, self._library.embedder, self._library.lexical
        )
        return composition.not_in_library(nearest, clock.timings())

    def _attempt(
        self,
        asked: Asked,
        evidence: Sequence[ScoredPassage],
        found: Sequence[ScoredPassage],
        *,
        clock: AnswerClock,
        stopped: Stopped,
        holding: EvidenceJudge | None = None,
    ) -> "_Attempt":
        """What makes an answer from this evidence; `holding` has weighed it, and put it in order."""
        sentences = EvidenceSentences(
            evidence, asked.standalone, self._library.embedder, self._library.lexical
        )
        footnotes = Footnotes(self._library.origins)
        composition = Composition(
            asked, self._writer.name, evidence, footnotes, columns_of=sentences.columns_of
        )
        judge = SentenceJudge(self._writer, stopped, columns_of=sentences.columns_of)
        holds = holding or EvidenceJudge(
            self._writer, stopped, self._settings.sufficiency, urgent=lambda: clock.is_silent
        )
        run = AnswerRun(
            asked,
            composition,
            sentences,
            judge,
            others=OtherArticles(
                SecondAccounts(self._library.search, sentences, judge),
                OtherValues(found, sentences, judge),
                FurtherAccounts(found, sentences, judge),
            ),
            holding=holds,
            # Read plainly, each passage by itself would be read a second time.
            apart=self._writer.keeps_sources,
            in_order=holding is not None,
            settings=self._settings,
            clock=clock,
        )
        closely = weighs_alternatives(asked.standalone)

        def read(hits: Sequence[ScoredPassage]) -> AbstractContextManager[Reading]:
            texts = evidence_texts(hits)
            shown = sources(texts, closely=closely and len(texts) > 1, urgent=clock.is_silent)
            return self._writer.read(shown, stopped=stopped)

        return _Attempt(composition, run, holds, read)

    def _weighed(
        self,
        question: str,
        evidence: Sequence[ScoredPassage],
        found: Sequence[ScoredPassage],
        holding: EvidenceJudge,
    ) -> list[ScoredPassage]:
        """The evidence chosen anew: first the best of it, in the order that the model gives them."""
        shown = {hit.passage.id for hit in evidence}
        candidates = [*evidence, *(hit for hit in found if hit.passage.id not in shown)]
        likeliest, others = candidates[: self._settings.weighed], candidates[self._settings.weighed :]
        weights = holding.weigh(put_as(question), likeliest)
        if weights is None:
            return list(evidence)
        return self._chooser.choose([*in_order(likeliest, weights), *others], question=question)

    def _chosen(
        self, question: str, found: Sequence[ScoredPassage]
    ) -> tuple[list[ScoredPassage], tuple[AskedOfOne, ...]]:
        """The evidence for a question, and what it asks of each of several things that the evidence knows."""
        each = asked_of_each(question)
        if each:
            titled = [self._titled_first(one) for one in each]
            evidence = self._chooser.choose_for_each(titled, found)
            # What one article tells of them all is told together.
            apart = len({hits[0].passage.article_key for hits in titled if hits}) > 1
            if apart and not any(unknown_names(one.question, evidence) for one in each):
                return evidence, tuple(each)
        evidence = self._chooser.choose(found, question=question)
        named = self._named.missing_from(evidence, question, self._settings.candidates) or covering(
            question, evidence, found
        )
        if named:
            ids = {hit.passage.id for hit in named}
            others = [hit for hit in found if hit.passage.id not in ids]
            # What was found best stays nearest to the question.
            evidence = self._chooser.choose([*others[:1], *named, *others[1:]], question=question)
        return evidence, ()

    def _titled_first(self, one: AskedOfOne) -> list[ScoredPassage]:
        """What was found about one thing: first what stands in articles about it."""
        return sorted(self._found(one.question), key=lambda hit: -one.nearness(hit.passage))

    def _found(self, question: str) -> list[ScoredPassage]:
        if not says_something(question):
            return []
        hits = self._library.search(searched_as(question), self._settings.candidates)
        return reranked(question, hits, self._reranker)
