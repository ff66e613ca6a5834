"""The words that the model is given besides evidence and question.

What small models do with them is in docs/log.md. The orders to draft hold no way to refuse, since a small
model then refuses nearly all.
"""

from collections.abc import Iterable

from assistant.writer import Sources, Task

ORDERS = (
    "You answer questions for engineers and analysts from the sources they have collected. "
    "Say only what the sources say. Keep every number, unit, date and name exactly as the sources give it."
)
# "What the sources state" keeps a small model with them: asked for an answer or a recommendation it gives its
# own, such as the family it belongs to itself.
_IN_FULL = "with all figures and names."
_ORDER = f"Answer with what the sources state about this case, in two to four complete sentences, {_IN_FULL}"
_IN_TWO = f"Answer with what the sources state about this case, in one or two complete sentences, {_IN_FULL}"
# Of one source this is told as well behind the word that the doubt wants before the question (docs/log.md):
# question and word are read once for both. Without "Answer in" its figures came up in answers.
_OF_ONE = f"What do the sources state about this? Answer in two to four complete sentences, {_IN_FULL}"
_DOUBT = "Is the answer in the sources? Yes or No."


def sources(
    texts: Iterable[str], *, closely: bool = False, beside: bool = False, urgent: bool = False
) -> Sources:
    """The sources as the model has them before any question."""
    return Sources(ORDERS, tuple(texts), closely, beside, urgent)


def draft_task(question: str, *, doubting: bool = False) -> Task:
    """Asks for the answer; `doubting`, also whether the sources hold it at all."""
    return Task(question, _ORDER, _DOUBT if doubting else None)


def alone_task(question: str, *, doubting: bool = False) -> Task:
    """Asks for the answer from a single passage; `doubting`, also whether it holds it at all."""
    return Task(question, _OF_ONE, _DOUBT if doubting else None, at_once=True)


def one_of_several_task(question: str, *, doubting: bool = False) -> Task:
    """Asks the same of one of several things: little is to be said of each."""
    return Task(question, _IN_TWO, _DOUBT if doubting else None)


def part_task(question: str, part: str) -> Task:
    """Asks for one part of a question alone."""
    return Task(question, f"Answer only “{part}”. {_IN_TWO}")


def again_task(question: str) -> Task:
    """Asks for the answer once more, from fewer sources, after it was decided that there is one."""
    return Task(question, _IN_TWO)


def translation_task(question: str) -> Task:
    """Asks for a question in English."""
    return Task(question, "Translate this question into English. Give the translation alone.")


def answers_stem(question: str, part: str | None = None) -> str:
    """What stands before a sentence to ask whether it answers the question, or a part of it."""
    asked = f"“{part}”" if part else "the question"
    return f"Question: {question}\n\nDoes the sentence answer {asked}? Yes or No.\nSentence: "


def judged_text(text: str) -> str:
    """What claims are judged behind, as the model has it before them: like a source, it can be kept.

    Asked before the claim, the question is answered more rightly (docs/log.md), and is kept with the text.
    """
    return f"Passage: {text}\n\nIs every part of the claim stated in the passage? Yes or No."


def states_question(claim: str) -> str:
    """The claim that stands behind what it is judged by."""
    return f"Claim: {claim}"
