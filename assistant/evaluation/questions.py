"""The questions that the answers are measured with, and what a right answer to each needs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from assistant.evaluation.matching import plain
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
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        why = error.strerror or error
        raise QuestionsUnreadable(
            f"questions {str(path)!r}: cannot be read ({why}); name a JSONL file"
        ) from error
    except UnicodeDecodeError as error:
        raise QuestionsUnreadable(
            f"questions {str(path)!r}: not UTF-8 (byte {error.start}); save the file as UTF-8"
        ) from error
    questions: dict[str, Question] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"questions {str(path)!r}, line {number}"
        question = _Line(_record(line, where), where).question()
        if question.id in questions:
            raise QuestionsUnreadable(f"{where}: id {question.id!r} is used twice; give each its own")
        questions[question.id] = question
    if not questions:
        raise QuestionsUnreadable(
            f"questions {str(path)!r}: the file holds no question; write one JSON object per line"
        )
    return tuple(questions.values())


def _record(line: str, where: str) -> Mapping[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionsUnreadable(f"{where}: not JSON ({error}); write one JSON object per line") from error
    if not isinstance(record, dict):
        raise QuestionsUnreadable(f"{where}: {_shown(record)} is no JSON object; write one per line")
    return record


@dataclass(frozen=True, slots=True)
class _Line:
    """One line's JSON object, read field by field."""

    record: Mapping[str, Any]
    where: str

    def question(self) -> Question:
        return Question(
            id=self._required("id"),
            kind=self._required("kind"),
            question=self._required("question"),
            history=self._turns("history"),
            gold_articles=self._texts("gold_articles"),
            gold_passages=self._texts("gold_passages"),
            answer_facts=self._facts("answer_facts"),
            note=self._note("note"),
        )

    def _required(self, field: str) -> str:
        if field not in self.record:
            raise QuestionsUnreadable(f"{self.where}: field {field!r} is missing; add it")
        value = self.record[field]
        if not _is_text(value):
            raise self._wrong(field, "a string with words in it")
        return cast(str, value)

    def _note(self, field: str) -> str:
        value = self.record.get(field, "")
        if not isinstance(value, str):
            raise self._wrong(field, "a string")
        return value

    def _texts(self, field: str) -> tuple[str, ...]:
        value = self.record.get(field, [])
        if not isinstance(value, list) or not all(_is_text(text) for text in value):
            raise self._wrong(field, "a list of strings with words in them")
        return tuple(dict.fromkeys(value))

    def _turns(self, field: str) -> tuple[Turn, ...]:
        turns = self._lists(field, "a list of [question, short answer] pairs")
        if any(len(turn) != 2 for turn in turns):
            raise self._wrong(field, "a list of [question, short answer] pairs")
        return tuple((question, answer) for question, answer in turns)

    def _facts(self, field: str) -> tuple[tuple[str, ...], ...]:
        return tuple(map(tuple, self._lists(field, "a list of lists of accepted spellings")))

    def _lists(self, field: str, wanted: str) -> list[list[str]]:
        value = self.record.get(field, [])
        if not isinstance(value, list):
            raise self._wrong(field, wanted)
        for entry in value:
            if not isinstance(entry, list) or not entry or not all(map(_is_text, entry)):
                raise self._wrong(field, wanted)
        return value

    def _wrong(self, field: str, wanted: str) -> QuestionsUnreadable:
        value = _shown(self.record[field])
        return QuestionsUnreadable(f"{self.where}: field {field!r} is {value}; make it {wanted}")


def _is_text(value: object) -> bool:
    # Marks alone ("**") are no text: stripped, they would be found in every answer.
    return isinstance(value, str) and bool(plain(value))


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
