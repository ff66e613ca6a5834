"""What a web page tells of itself: in its head, in its markup, in its byline. Nothing is guessed."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from ingest.text.clean_text import fold
from ingest.text.dates import date_with_points, iso_date
from ingest.text.element_names import names_of
from ingest.text.structured_data import StructuredData, read_structured_data

_TITLES = "og:title twitter:title citation_title dc.title dcterms.title"
_AUTHORS = "author citation_author dc.creator dcterms.creator article:author parsely-author sailthru.author"
# One name each, as libraries write them.
_FORMAL_AUTHORS = "citation_author dc.creator dcterms.creator"
_PUBLISHERS = "og:site_name application-name citation_journal_title dc.publisher citation_publisher"
_PUBLISHED = (
    "article:published_time datepublished date dc.date dc.date.issued dcterms.date dcterms.created "
    "dcterms.issued citation_publication_date citation_date citation_online_date parsely-pub-date "
    "sailthru.date pubdate publishdate publish-date publication_date article.published"
)
_UPDATED = (
    "article:modified_time datemodified og:updated_time dc.date.modified dcterms.modified last-modified "
    "article.updated lastmod revised"
)
_LANGUAGES = "content-language dc.language dcterms.language citation_language language"
_SITE_SEPARATOR = re.compile(r"\s*[|»›·•]\s*|\s[-–—]\s")
_SEPARATOR = r"\s*(?:[|»›·•_]|\s[-–—:]\s|:\s)\s*"
# Behind the very words of the page's heading; Chinese pages put no spaces around it.
_BEHIND_HEADING = rf"(?:{_SEPARATOR}|(?<=[\u3040-\uffef])\s*[-–—]\s*)"
_BYLINE_MARK = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|作者|文|автор|بقلم)(?:\s*[:：]\s*|\s+)|^(?:作者|文)[:：]?\s*",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"updated|modified|last (?:change|edit|revision)|aktualisiert|geändert|zuletzt|mise? à jour|modifié|"
    r"actualizado|aggiornat|bijgewerkt|更新|修订|修改|обновлен|изменен|изменён|обновлён|تحديث",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:\d{4}\s*[-–—]?\s*(?:\d{4})?,?\s*)?([^.|©\n]{2,60})", re.IGNORECASE
)
_ADDRESS_DAY = re.compile(r"/(\d{4})/(\d{2})/(\d{2})(?:/|$)")
_SAID = frozenset("p div span a address li cite b strong em small dt".split())
_HOME = re.compile(r"/|\./|(?:\.\./)*(?:index\.html?)?|https?://[^/]+/?")
_UNSEEN = frozenset("script style noscript template".split())
# Longer than any line that holds a name or a day, and shorter than most that hold a sentence.
_SHORT = 90
# How many short lines behind the title may be its byline.
_NEAR = 8
# Names of what belongs to others than the article: its dates and authors are none of the page's.
_OTHERS = frozenset("comment comments related recommended teaser footer".split())
_LANDMARKS = frozenset("nav aside footer".split())


@dataclass(frozen=True, slots=True)
class WebPageFacts:
    """What a page says about itself; dates are ISO 8601, what it does not say is None."""

    title: str | None = None
    published: str | None = None
    updated: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None


def read_page_facts(tree: HtmlElement) -> WebPageFacts:
    """The facts that the page in `tree` (a whole document) tells.

    The head's own words go before JSON-LD for the address, JSON-LD before meta elements for the rest, and
    what only the reader of the page sees comes last.
    """
    told = read_structured_data(tree)
    meta = _Meta(tree)
    publisher = told.publisher or meta.first(_PUBLISHERS)
    publisher = _line(publisher) or _site_name(tree) or _holder(tree)
    url = _canonical(tree) or meta.first("og:url") or told.url
    title = _title(tree, told, meta, publisher)
    byline = list(_byline(tree, title))
    return WebPageFacts(
        title=title,
        published=_first_day(
            told.published,
            *meta.every(_PUBLISHED),
            *_marked(tree, "datePublished", "dateCreated", "dc:date", "pubdate", "published", "dt-published"),
            *(_CHANGED.split(line)[0] for line in byline),
            _day_in_address(url),
        ),
        updated=_first_day(
            told.updated,
            *meta.every(_UPDATED),
            *_marked(tree, "dateModified", "dc:modified", "updated", "dt-updated"),
            *_lines_of_change(tree),
        ),
        publisher=publisher,
        author=_author(tree, told, meta, publisher),
        url=_line(url),
        language=_language(tree, told, meta),
    )


class _Meta:
    """The meta elements of a page, by name in lower case; an empty one says nothing."""

    def __init__(self, tree: HtmlElement) -> None:
        self._values: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            value = fold(html.unescape(element.get("content") or ""))
            for key in ("property", "name", "itemprop", "http-equiv"):
                for name in (element.get(key) or "").lower().split():
                    if value:
                        self._values.setdefault(name, []).append(value)

    def every(self, names: str) -> list[str]:
        """All values of the first of `names` that has one, then those of the next."""
        return [value for name in names.split() for value in self._values.get(name, [])]

    def first(self, names: str) -> str | None:
        """The first value of the first of `names` that has one."""
        return next(iter(self.every(names)), None)


def _title(tree: HtmlElement, told: StructuredData, meta: _Meta, publisher: str | None) -> str | None:
    in_head = next((fold(one.text_content()) for one in tree.iterfind(".//head/title")), "")
    said = _line(told.title) or meta.first(_TITLES) or in_head
    headings = [fold(one.text_content()) for one in tree.iter("h1", "h2")]
    if said in headings:
        return said
    for heading in headings:
        # "Title | Section | Site" in the head, "Title" on the page.
        if (
            len(heading) > 3
            and heading != publisher
            and re.match(rf"{re.escape(heading)}{_BEHIND_HEADING}", said, re.IGNORECASE)
        ):
            return heading
    if publisher:
        name = re.escape(publisher)
        bare = re.sub(rf"{_SEPARATOR}{name}.{{0,30}}\Z|\A{name}{_SEPARATOR}", "", said, flags=re.IGNORECASE)
        said = bare or said
    return said or next((heading for heading in headings if heading), None)


def _author(tree: HtmlElement, told: StructuredData, meta: _Meta, publisher: str | None) -> str | None:
    if told.author:
        return _line(told.author)
    formal = frozenset(meta.every(_FORMAL_AUTHORS))
    named = [
        _in_spoken_order(name) if name in formal else name
        for name in meta.every(_AUTHORS)
        if "://" not in name and not name.startswith("@")
    ]
    if named:
        return ", ".join(dict.fromkeys(named))
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        marks = f"{element.get('rel') or ''} {element.get('itemprop') or ''}".split()
        is_named = not marks and element.tag in _SAID and bool(names_of(element) & {"byline", "author"})
        if not ("author" in marks or is_named) or _is_others(element):
            continue
        inner = next(
            iter(element.xpath(".//*[@itemprop='name' or @rel='author'] | .//a | .//strong")), element
        )
        name = _BYLINE_MARK.sub("", fold(inner.text_content())).strip(" ,·|")
        if 2 < len(name) <= 60 and not any(sign.isdigit() for sign in name) and name != publisher:
            return name
    return None


def _in_spoken_order(name: str) -> str:
    """ "Holm, Ida" as Ida Holm: among several, commas would part every name."""
    last, comma, first = name.partition(", ")
    if comma and "," not in first and len(name.split()) <= 4 and " and " not in name:
        return f"{first} {last}"
    return name


def _marked(tree: HtmlElement, *names: str) -> Iterator[str]:
    """Dates in elements that are marked as `names`, outside of what belongs to others."""
    wanted = {name.lower() for name in names}
    for element in tree.iter("time", "span", "abbr", "div", "p", "li", "meta"):
        marks = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower().split()
        if element.tag in ("time", "abbr"):
            marks += (element.get("class") or "").lower().split()
            marks += ["pubdate"] if "pubdate" in element.attrib else []
        if wanted.isdisjoint(marks) or _is_others(element):
            continue
        yield element.get("datetime") or element.get("content") or element.get("title") or ""
        yield element.text_content()[:_SHORT]


def _byline(tree: HtmlElement, title: str | None) -> Iterator[str]:
    """The short lines behind the page's title: of `time` elements what machines read."""
    headings = [
        one for one in tree.iter("h1", "h2", "h3") if fold(one.text_content()) and not _is_others(one)
    ]
    own = next((one for one in headings if fold(one.text_content()) == title), next(iter(headings), None))
    if own is None:
        return
    times: list[str] = []
    lines: list[str] = []
    for element in own.xpath("following::*"):
        if element.tag == "time" and element.get("datetime") and not _is_others(element):
            times.append(element.get("datetime") or "")
        if element.tag in _UNSEEN or len(element) or _is_others(element):
            continue
        line = fold(f"{element.text_content()} {element.tail or ''}")
        if len(line) > _SHORT:
            break
        if line:
            lines.append(line)
    yield from times
    yield from lines[:_NEAR]


def _lines_of_change(tree: HtmlElement) -> Iterator[str]:
    """Short lines that say when the page was changed, as "Last updated on 3 May 2026"."""
    for element in tree.iter("time", "p", "div", "span", "li", "footer", "small", "em"):
        if len(element) > 3:
            continue
        line = fold(element.text_content())
        if len(line) <= _SHORT and _CHANGED.search(line) and not _is_others(element, footer=False):
            yield from (one.get("datetime") or "" for one in element.iter("time"))
            yield _CHANGED.split(line, maxsplit=1)[1]
            yield line


def _site_name(tree: HtmlElement) -> str | None:
    """The part of the head's title that stands on the page by itself too, as in its logo or its top line."""
    title = next((fold(one.text_content()) for one in tree.iterfind(".//head/title")), "")
    parts = [part for part in _SITE_SEPARATOR.split(title) if 1 < len(part) <= 60]
    if len(parts) < 2:
        return None
    home = [one for one in tree.iter("a") if _HOME.fullmatch((one.get("href") or "").strip())]
    names = [
        fold(one.text_content()) or fold(" ".join(img.get("alt") or "" for img in one.iter("img")))
        for one in home
    ]
    for name in names:
        if name and any(part == name or part.startswith(f"{name} ") for part in parts):
            return name
    # Else it stands over the heading, in a line of its own.
    above: set[str] = set()
    for element in tree.iter("h1", "h2", "div", "span", "b", "strong", "font"):
        line = fold(element.text_content())
        if element.tag in ("h1", "h2") and line and title.startswith(line) and line != parts[-1]:
            break
        above.add(line)
    return next((part for part in (parts[-1], parts[0]) if part in above), None)


def _holder(tree: HtmlElement) -> str | None:
    """Who holds the rights, where that name also stands elsewhere on the page."""
    text = fold(" ".join(tree.itertext()))
    for found in reversed(list(_HOLDER.finditer(text))):
        name = re.split(r"\b[Aa]ll [Rr]ights|,", found[1])[0].strip(" -–—")
        if 2 < len(name) <= 60 and text.count(name) > 1 and not name.islower():
            return name
    return None


def _canonical(tree: HtmlElement) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return str(link.get("href"))
    return None


def _language(tree: HtmlElement, told: StructuredData, meta: _Meta) -> str | None:
    xml = "{http://www.w3.org/XML/1998/namespace}lang"
    said = (
        tree.get("lang") or tree.get("xml:lang") or tree.get(xml) or meta.first(_LANGUAGES) or told.language
    )
    said = said or (meta.first("og:locale") or "").replace("_", "-")
    return said if said and re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", said.strip()) else None


def _is_others(element: HtmlElement, *, footer: bool = True) -> bool:
    others, marks = (_OTHERS, _LANDMARKS) if footer else (_OTHERS - {"footer"}, _LANDMARKS - {"footer"})
    return any(
        one.tag in marks or (one.tag != "body" and not others.isdisjoint(names_of(one)))
        for one in (element, *element.iterancestors())
    )


def _day_in_address(url: str | None) -> str | None:
    found = _ADDRESS_DAY.search(url or "")
    return "-".join(found.groups()) if found else None


def _first_day(*values: str | None) -> str | None:
    return next((day for value in values if (day := iso_date(value) or date_with_points(value))), None)


def _line(value: str | None) -> str | None:
    return fold(html.unescape(value)) or None if value else None
