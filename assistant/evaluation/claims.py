"""The labelled claims that the checking of drafted sentences is calibrated and tested on."""

from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.json_lines import JsonLine, json_lines
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
    claims: dict[str, LabelledClaim] = {}
    for line in json_lines(path, what="claims", error=ClaimsUnreadable):
        claim = _claim(line)
        if claim.id in claims:
            raise ClaimsUnreadable(f"{line.where}: id {claim.id!r} is used twice; give each its own")
        claims[claim.id] = claim
    if not claims:
        raise ClaimsUnreadable(
            f"claims {str(path)!r}: the file holds no claim; write one JSON object per line"
        )
    return tuple(claims.values())


def _claim(line: JsonLine) -> LabelledClaim:
    true = _flag(line, "true")
    start = _offset(line, "start", least=0)
    return LabelledClaim(
        id=line.text("id"),
        article=line.text("article"),
        start=start,
        end=_offset(line, "end", least=start + 1),
        claim=line.text("claim"),
        true=true,
        kind=_kind(line, "kind", TRUE_KINDS if true else FALSE_KINDS),
        aside=_flag(line, "aside"),
    )


def _flag(line: JsonLine, field: str) -> bool:
    value = line.required(field)
    if not isinstance(value, bool):
        raise line.wrong(field, "true or false")
    return value


def _offset(line: JsonLine, field: str, *, least: int) -> int:
    value = line.required(field)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise line.wrong(field, f"a whole number of at least {least}")
    return value


def _kind(line: JsonLine, field: str, kinds: tuple[str, ...]) -> str:
    value = line.required(field)
    if not isinstance(value, str) or value not in kinds:
        raise line.wrong(field, f"one of {', '.join(kinds)}, as the claim's truth demands")
    return value
