"""How far an answer is: what the page shows while it is made, event by event."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from assistant.answer import AnsweredSentence, Citation
from assistant.events import (
    AnswerEvent,
    AnswerFinished,
    EvidenceFound,
    QuestionUnderstood,
    SentenceChecked,
    TextWritten,
)

Stage = Literal["waiting", "reading", "searching", "found", "writing"]

_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer is: what the page shows while it is made.

    `number` is its place in line while it waits, 1 for the next one; `first_number` the one it began with.
    """

    stage: Stage = "reading"
    standalone_question: str | None = None
    titles: tuple[str, ...] = ()
    draft: str = ""
    sentences: tuple[AnsweredSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    stopping: bool = False
    number: int = 0
    first_number: int = 0

    @property
    def pending(self) -> str:
        """What was written after the last checked sentence."""
        return unchecked(self.draft, [sentence.text for sentence in self.sentences])


def unchecked(draft: str, checked: Iterable[str]) -> str:
    """The rest of a draft behind its checked sentences.

    A sentence that was reworded in checking stands for one drafted sentence; drafted text that was
    passed over was taken back.
    """
    position = 0
    for text in checked:
        words = re.compile(r"\s+".join(re.escape(word) for word in text.split()))
        found = words.search(draft, position)
        if found:
            position = found.end()
        else:
            end = _SENTENCE_END.search(draft, position)
            position = end.end() if end else len(draft)
    return draft[position:].lstrip()


def advance(progress: Progress, event: AnswerEvent) -> Progress:
    """The progress after one more event; the last event changes nothing here."""
    match event:
        case QuestionUnderstood(standalone_question=question):
            # A follow-up that found nothing may be understood anew: nothing of before belongs to that.
            return Progress("searching", question, stopping=progress.stopping)
        case EvidenceFound(passages=passages):
            titles = tuple(dict.fromkeys(one.passage.title for one in passages))
            return replace(progress, stage="found", titles=titles)
        case TextWritten(text=text):
            return replace(progress, stage="writing", draft=progress.draft + text)
        case SentenceChecked(sentence=sentence, citations=citations):
            known = {one.number: one for one in (*progress.citations, *citations)}
            return replace(
                progress,
                stage="writing",
                sentences=(*progress.sentences, sentence),
                citations=tuple(known[number] for number in sorted(known)),
            )
        case AnswerFinished():
            return progress
