"""One answer being made from the evidence in place: decided on, drafted sentence by sentence, and checked."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial

from assistant.answer_clock import AnswerClock
from assistant.answer_completion import AnswerCompletion
from assistant.answer_decision import AnswerDecision
from assistant.answer_settings import AnswerSettings
from assistant.asked import Asked
from assistant.composition import Composition
from assistant.drafts import Draft, DraftRun
from assistant.events import AnswerEvent
from assistant.finding.choosing import weighs_alternatives
from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.narrowed import about_one, naming_most
from assistant.finding.outright import stated_outright
from assistant.finding.question_parts import asking_sentence, question_parts
from assistant.finding.quote import Quote
from assistant.finding.regulated import put_as
from assistant.finding.sufficiency import EvidenceJudge
from assistant.finding.unknown_names import unknown_names
from assistant.prompts import again_task, alone_task, draft_task, one_of_several_task, part_task
from assistant.proof.about_one import AboutOne
from assistant.proof.attribution import Attributor
from assistant.proof.borrowing import borrowed_words
from assistant.proof.completing import answers_part
from assistant.proof.disagreement import DisagreementFinder
from assistant.proof.judging import SentenceJudge
from assistant.proof.other_articles import OtherArticles
from assistant.proof.quote_judgement import QuoteJudgement
from assistant.proof.reasons import Reasons
from assistant.proof.relevance import Relevance
from assistant.proof.verification import SentenceAttributor, Verifier
from assistant.proof.wholeness import Wholeness
from assistant.writer import Reading, Stopped
from index_store.passage import ScoredPassage

Read = Callable[[Sequence[ScoredPassage]], AbstractContextManager[Reading]]
"""Puts passages, the best first, before the model; they are taken away at the end of the block."""

# Of 127 answers over two libraries five went on behind the fifth sentence: none with a further fact.
_MOST_SENTENCES = 5
_MOST_PARTS = 3
_NARROWED = 2
# Passages read by themselves, each alone, for an answer that leaves the question open.
_READ_ALONE = 2
# Of 85 questions over three libraries seven have a surer passage than the first sure one, five of these the
# second: it holds more of the answer for two, less for one.
_LOOKED_AT = 2
# Of what the model has put in order so many decide whether there is an answer: the more are asked, the
# likelier one of them is taken for it.
_IN_ORDER = 3


class AnswerRun:
    """Makes one answer; what comes of it stands in its composition."""

    def __init__(
        self,
        asked: Asked,
        composition: Composition,
        sentences: EvidenceSentences,
        judge: SentenceJudge,
        *,
        holding: EvidenceJudge,
        others: OtherArticles,
        apart: bool,
        in_order: bool,
        settings: AnswerSettings,
        clock: AnswerClock,
    ) -> None:
        """`apart`, passages can be judged and read again one by one; else all of them are together.

        `in_order`, the model has put the evidence in order already, as it has to when `is_unsure` after a
        draft: then nothing was told yet, and it begins anew.
        """
        self.is_unsure = False
        self._in_order = in_order
        self._asked = asked
        self._composition = composition
        self._sentences = sentences
        self._holding = holding
        self._apart = apart
        self._clock = clock
        self._read_alone: set[str] = set()
        each = [one.question for one in asked.each]
        self._parts = each or question_parts(asked.standalone)[:_MOST_PARTS]
        self._quotes = QuoteJudgement(sentences, judge, put_as(asked.standalone), self._parts)
        attributor = Attributor(sentences)
        self._verifier = Verifier(
            attributor,
            judge,
            promising=self._quotes.promising,
            borrowed=partial(borrowed_words, sentences=sentences),
            others=attributor.by_others,
        )
        self._drafts = DraftRun(
            composition,
            sentences,
            parts=self._parts,
            most_tokens=settings.answer_tokens,
            clock=clock,
        )
        wholeness = Wholeness(asked.standalone, sentences, judge)
        self._decision = AnswerDecision(
            composition,
            sentences,
            judge,
            holding=holding,
            sure=self._quotes.is_sure,
            wholeness=wholeness,
            apart=apart,
            parts=self._parts,
            clock=clock,
        )
        self._completion = AnswerCompletion(
            asked,
            composition,
            sentences,
            self._quotes,
            verifier=self._verifier,
            wholeness=wholeness,
            reasons=Reasons(sentences, judge),
            relevance=Relevance(asked.standalone, sentences, judge),
            others=others,
            parts=self._parts,
            settings=settings,
            clock=clock,
        )

    def draft(self, read: Read, stopped: Stopped) -> Iterator[AnswerEvent]:
        """Write and check sentence by sentence, unless the evidence does not suffice.

        Where things are to be weighed, and where all is drafted again, what the passages carry only weakly
        does not stand: too often it is of something else.
        """
        if self._asked.each:
            yield from self._draft_each(read, stopped)
            return
        asked = put_as(self._asked.standalone)
        choice = weighs_alternatives(self._asked.standalone)
        if self._apart and not choice:
            suffices = yield from self._draft_alone(read, asked, stopped)
        else:
            suffices = self._decision.suffices(asked, self._composition.evidence)
            if suffices:
                yield from self._draft_from_all(read, asked, stopped, strictly=choice)
        if not suffices:
            return
        if self._drafts.has_lost and len(self._parts) > 1:
            yield from self._draft_lost_parts(read, stopped)
        else:
            yield from self._draft_again(read, asked, stopped)

    def _draft_alone(self, read: Read, asked: str, stopped: Stopped) -> Generator[AnswerEvent, None, bool]:
        """From the first passage that surely answers, then from all where that leaves something open.

        Alone it has the fewest tokens before the first word, and is told most rightly (docs/log.md). Returns
        whether there is an answer at all.
        """
        evidence = self._composition.evidence
        nearest = evidence[0]
        outright = self._outright(evidence)
        written = False
        if outright is not None:
            nearest, self._drafts.drafted.outright = outright
        elif not self._in_order:
            # Its question is read once for whether this passage answers and for what it says.
            task = alone_task(asked, doubting=True)
            enough = partial(self._holding.is_sure, asked, evidence, nearest)
            first = Draft(task, narrowed=True, enough=enough)
            written = yield from self._draft_from(read, [nearest], first, stopped)
            self.is_unsure = not (written or stopped()) and self._wants_order(asked)
            if self.is_unsure:
                return False
        likeliest = evidence[:_IN_ORDER] if self._in_order else evidence
        if stopped() or not (outright or self._decision.suffices(asked, likeliest)):
            return False
        if not written:
            if outright is None and not self._in_order:
                nearest = self._holding.surest_so_far(asked, evidence) or nearest
            first = Draft(alone_task(asked), narrowed=True)
            yield from self._draft_from(read, [nearest], first, stopped)
        self._read_alone.add(nearest.passage.id)
        # What has the names and half of the words of the question seldom comes from the wrong passage.
        if not stopped() and not answers_part(self._composition.said, asked, self._sentences):
            yield from self._draft_from_surer(read, asked, nearest, stopped)
        missed = self._drafts.drafted.few_found_nothing
        if len(evidence) > 1 and not stopped() and self._decision.lacks_something(missed=missed):
            yield from self._draft_from_all(read, asked, stopped)
        return True

    def _wants_order(self, asked: str) -> bool:
        """Whether one passage has to be found for all that is asked.

        Parts are mostly told in several; a name that no source knows asks for more than any order gives.
        """
        return len(self._parts) == 1 and not unknown_names(asked, self._composition.evidence)

    def _outright(self, evidence: Sequence[ScoredPassage]) -> tuple[ScoredPassage, Quote] | None:
        if len(self._parts) > 1:
            return None
        return stated_outright(self._asked.standalone, evidence, self._sentences)

    def _draft_from_surer(
        self, read: Read, asked: str, told: ScoredPassage, stopped: Stopped
    ) -> Iterator[AnswerEvent]:
        """The first passage that was sure began the answer; the next one may be surer."""
        with self._clock.checks():
            surer = self._holding.surer(asked, self._composition.evidence[:_LOOKED_AT], told)
        if surer is not None:
            self._read_alone.add(surer.passage.id)
            draft = Draft(alone_task(asked), strictly=True, adding=True, narrowed=True)
            yield from self._draft_from(read, [surer], draft, stopped)

    def _draft_from_all(
        self, read: Read, asked: str, stopped: Stopped, *, strictly: bool = False
    ) -> Iterator[AnswerEvent]:
        adding = not self._composition.is_empty
        task = draft_task(asked, doubting=not self._apart)
        draft = Draft(
            task, strictly=strictly or adding, adding=adding, enough=partial(self._decision.all_do, asked)
        )
        yield from self._draft_from(read, self._composition.evidence, draft, stopped)

    def _draft_each(self, read: Read, stopped: Stopped) -> Iterator[AnswerEvent]:
        """About each of several things by itself, from the passages about it alone."""
        each = self._asked.each
        for place, one in enumerate(each):
            if stopped():
                return
            about = about_one(self._composition.evidence, one, each)
            if self._decision.suffices(one.question, about, one.question):
                task = one_of_several_task(one.question, doubting=not self._apart)
                draft = Draft(task, place, adding=True, enough=partial(self._decision.all_do, one.question))
                attributor = AboutOne(self._verifier, one, each)
                with read(about) as reading:
                    yield from self._write(reading, draft, attributor, stopped)

    def _draft_again(self, read: Read, asked: str, stopped: Stopped) -> Iterator[AnswerEvent]:
        """While the question is left open: from single passages, the one that most surely answers first.

        A small model that mixes up what many passages say of which tells it right from one (docs/log.md).
        """
        have_read = set(self._read_alone)
        for _ in range(_READ_ALONE - len(have_read)):
            if stopped() or not self._decision.leaves_open():
                break
            few = self._likeliest_few(asked, have_read)
            if not few:
                break
            have_read |= {hit.passage.id for hit in few}
            # In fewer words a single passage is told worse; of several that is all there is to add.
            task = alone_task(asked) if len(few) == 1 else again_task(asked)
            drafted = Draft(task, strictly=True, adding=True, narrowed=True)
            yield from self._draft_from(read, few, drafted, stopped)

    def _likeliest_few(self, asked: str, have_read: set[str]) -> Sequence[ScoredPassage]:
        """What of the evidence is read once more: the surest passage, else those that name most."""
        evidence = self._composition.evidence
        if len(evidence) < 2:
            return ()
        if self._apart:
            with self._clock.checks():
                surest = self._holding.surest(asked, evidence, have_read)
            return () if surest is None else (surest,)
        few = naming_most(evidence, self._asked.standalone, _NARROWED)
        # Read plainly it takes its time: once, and where nothing stands.
        nothing_yet = self._composition.is_empty and not self._composition.found_nothing
        return few if nothing_yet and not have_read and len(few) < len(evidence) else ()

    def _draft_lost_parts(self, read: Read, stopped: Stopped) -> Iterator[AnswerEvent]:
        for place, part in enumerate(self._parts):
            if not stopped() and not answers_part(self._composition.said, part, self._sentences):
                task = part_task(self._asked.standalone, asking_sentence(part))
                likeliest = self._quotes.passages(place)[:_NARROWED]
                yield from self._draft_from(read, likeliest, Draft(task, adding=True), stopped)

    def _draft_from(
        self, read: Read, evidence: Sequence[ScoredPassage], drafted: Draft, stopped: Stopped
    ) -> Generator[AnswerEvent, None, bool]:
        with read(evidence) as reading:
            return (yield from self._write(reading, drafted, self._verifier, stopped))

    def _write(
        self, reading: Reading, draft: Draft, attributor: SentenceAttributor, stopped: Stopped
    ) -> Generator[AnswerEvent, None, bool]:
        most = _MOST_SENTENCES + (self._composition.standing if self._asked.each else 0)
        return self._drafts.write(reading, draft, attributor, most=most, stopped=stopped)

    def complete(self, disagreements: DisagreementFinder) -> Iterator[AnswerEvent]:
        """Add what the articles say beyond the drafts. See AnswerCompletion."""
        return self._completion.run(self._drafts.drafted, disagreements)
