"""The metadata block that may stand at the head of a Markdown or text file."""

import re
from dataclasses import dataclass

import yaml

from ingest.dates import iso_date

_FENCE = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What an author wrote about an article; a field that is missing or empty is None."""

    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None
    body_starts: int = 0


def read_front_matter(text: str) -> FrontMatter:
    """The front matter of `text`; `body_starts` is the offset of what follows it (0 when there is none).

    Values are read as plain strings: YAML's own dates would be moved to UTC, which can change the day.
    A block that is not YAML, or not a mapping, is treated as text.
    """
    match = _FENCE.match(text)
    if match is None:
        return FrontMatter()
    try:
        values = yaml.load(match.group(1), Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return FrontMatter()
    if not isinstance(values, dict):
        return FrontMatter()
    plain = {str(key).lower(): _one_line(value) for key, value in values.items()}

    def first(*names: str) -> str | None:
        return next((plain[name] for name in names if plain.get(name)), None)

    return FrontMatter(
        title=first("title"),
        published=iso_date(first("date", "published", "pubdate", "publishdate")),
        publisher=first("publisher", "site", "site_name", "source"),
        author=first("author", "authors", "by"),
        url=first("url", "link", "canonical", "canonical_url"),
        language=first("lang", "language"),
        body_starts=match.end(),
    )


def _one_line(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_one_line(item) for item in value)
    return " ".join(value.split()) if isinstance(value, str) else ""
