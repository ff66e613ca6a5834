"""What a page says of itself in JSON-LD, as search engines have it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

# Remarks and CDATA marks stand around it on older systems.
_AROUND = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)?|(?:-->|//\s*\]\]>|\]\]>)?\s*\Z")
_CONTROLS = re.compile("[\x00-\x1f]")
_DEEPEST = 8
_LONGEST = 500_000


@dataclass(frozen=True, slots=True)
class StructuredData:
    """The facts of the page's article, as they are written; what is not told is None."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    language: str | None = None


def read_structured_data(tree: HtmlElement) -> StructuredData:
    """What the page's JSON-LD says of its article: of several, the first that has a date or an author.

    An article listed inside another thing (a list of teasers, a comment) is not the page's own.
    """
    nodes = [node for script in _scripts(tree) for node in _nodes(script, 0)]
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    articles = sorted(
        (node for node in nodes if _is_article(node)), key=lambda node: "WebPage" in _types(node)
    )
    telling = [node for node in articles if any(node.get(key) for key in ("datePublished", "author"))]
    site = next((_text(node.get("name")) for node in nodes if "WebSite" in _types(node)), None)
    if not articles:
        return StructuredData(publisher=site)
    node = (telling or articles)[0]
    return StructuredData(
        title=_text(node.get("headline")) or _text(node.get("name")),
        author=_names(node.get("author"), by_id),
        publisher=_names(node.get("publisher"), by_id) or site,
        published=_text(node.get("datePublished")) or _text(node.get("dateCreated")),
        updated=_text(node.get("dateModified")),
        url=_text(node.get("url")) or _address(node.get("mainEntityOfPage")),
        language=_text(node.get("inLanguage")),
    )


def _scripts(tree: HtmlElement) -> Iterator[Any]:
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "")[:_LONGEST]
        try:
            yield json.loads(_AROUND.sub("", text))
        except (ValueError, RecursionError):
            # A line break within a string is the most frequent mistake, and changes nothing said.
            try:
                yield json.loads(_CONTROLS.sub(" ", _AROUND.sub("", text)))
            except (ValueError, RecursionError):
                continue


def _nodes(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The things a script describes for themselves, not those inside others."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity"):
            yield from _nodes(value.get(key), depth + 1)


def _types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _is_article(node: dict[str, Any]) -> bool:
    return any(
        kind.endswith(("Article", "Posting", "Report")) or kind in ("Question", "WebPage", "Dataset")
        for kind in _types(node)
    )


def _names(value: Any, by_id: dict[str, dict[str, Any]]) -> str | None:
    """The name of somebody, or the names of several, whether told here or elsewhere on the page."""
    found: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        name = one if isinstance(one, str) else None
        if isinstance(one, dict):
            told = one.get("name") or by_id.get(str(one.get("@id")), {}).get("name")
            name = _text(told)
        if name and "://" not in name and _sound(name) not in found:
            found.append(_sound(name))
    return ", ".join(found) or None


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return _sound(value) if isinstance(value, str) and value.strip() else None


def _sound(text: str) -> str:
    """Without what no store can hold: an escape can name half a character."""
    return _CONTROLS.sub(" ", text).encode(errors="replace").decode()


def _address(value: Any) -> str | None:
    return _text(value.get("@id")) if isinstance(value, dict) else _text(value)
