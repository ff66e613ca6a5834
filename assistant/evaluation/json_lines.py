"""Reads a file of JSON objects, one a line, and says of each where it stands and what is wrong with it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation.matching import plain
from index_store.errors import UsageError

_SHOWN = 80
"""Characters of a wrong value that an error shows."""


@dataclass(frozen=True, slots=True)
class JsonLine:
    """One line's JSON object; `where` names the file and the line, `error` is what a wrong field raises."""

    record: Mapping[str, Any]
    where: str
    error: type[UsageError]

    def required(self, field: str) -> object:
        """What a field holds that has to be there. Raises `error`."""
        if field not in self.record:
            raise self.error(f"{self.where}: field {field!r} is missing; add it")
        return self.record[field]

    def text(self, field: str) -> str:
        """A required string with words in it. Raises `error`."""
        value = self.required(field)
        if not is_text(value):
            raise self.wrong(field, "a string with words in it")
        return str(value)

    def wrong(self, field: str, wanted: str) -> UsageError:
        """The error for a field that holds something else than what is wanted."""
        value = _shown(self.record[field])
        return self.error(f"{self.where}: field {field!r} is {value}; make it {wanted}")


def json_lines(path: Path, *, what: str, error: type[UsageError]) -> Iterator[JsonLine]:
    """The objects of a JSONL file of `what` ("questions"); blank lines are passed over.

    Raises `error`, naming the file and the line, when it cannot be read, or a line is no object.
    """
    file = f"{what} {str(path)!r}"
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as failure:
        why = failure.strerror or failure
        raise error(f"{file}: cannot be read ({why}); name a JSONL file") from failure
    except UnicodeDecodeError as failure:
        raise error(f"{file}: not UTF-8 (byte {failure.start}); save the file as UTF-8") from failure
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"{file}, line {number}"
            yield JsonLine(_record(line, where, error), where, error)


def is_text(value: object) -> bool:
    """Whether a value is a string with words in it: of marks alone ("**") nothing is left when stripped."""
    return isinstance(value, str) and bool(plain(value))


def _record(line: str, where: str, error: type[UsageError]) -> Mapping[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as failure:
        raise error(f"{where}: not JSON ({failure}); write one JSON object per line") from failure
    if not isinstance(record, dict):
        raise error(f"{where}: {_shown(record)} is no JSON object; write one per line")
    return record


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
