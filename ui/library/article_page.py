"""One article of the library as a page: its clean text, with the passages marked that it is searched by."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from index_store.article import Article, Block
from index_store.passage import Passage
from ui import icons
from ui.desk import ArticleView
from ui.markup import NOTHING, Html, exact, html, isolated, joined, outward_link, plural, when

_SET_APART = {"heading": "as-heading", "table": "as-table", "code": "as-code", "quote": "as-quote"}


def article_html(view: ArticleView, source_name: str, *, upload: str | None = None) -> Html:
    """The article's page below its top bar; `upload` is the file's name where it can be deleted."""
    article = view.stored.article
    return html(
        '<article class="reading"><h1 dir="auto">{title}</h1>{facts}{link}{delete}'
        '<p class="quiet legend">{legend}</p>{passages}</article>',
        title=article.title,
        facts=_facts(article, source_name),
        link=_link(article),
        delete=_delete(upload),
        legend=_legend(len(view.passages)),
        passages=marked_passages(article, view.passages),
    )


def missing_article() -> Html:
    """The page where the article is not in the library (any more)."""
    return html(
        '<article class="reading"><h1>This article is not in the library</h1>'
        '<p class="quiet">It may have been removed, or not be synced yet.</p>'
        '<p><a href="/library">Back to the library</a></p></article>'
    )


def marked_passages(article: Article, passages: Sequence[Passage]) -> Html:
    """The whole text in order: each passage with its number and headings, and what stands between them."""
    pieces: list[Html] = []
    at = 0
    for place, passage in enumerate(sorted(passages, key=lambda one: (one.start, one.end))):
        start = max(passage.start, at)
        pieces.append(_between(article, at, start))
        pieces.append(_passage(article, passage, start, place))
        at = max(at, passage.end)
    pieces.append(_between(article, at, len(article.text)))
    return html('<div class="whole">{}</div>', joined(pieces))


def _legend(passages: int) -> str:
    if passages == 1:
        return "One passage: it is searched and cited as a whole, with the headings above it."
    count = plural(passages, "passage")
    return f"{count}, tinted in turn: each is searched and cited by itself, with the headings above it."


def _passage(article: Article, passage: Passage, start: int, place: int) -> Html:
    path = joined(map(isolated, passage.headings), " › ")
    return html(
        '<section class="passage-piece {tint}" id="passage-{number}" aria-label="Passage {number}">'
        '<p class="passage-head"><a class="number" href="#passage-{number}"'
        ' aria-label="Passage {number}">{number}</a>{path}{page}</p>'
        '<div class="passage-text" dir="auto">{text}</div></section>',
        tint="even" if place % 2 else "odd",
        number=passage.ordinal + 1,
        path=html('<span class="headings">{}</span>', path) if path else NOTHING,
        page=html('<span class="page">page {}</span>', passage.page) if passage.page is not None else NOTHING,
        text=_set(article, start, passage.end),
    )


def _between(article: Article, start: int, end: int) -> Html:
    if not article.text[start:end].strip():
        return NOTHING
    return html('<div class="between" dir="auto">{}</div>', _set(article, start, end))


def _set(article: Article, start: int, end: int) -> Html:
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
        out.append(article.text[at:first])
        out.append(html('<span class="{}">{}</span>', _SET_APART[block.kind], article.text[first:last]))
        at = last
    out.append(article.text[at:end])
    return joined(out)


def _within(blocks: Sequence[Block], start: int, end: int) -> Iterator[Block]:
    """The blocks to be set apart that share characters with the span; `blocks` stand in order."""
    for one in blocks[bisect_right(blocks, start, key=lambda block: block.end) :]:
        if one.start >= end:
            return
        if one.kind in _SET_APART:
            yield one


def _facts(article: Article, source_name: str) -> Html:
    first = joined(
        (isolated(article.publisher or ""), isolated(article.author or ""), when(article.published)), " · "
    )
    return joined(
        (
            html('<p class="origin">{}</p>', first) if first else NOTHING,
            html('<p class="file">{}: {}</p>', isolated(source_name), isolated(article.path)),
        )
    )


def _link(article: Article) -> Html:
    link = outward_link(article.url, icons.OUTWARD)
    return html('<p class="link">{}</p>', link) if link else NOTHING


def _delete(upload: str | None) -> Html:
    if upload is None:
        return NOTHING
    return html(
        '<p><button type="button" class="tool framed" data-action="remove-upload" data-name="{name}"'
        ' data-then="/library">{icon}<span>Delete this file</span></button></p>',
        name=exact(upload),
        icon=icons.BIN,
    )
