"""The metadata block that may stand at the head of a Markdown or text file."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from ingest.text.dates import iso_date

# Longer than any author's metadata: what lies further apart are two lines of dashes in a text.
_LONGEST = 20_000
_YAML = re.compile(rf"\A---[ \t]*\n(.{{0,{_LONGEST}}}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(rf"\A\+\+\+[ \t]*\n(.{{0,{_LONGEST}}}?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_DEEPEST = 20
# Its author forgot the end: it is taken to end at the first empty line.
_OPEN = re.compile(rf"\A---[ \t]*\n(.{{0,{_LONGEST}}}?)\n[ \t]*(?=\n)", re.DOTALL)
_PAIR = re.compile(r"([A-Za-z_]+):[ \t]+(\S.*)")
_TITLE = ("title",)
_PUBLISHED = ("date", "published", "pubdate", "publishdate")
_UPDATED = ("updated", "modified", "lastmod", "last_modified")
# What else metadata has.
_OTHERS = (
    "author authors by publisher site site_name source url link canonical canonical_url lang language tags"
    " tag category categories keywords description summary subtitle excerpt slug layout draft type image"
    " cover weight series aliases permalink id status version licence license copyright toc"
)
_NAMES = frozenset((*_TITLE, *_PUBLISHED, *_UPDATED, *_OTHERS.split()))
_NO_VALUE = ("~", "null", "Null", "NULL")
_NOTHING = "tag:yaml.org,2002:null"


class _WordsLoader(yaml.BaseLoader):
    """Values as the words that stand there, but for those that say that there are none ("null", "~")."""


_WordsLoader.add_implicit_resolver(
    _NOTHING, re.compile(rf"(?:{'|'.join(_NO_VALUE)}|)\Z"), ["~", "n", "N", ""]
)
_WordsLoader.add_constructor(_NOTHING, lambda *_: None)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What an author wrote about an article; a field that is missing or empty is None."""

    title: str | None = None
    published: str | None = None
    updated: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None
    body_starts: int = 0


def read_front_matter(text: str) -> FrontMatter:
    """The front matter of `text`; `body_starts` is the offset of what follows it (0 when there is none).

    YAML between lines of --- or TOML between lines of +++, with line feeds as line ends. Of YAML that is
    broken, or not closed, the plain lines are read, if these are mostly metadata. A block that is
    neither, or not a mapping, is treated as text.
    """
    match = _YAML.match(text) or _TOML.match(text)
    values = None
    if match is not None:
        values = _yaml(match[1]) if text.startswith("-") else _toml(match[1])
    if values is None and (opened := _OPEN.match(text)) is not None:
        match, values = opened, _plain_lines(opened[1], is_closed=False)
    if match is None or values is None:
        return FrontMatter()
    plain = {str(key).lower(): _one_line(value) for key, value in values.items()}

    def first(*names: str) -> str | None:
        return next((plain[name] for name in names if plain.get(name)), None)

    return FrontMatter(
        title=first(*_TITLE),
        published=iso_date(first(*_PUBLISHED)),
        updated=iso_date(first(*_UPDATED)),
        publisher=first("publisher", "site", "site_name", "source"),
        author=first("author", "authors", "by"),
        url=first("url", "link", "canonical", "canonical_url"),
        language=first("lang", "language"),
        body_starts=match.end(),
    )


def _yaml(block: str) -> dict[Any, Any] | None:
    """Values as plain strings: YAML's own dates would be moved to UTC, which can change the day."""
    try:
        _refuse_deep_nesting(block)
        values = yaml.load(block, Loader=_WordsLoader)
    except (yaml.YAMLError, RecursionError):
        # Most often an unquoted title with a colon in it: what each line says is still plain.
        return _plain_lines(block, is_closed=True)
    return values if isinstance(values, dict) else None


def _plain_lines(block: str, *, is_closed: bool) -> dict[Any, Any] | None:
    """What the lines say that are a name and its value; None where it seems to be no metadata.

    It is some if it has its end and nothing else stands in it. Else it has a title, or a day that is one, no
    empty line, and, where its end is missing, no line but with a name of metadata and what may stand below
    that; where it has its end, more of these than of others.
    """
    lines = block.splitlines()
    pairs = [_PAIR.fullmatch(line) for line in lines if line.strip()]
    said = {pair[1]: pair[2].strip() for pair in pairs if pair}
    if not (is_closed and all(pairs)):
        known, strange = _counted(lines)
        if not all(map(str.strip, lines)) or not _has_title_or_day(said):
            return None
        if strange >= known if is_closed else strange:
            return None
    return {name: words.strip("\"' ") for name, words in said.items() if words not in _NO_VALUE}


def _counted(lines: Sequence[str]) -> tuple[int, int]:
    """How many lines begin with a name that metadata has, and how many neither do nor stand below one.

    Entries and remarks stand below a name without a value ("tags:"), what is set off below any.
    """
    known = strange = 0
    is_bare = False
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and name.lower() in _NAMES and value[:1] in ("", " ", "\t"):
            known += 1
            is_bare = not value.strip()
        elif not known or not (line.startswith((" ", "\t")) or (is_bare and line.startswith(("- ", "#")))):
            strange += 1
    return known, strange


def _has_title_or_day(said: dict[Any, Any]) -> bool:
    names = {name.lower(): words for name, words in said.items()}
    days = (iso_date(names[name].strip("\"' ")) for name in (*_PUBLISHED, *_UPDATED) if name in names)
    return any(name in names for name in _TITLE) or any(days)


def _refuse_deep_nesting(block: str) -> None:
    """Raise YAMLError for values that nest deeper than anybody writes: PyYAML takes seconds over them."""
    depth = 0
    for event in yaml.parse(block, Loader=yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.YAMLError(f"values nest more than {_DEEPEST} deep")


def _toml(block: str) -> dict[Any, Any] | None:
    try:
        return tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _one_line(value: object) -> str:
    """A value's words. Of a list its entries, but nothing below them: YAML can nest without end."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_words(entry) for entry in value)))
    return _words(value)


def _words(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, date):
        value = value.isoformat()
    # A YAML escape can name half a character, which no file and no store can hold.
    return " ".join(value.encode(errors="replace").decode().split()) if isinstance(value, str) else ""
