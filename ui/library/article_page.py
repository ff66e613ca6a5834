"""One article of the library as a page: its clean text, with the passages marked that it is searched by."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from index_store.article import Article, Block
from index_store.passage import Passage
from ui import icons
from ui.desk import ArticleView
from ui.markup import host_of, plural, safe_link, text, when

_SET_APART = {"heading": "as-heading", "table": "as-table", "code": "as-code", "quote": "as-quote"}


def article_html(view: ArticleView, source_name: str, *, upload: str | None = None) -> str:
    """The article's page below its top bar; `upload` is the file's name where it can be deleted."""
    article = view.stored.article
    return (
        f'<article class="reading"><h1>{text(article.title)}</h1>{_facts(article, source_name)}'
        f"{_link(article)}{_delete(upload)}"
        f'<p class="quiet legend">{_legend(len(view.passages))}</p>'
        f"{marked_passages(article, view.passages)}</article>"
    )


def missing_article() -> str:
    """The page where the article is not in the library (any more)."""
    return (
        '<article class="reading"><h1>This article is not in the library</h1>'
        '<p class="quiet">It may have been removed, or not be synced yet.</p>'
        '<p><a href="/library">Back to the library</a></p></article>'
    )


def marked_passages(article: Article, passages: Sequence[Passage]) -> str:
    """The whole text in order: each passage with its number and headings, and what stands between them."""
    pieces: list[str] = []
    at = 0
    for place, passage in enumerate(sorted(passages, key=lambda one: (one.start, one.end))):
        start = max(passage.start, at)
        pieces.append(_between(article, at, start))
        pieces.append(_passage(article, passage, start, place))
        at = max(at, passage.end)
    pieces.append(_between(article, at, len(article.text)))
    return f'<div class="whole">{"".join(pieces)}</div>'


def _legend(passages: int) -> str:
    if passages == 1:
        return "One passage: it is searched and cited as a whole, with the headings above it."
    count = plural(passages, "passage")
    return f"{count}, tinted in turn: each is searched and cited by itself, with the headings above it."


def _passage(article: Article, passage: Passage, start: int, place: int) -> str:
    number = passage.ordinal + 1
    headings = " › ".join(text(heading) for heading in passage.headings)
    page = f'<span class="page">page {passage.page}</span>' if passage.page is not None else ""
    path = f'<span class="headings">{headings}</span>' if headings else ""
    tint = "even" if place % 2 else "odd"
    return (
        f'<section class="passage-piece {tint}" id="passage-{number}" aria-label="Passage {number}">'
        f'<p class="passage-head"><a class="number" href="#passage-{number}"'
        f' aria-label="Passage {number}">{number}</a>{path}{page}</p>'
        f'<div class="passage-text">{_set(article, start, passage.end)}</div></section>'
    )


def _between(article: Article, start: int, end: int) -> str:
    shown = article.text[start:end].strip()
    return f'<div class="between">{_set(article, start, end)}</div>' if shown else ""


def _set(article: Article, start: int, end: int) -> str:
    """The text of a span, its headings, tables and code set apart; blank lines at its ends left out."""
    while start < end and article.text[start].isspace():
        start += 1
    while end > start and article.text[end - 1].isspace():
        end -= 1
    out: list[str] = []
    at = start
    for block in _within(article.blocks, start, end):
        first, last = max(block.start, at), min(block.end, end)
        if first >= last:
            continue
        out.append(text(article.text[at:first]))
        out.append(f'<span class="{_SET_APART[block.kind]}">{text(article.text[first:last])}</span>')
        at = last
    out.append(text(article.text[at:end]))
    return "".join(out)


def _within(blocks: Sequence[Block], start: int, end: int) -> Iterator[Block]:
    """The blocks to be set apart that share characters with the span; `blocks` stand in order."""
    for one in blocks[bisect_right(blocks, start, key=lambda block: block.end) :]:
        if one.start >= end:
            return
        if one.kind in _SET_APART:
            yield one


def _facts(article: Article, source_name: str) -> str:
    origin = [text(article.publisher or ""), text(article.author or ""), when(article.published)]
    first = " · ".join(part for part in origin if part)
    return (f'<p class="origin">{first}</p>' if first else "") + (
        f'<p class="file">{text(source_name)}: {text(article.path)}</p>'
    )


def _link(article: Article) -> str:
    link = safe_link(article.url)
    if link is None:
        return ""
    return (
        f'<p class="link"><a href="{text(link)}" target="_blank" rel="noopener noreferrer">'
        f"{text(host_of(link))}{icons.OUTWARD}"
        '<span class="visually-hidden">(opens in a new tab)</span></a></p>'
    )


def _delete(upload: str | None) -> str:
    if upload is None:
        return ""
    return (
        f'<p><button type="button" class="tool framed" data-action="remove-upload" data-name="{text(upload)}"'
        f' data-then="/library">{icons.BIN}<span>Delete this file</span></button></p>'
    )
