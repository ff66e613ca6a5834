"""One answer being made from the evidence in place: decided on, drafted, checked and completed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial

from assistant.answer_clock import AnswerClock
from assistant.answer_settings import AnswerSettings
from assistant.composition import Asked, Composition
from assistant.events import AnswerEvent, SentenceChecked, TextWritten
from assistant.finding.choosing import asks_for_a_choice
from assistant.finding.evidence_sentences import EvidenceSentences, Quote, quotes_of
from assistant.finding.narrowed import about_one, naming_most
from assistant.finding.question_parts import asking_sentence, question_parts
from assistant.finding.regulated import put_as
from assistant.finding.sufficiency import Signs, unknown_names
from assistant.prompts import again_task, draft_task, one_of_several_task, part_task
from assistant.proof.about_one import AboutOne
from assistant.proof.attribution import Attributor
from assistant.proof.completing import (
    ANSWERS,
    BETTER_THAN_NOTHING,
    SURE,
    Completer,
    JudgedQuote,
    answers_part,
    is_news,
)
from assistant.proof.disagreement import DisagreementFinder
from assistant.proof.judging import SentenceJudge
from assistant.proof.quote_judgement import QuoteJudgement
from assistant.proof.rewording import Rewording
from assistant.proof.verification import SentenceAttributor, Verifier
from assistant.proof.wholeness import Wholeness
from assistant.retelling import Retelling
from assistant.sentence_stream import SentenceStream, finds_nothing
from assistant.writer import Reading, Stopped, Task
from index_store.passage import ScoredPassage

Read = Callable[[Sequence[ScoredPassage]], AbstractContextManager[Reading]]
"""Puts passages, the best first, before the model; they are taken away at the end of the block."""

_MOST_REPEATS = 1
# Of 157 drafts over two libraries five went on behind the fifth sentence that stood: none with a further fact.
_MOST_SENTENCES = 5
_MOST_PARTS = 3
_QUOTES_ALONE = 2
_NARROWED = 2


class AnswerRun:
    """Makes one answer; what comes of it stands in its composition."""

    def __init__(
        self,
        asked: Asked,
        composition: Composition,
        sentences: EvidenceSentences,
        judge: SentenceJudge,
        rewording: Rewording,
        *,
        settings: AnswerSettings,
        clock: AnswerClock,
    ) -> None:
        self._asked = asked
        self._composition = composition
        self._sentences = sentences
        self._settings = settings
        self._clock = clock
        each = [one.question for one in asked.each]
        self._parts = each or question_parts(asked.standalone)[:_MOST_PARTS]
        self._told: set[int] = set()
        self._redrafted = False
        self._few_found_nothing = False
        self._quotes = QuoteJudgement(sentences, judge, put_as(asked.standalone), self._parts)
        self._wholeness = Wholeness(asked.standalone, sentences, judge)
        self._verifier = Verifier(Attributor(sentences), judge, promising=self._quotes.promising)
        self._retelling = Retelling(rewording, self._verifier, sentences, composition)

    def draft(self, read: Read, stopped: Stopped) -> Iterator[AnswerEvent]:
        """Write and check sentence by sentence, unless the evidence does not suffice.

        Where advice is asked for, and where all is drafted again, what the passages carry only weakly does
        not stand: too often it is of something else.
        """
        each, evidence = self._asked.each, self._composition.evidence
        if each:
            for place, one in enumerate(each):
                if stopped():
                    return
                drafted = _Drafted(one_of_several_task(one.question), place, adding=True)
                attributor = AboutOne(self._verifier, one, each)
                with read(about_one(evidence, one, each)) as reading:
                    yield from self._write(reading, drafted, attributor, stopped)
            return
        task = draft_task(put_as(self._asked.standalone))
        drafted = _Drafted(task, strictly=asks_for_a_choice(self._asked.standalone))
        with read(evidence) as reading:
            yield from self._write(reading, drafted, self._verifier, stopped)
        if stopped():
            return
        if self._composition.has_lost and len(self._parts) > 1:
            yield from self._draft_lost_parts(read, stopped)
        elif self._composition.is_empty and not self._composition.found_nothing:
            # Nothing of the first draft stands: once more, from the passages that name what was asked about.
            narrowed = naming_most(evidence, self._asked.standalone, _NARROWED)
            if len(narrowed) < len(evidence):
                task = again_task(put_as(self._asked.standalone))
                drafted = _Drafted(task, strictly=True, adding=True, narrowed=True)
                yield from self._draft_again(read, narrowed, drafted, stopped)
                self._redrafted = not self._composition.is_empty

    def _draft_lost_parts(self, read: Read, stopped: Stopped) -> Iterator[AnswerEvent]:
        for place, part in enumerate(self._parts):
            if not stopped() and not answers_part(self._composition.said, part, self._sentences):
                task = part_task(self._asked.standalone, asking_sentence(part))
                likeliest = self._quotes.passages(place)[:_NARROWED]
                yield from self._draft_again(read, likeliest, _Drafted(task, adding=True), stopped)

    def _draft_again(
        self, read: Read, evidence: Sequence[ScoredPassage], drafted: "_Drafted", stopped: Stopped
    ) -> Iterator[AnswerEvent]:
        with read(evidence) as reading:
            yield from self._write(reading, drafted, self._verifier, stopped)

    def _write(
        self, reading: Reading, drafted: "_Drafted", attributor: SentenceAttributor, stopped: Stopped
    ) -> Iterator[AnswerEvent]:
        task = drafted.task
        stream = SentenceStream(task.question)
        finished = False
        before = self._composition.said
        most = self._composition.standing + _MOST_SENTENCES
        self._composition.begin_draft()
        for written in reading.write(task, max_tokens=self._settings.answer_tokens, stopped=stopped):
            self._clock.count(written)
            if written.yes_margin is not None and not self._suffices(written.yes_margin, drafted):
                self._composition.found_nothing = True
                return
            finished = written.finished
            if written.text:
                self._clock.shown(written.text)
                yield TextWritten(written.text)
            yield from self._checked(stream.add(written.text), drafted, attributor)
            if stream.repeats > _MOST_REPEATS or self._composition.standing >= most:
                break
        yield from self._checked(stream.finish(natural=finished), drafted, attributor)
        if self._composition.said != before:
            self._told.add(drafted.part)

    def complete(self, disagreements: DisagreementFinder) -> Iterator[AnswerEvent]:
        """Add the articles' own sentences that answer, and what other sources say against it.

        Where one question was asked and all that was drafted stands, judging more would seldom bring a fact.
        Each is answered from by itself, to fit the question; where that cannot be proved, it is quoted.
        """
        composition = self._composition
        if composition.is_empty and composition.found_nothing:
            return
        composition.missing = composition.lacks
        each = self._asked.each
        if self._most_quotes() or (len(self._parts) > 1 and not each):
            judged = self._judgement(self._settings.judged_quotes)
            if self._few_found_nothing:
                judged = [one for one in judged if one.margin >= SURE]
            # What one thing is told of already needs no quote, whatever else of it was lost.
            completer = Completer(
                self._sentences, [one for one in judged if not each or one.part not in self._told]
            )
            for one in completer.quotes(composition.said, self._most_quotes()):
                # Nothing that was drafted says this, or says it right: the article does.
                quote = one.ranked.candidate.quote
                if not each:
                    yield from self._add(quote, self._asked.standalone)
                elif AboutOne(self._verifier, each[one.part], each).other_in(quote) is None:
                    yield from self._add(quote, one.asked)
            if composition.is_empty:
                composition.found_nothing = True
                return
            composition.missing = self._missing(completer.best_margins())
        if not each:
            yield from self._make_whole()
        quotes = [quote for hit in composition.evidence for quote in quotes_of(hit.passage)]
        for contradiction in disagreements.find(quotes, self._asked.standalone):
            # Sources may well disagree on something that this answer does not rest on.
            if composition.cites(contradiction.one) or composition.cites(contradiction.other):
                yield from composition.disagree(contradiction)

    def _make_whole(self) -> Iterator[AnswerEvent]:
        """Where what stands does not answer, one quote that does; else it is told that it answers in part."""
        composition, asked = self._composition, self._asked.standalone
        if not self._leaves_open():
            return
        judged = self._judgement(self._settings.judged_for_open)
        added = Completer(self._sentences, judged).quotes(composition.said, 1)
        for one in added:
            yield from self._add(one.ranked.candidate.quote, asked)
        if composition.missing is None and (not added or self._leaves_open()):
            composition.missing = asking_sentence(asked)

    def _leaves_open(self) -> bool:
        before = self._clock.now()
        is_open = self._wholeness.leaves_open(self._composition.said)
        self._clock.checking += self._clock.now() - before
        return is_open

    def _add(self, quote: Quote, asked: str) -> Iterator[SentenceChecked]:
        """What a quote says to what was asked, if that is news and can be proved; else the quote."""
        before = self._clock.now()
        checked = self._retelling.of(quote, asked)
        self._clock.checking += self._clock.now() - before
        if checked is None:
            checked = self._composition.quote(quote)
        self._clock.shown(checked.sentence.text)
        yield checked

    def _most_quotes(self) -> int:
        """Two where nothing stands, one for each part without a sentence, one where something was lost for
        good or all that stands is quoted.
        """
        composition = self._composition
        if composition.is_empty:
            return _QUOTES_ALONE
        if self._asked.each:
            return len(self._parts) - len(self._told)
        parts = len(self._parts) if len(self._parts) > 1 else 0
        least = int((composition.has_lost and not self._redrafted) or composition.only_quotes)
        return max(least, parts - composition.own_sentences)

    def _suffices(self, yes_margin: float, drafted: "_Drafted") -> bool:
        weights, question = self._settings.sufficiency, drafted.task.question
        unknown = len(unknown_names(question, self._composition.evidence))
        signs = Signs(yes_margin, unknown, weighing=asks_for_a_choice(question))
        if weights.is_unsure(signs):
            judged = self._judgement(self._settings.judged_first)
            of_part = [one.margin for one in judged if not self._asked.each or one.part == drafted.part]
            signs = replace(signs, best_sentence=max(of_part, default=None))
        return weights.probability(signs) >= 0.5

    def _missing(self, margins: Mapping[int, float]) -> str | None:
        """The parts of the question that no sentence answers, while others do; or what the draft missed."""
        if self._asked.each:
            lost = [
                part
                for place, part in enumerate(self._parts)
                if place not in self._told and margins.get(place, BETTER_THAN_NOTHING) < ANSWERS
            ]
            return " ".join(lost) or None
        weights = self._settings.sufficiency
        answered = any(margins.get(place, ANSWERS) >= ANSWERS for place in range(len(self._parts)))
        lost = [
            part
            for place, part in enumerate(self._parts)
            if margins.get(place, ANSWERS) < weights.missing_below
            or (len(self._parts) > 1 and unknown_names(part, self._composition.evidence))
        ]
        return (
            " ".join(lost) if answered and lost and len(lost) < len(self._parts) else self._composition.lacks
        )

    def _judgement(self, most: int) -> Sequence[JudgedQuote]:
        """The `most` most promising sentences of the evidence; of several parts, half as many for each."""
        before = self._clock.now()
        each = most if len(self._parts) == 1 else (most + 1) // 2
        judged = self._quotes.best(each, said=self._composition.said)
        self._clock.checking += self._clock.now() - before
        return judged

    def _checked(
        self, texts: Sequence[str], drafted: "_Drafted", attributor: SentenceAttributor
    ) -> Iterator[SentenceChecked]:
        for text in texts:
            if drafted.narrowed and finds_nothing(text):
                # Of these few; all passages were judged to hold the answer. It takes a sure quote then.
                self._few_found_nothing = True
                continue
            if (
                (drafted.adding and not is_news(text, self._composition.said, self._sentences))
                or self._composition.has_said(text, self._sentences)
                or self._composition.has_quoted_all_of(text, self._sentences)
            ):
                continue
            before = self._clock.now()
            checked = self._composition.add(
                text,
                attributor,
                strictly=drafted.strictly,
                reworded=partial(self._retelling.instead, asked=drafted.task.question),
            )
            self._clock.checking += self._clock.now() - before
            if checked is not None:
                yield checked


@dataclass(frozen=True, slots=True)
class _Drafted:
    """One draft: its task, the part of the question it is for, and how its sentences are taken.

    `strictly`, weak support is too little; `adding`, what says nothing new is passed over; `narrowed`, it is
    written from some of the evidence only.
    """

    task: Task
    part: int = 0
    strictly: bool = False
    adding: bool = False
    narrowed: bool = False
