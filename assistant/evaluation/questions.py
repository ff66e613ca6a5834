"""The questions that the answers are measured with, and what a right answer to each needs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from assistant.evaluation.json_lines import JsonLine, is_text, json_lines
from assistant.events import Turn
from index_store.errors import UsageError

Kind = Literal["single", "multi", "followup", "conflict", "unanswerable"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class QuestionsUnreadable(UsageError):
    """A file of questions that is not there, or a line of it that is not in the format."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as a person would type it, with its gold.

    `gold_articles` are paths relative to the source folder; `gold_passages` are copied from those
    articles; each entry of `answer_facts` holds spellings of which one is enough. `history` is oldest
    first. Everything but id, kind and question may be empty; what is empty is not measured.
    """

    id: str
    kind: str
    question: str
    history: tuple[Turn, ...] = ()
    gold_articles: tuple[str, ...] = ()
    gold_passages: tuple[str, ...] = ()
    answer_facts: tuple[tuple[str, ...], ...] = ()
    note: str = ""

    @property
    def scored_as(self) -> Kind:
        """The kind whose rules apply: its own, or `single` for a kind that is not known here."""
        return next((kind for kind in KINDS if kind == self.kind), "single")

    @property
    def answerable(self) -> bool:
        """Whether the library holds an answer."""
        return self.scored_as != "unanswerable"

    @property
    def needs_every_article(self) -> bool:
        """Whether all gold articles are needed, not just one of them."""
        return self.scored_as in ("multi", "conflict")


def load_questions(path: Path) -> tuple[Question, ...]:
    """Read a JSONL file, one question a line; blank lines and unknown fields are passed over.

    Raises QuestionsUnreadable, naming the file, the line and the field.
    """
    questions: dict[str, Question] = {}
    for line in json_lines(path, what="questions", error=QuestionsUnreadable):
        question = _question(line)
        if question.id in questions:
            raise QuestionsUnreadable(f"{line.where}: id {question.id!r} is used twice; give each its own")
        questions[question.id] = question
    if not questions:
        raise QuestionsUnreadable(
            f"questions {str(path)!r}: the file holds no question; write one JSON object per line"
        )
    return tuple(questions.values())


def _question(line: JsonLine) -> Question:
    return Question(
        id=line.text("id"),
        kind=line.text("kind"),
        question=line.text("question"),
        history=_turns(line, "history"),
        gold_articles=_texts(line, "gold_articles"),
        gold_passages=_texts(line, "gold_passages"),
        answer_facts=tuple(map(tuple, _lists(line, "answer_facts", "a list of lists of accepted spellings"))),
        note=_note(line, "note"),
    )


def _note(line: JsonLine, field: str) -> str:
    value = line.record.get(field, "")
    if not isinstance(value, str):
        raise line.wrong(field, "a string")
    return value


def _texts(line: JsonLine, field: str) -> tuple[str, ...]:
    value = line.record.get(field, [])
    if not isinstance(value, list) or not all(map(is_text, value)):
        raise line.wrong(field, "a list of strings with words in them")
    return tuple(dict.fromkeys(value))


def _turns(line: JsonLine, field: str) -> tuple[Turn, ...]:
    wanted = "a list of [question, short answer] pairs"
    turns = _lists(line, field, wanted)
    if any(len(turn) != 2 for turn in turns):
        raise line.wrong(field, wanted)
    return tuple((question, answer) for question, answer in turns)


def _lists(line: JsonLine, field: str, wanted: str) -> list[list[str]]:
    value = line.record.get(field, [])
    if not isinstance(value, list):
        raise line.wrong(field, wanted)
    for entry in value:
        if not isinstance(entry, list) or not entry or not all(map(is_text, entry)):
            raise line.wrong(field, wanted)
    return value
