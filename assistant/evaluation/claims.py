"""The labelled claims that the checking of drafted sentences is calibrated and tested on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation.matching import plain
from index_store.errors import UsageError

TRUE_KINDS = ("paraphrase", "close", "joined", "figure")
FALSE_KINDS = (
    "swapped subject",
    "wrong figure",
    "wrong unit",
    "wrong date",
    "wrong version",
    "negation",
    "comparison",
    "over-general",
    "cause and effect",
    "table rows",
    "another thing",
    "invented detail",
)


class ClaimsUnreadable(UsageError):
    """A file of claims that is not there, or a line of it that is not in the format."""


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """One sentence as a small model might write it, and whether its article carries it.

    `start` and `end` are character offsets in the clean text of `article` (a path relative to its source
    folder): whole sentences, or a table from its header down to the row in question, that decide about
    the claim. `kind` is one of TRUE_KINDS or FALSE_KINDS, the latter being the ways in which small models
    get sentences wrong. What is `aside` is for testing only: no threshold may be chosen on it.
    """

    id: str
    article: str
    start: int
    end: int
    claim: str
    true: bool
    kind: str
    aside: bool

    def evidence(self, text: str) -> str:
        """The part of the article's clean text that decides. Raises ClaimsUnreadable when it is too short."""
        if self.end > len(text):
            raise ClaimsUnreadable(
                f"claim {self.id!r}: {self.article!r} has {len(text)} characters, but the span is "
                f"{self.start} to {self.end}; use the article that the claim was written for"
            )
        return text[self.start : self.end]


def load_claims(path: Path) -> tuple[LabelledClaim, ...]:
    """Read a JSONL file, one claim a line; blank lines and unknown fields are passed over.

    Raises ClaimsUnreadable, naming the file, the line and the field.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        why = error.strerror or error
        raise ClaimsUnreadable(f"claims {str(path)!r}: cannot be read ({why}); name a JSONL file") from error
    except UnicodeDecodeError as error:
        raise ClaimsUnreadable(
            f"claims {str(path)!r}: not UTF-8 (byte {error.start}); save the file as UTF-8"
        ) from error
    claims: dict[str, LabelledClaim] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"claims {str(path)!r}, line {number}"
        claim = _Line(_record(line, where), where).claim()
        if claim.id in claims:
            raise ClaimsUnreadable(f"{where}: id {claim.id!r} is used twice; give each its own")
        claims[claim.id] = claim
    if not claims:
        raise ClaimsUnreadable(
            f"claims {str(path)!r}: the file holds no claim; write one JSON object per line"
        )
    return tuple(claims.values())


def _record(line: str, where: str) -> Mapping[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ClaimsUnreadable(f"{where}: not JSON ({error}); write one JSON object per line") from error
    if not isinstance(record, dict):
        raise ClaimsUnreadable(f"{where}: {_shown(record)} is no JSON object; write one per line")
    return record


@dataclass(frozen=True, slots=True)
class _Line:
    """One line's JSON object, read field by field."""

    record: Mapping[str, Any]
    where: str

    def claim(self) -> LabelledClaim:
        true = self._flag("true")
        start = self._offset("start", least=0)
        return LabelledClaim(
            id=self._text("id"),
            article=self._text("article"),
            start=start,
            end=self._offset("end", least=start + 1),
            claim=self._text("claim"),
            true=true,
            kind=self._kind(TRUE_KINDS if true else FALSE_KINDS),
            aside=self._flag("aside"),
        )

    def _text(self, field: str) -> str:
        value = self._value(field)
        # Marks alone ("**") are no text: stripped, nothing of them is left.
        if not isinstance(value, str) or not plain(value):
            raise self._wrong(field, "a string with words in it")
        return value

    def _flag(self, field: str) -> bool:
        value = self._value(field)
        if not isinstance(value, bool):
            raise self._wrong(field, "true or false")
        return value

    def _offset(self, field: str, *, least: int) -> int:
        value = self._value(field)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self._wrong(field, f"a whole number of at least {least}")
        return value

    def _kind(self, kinds: tuple[str, ...]) -> str:
        value = self._value("kind")
        if not isinstance(value, str) or value not in kinds:
            raise self._wrong("kind", f"one of {', '.join(kinds)}, as the claim's truth demands")
        return value

    def _value(self, field: str) -> object:
        if field not in self.record:
            raise ClaimsUnreadable(f"{self.where}: field {field!r} is missing; add it")
        return self.record[field]

    def _wrong(self, field: str, wanted: str) -> ClaimsUnreadable:
        value = _shown(self.record[field])
        return ClaimsUnreadable(f"{self.where}: field {field!r} is {value}; make it {wanted}")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
