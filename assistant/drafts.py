"""Drafts being written: their words are shown as they come, their sentences checked, kept or taken back."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answer_clock import AnswerClock
from assistant.composition import Composition
from assistant.drafted_sentences import DraftedSentences
from assistant.events import AnswerEvent, SentenceChecked, TextWritten
from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.completing import is_news
from assistant.proof.verification import SentenceAttributor
from assistant.sentence_stream import SentenceStream, finds_nothing
from assistant.writer import Reading, Stopped, Task

_MOST_REPEATS = 1


def _always(_: float) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft to write: its task, the part of the question it is for, and how its sentences are taken.

    `strictly`, weak support is too little; `adding`, what says nothing new is passed over; `narrowed`, it is
    written from some of the evidence only. `enough` tells from the log odds of the task's doubt whether to
    write at all.
    """

    task: Task
    part: int = 0
    strictly: bool = False
    adding: bool = False
    narrowed: bool = False
    enough: Callable[[float], bool] = _always


@dataclass(slots=True)
class Drafted:
    """What came of the drafts: `told` has the parts of the question of which a sentence stands.

    `named` tells that an article's sentence tells what was drafted in vain; `few_found_nothing`, that a draft
    from some of the evidence said that it does not answer. `outright` is the article's sentence that says
    what is asked nearly in the question's words.
    """

    told: set[int] = field(default_factory=set)
    named: bool = False
    few_found_nothing: bool = False
    outright: Quote | None = None


class DraftRun:
    """Writes the drafts of one answer into its composition; `drafted` tells what came of them."""

    def __init__(
        self,
        composition: Composition,
        sentences: EvidenceSentences,
        *,
        parts: Sequence[str],
        most_tokens: int,
        clock: AnswerClock,
    ) -> None:
        """A draft ends after `most_tokens`; none of the question's `parts` is a sentence of its answer."""
        self.drafted = Drafted()
        self._composition = composition
        self._taken = DraftedSentences(composition, far=sentences.is_far)
        self._sentences = sentences
        self._parts = parts
        self._most_tokens = most_tokens
        self._clock = clock

    @property
    def has_lost(self) -> bool:
        """Whether something drafted was taken back and nothing stands in its place."""
        return self._taken.has_lost

    def write(
        self,
        reading: Reading,
        draft: Draft,
        attributor: SentenceAttributor,
        *,
        most: int,
        stopped: Stopped,
    ) -> Generator[AnswerEvent, None, bool]:
        """Write until the draft ends, goes round in circles, or `most` sentences of the answer stand.

        Returns false when nothing was written, since the doubt was not `enough`.
        """
        task, composition = draft.task, self._composition
        stream = SentenceStream(task.question, *self._parts)
        finished = False
        before = composition.said
        self._taken.begin_draft()
        self._clock.begin_draft()
        for written in reading.write(task, max_tokens=self._most_tokens, stopped=stopped):
            self._clock.count(written)
            if written.yes_margin is not None and not draft.enough(written.yes_margin):
                return False
            finished = written.finished
            if written.text:
                self._clock.shown(written.text)
                yield TextWritten(written.text)
            yield from self._checked(stream.add(written.text), draft, attributor)
            if stream.repeats > _MOST_REPEATS or composition.standing >= most:
                break
        yield from self._checked(stream.finish(natural=finished), draft, attributor)
        if composition.said != before:
            self.drafted.told.add(draft.part)
        return True

    def _checked(
        self, texts: Sequence[str], draft: Draft, attributor: SentenceAttributor
    ) -> Iterator[SentenceChecked]:
        for text in texts:
            if draft.narrowed and finds_nothing(text):
                # Of these few; all passages were judged to hold the answer. It takes a sure quote then.
                self.drafted.few_found_nothing = True
                continue
            if (
                draft.adding and not is_news(text, self._composition.said, self._sentences)
            ) or self._has_said(text):
                continue
            with self._clock.checks():
                checked = self._taken.add(text, attributor, strictly=draft.strictly, knows=self._has_said)
            if checked is not None:
                yield checked

    def _has_said(self, text: str) -> bool:
        return self._composition.has_said(text, self._sentences)
