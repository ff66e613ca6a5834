"""What happens while an answer is made, in order, for whoever shows it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answer import Answer, AnsweredSentence, Citation
from index_store.passage import ScoredPassage

Turn = tuple[str, str]
"""An earlier exchange: the question and a short form of the answer."""


@dataclass(frozen=True, slots=True)
class QuestionUnderstood:
    """The question as it is searched for; differs from what was typed for a follow-up."""

    standalone_question: str


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """The passages that the answer will rest on, best first. Comes before the first word.

    It comes again where the model has put what was found in another order.
    """

    passages: tuple[ScoredPassage, ...]


@dataclass(frozen=True, slots=True)
class TextWritten:
    """The next piece of the draft, as it streams; sentences may still be taken back."""

    text: str


@dataclass(frozen=True, slots=True)
class SentenceChecked:
    """A finished sentence with its marks; `citations` holds those it uses, old and new."""

    sentence: AnsweredSentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class AnswerFinished:
    """The whole answer. Always the last event, after a stop too (then with what was written)."""

    answer: Answer


AnswerEvent = QuestionUnderstood | EvidenceFound | TextWritten | SentenceChecked | AnswerFinished


class Answers(Protocol):
    """Something that answers questions from the library; the page and the terminal show what it does."""

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[AnswerEvent]:
        """Answer one question, event by event; `stopped` is asked between tokens.

        Raises UsageError for an empty or over-long question, RunError when a part fails.
        """
        ...
