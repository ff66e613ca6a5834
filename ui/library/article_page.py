"""One article of the library as a page: its clean text, with the passages marked that it is searched by."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from index_store.article import Article, Block
from index_store.passage import Passage
from ui import icons
from ui.desk import ArticleView
from ui.markup import NOTHING, Html, exact, html, isolated, joined, outward_link, plural, when
from ui.opening_headings import opening_headings
from ui.page_links import CITED, article_address
from ui.table_html import behind_lines, table_html
from ui.table_text import Table, read_table

_SET_APART = {"heading": "as-heading", "table": "as-table", "code": "as-code", "quote": "as-quote"}


def article_html(
    view: ArticleView, source_name: str, *, upload: str | None = None, at: int | None = None
) -> Html:
    """The article's page below its top bar; `upload` is the file's name where it can be deleted.

    The passage around character `at` of the clean text is the one that a footnote leads to.
    """
    article = view.stored.article
    return html(
        '<article class="reading"><h1 dir="auto">{title}</h1>{facts}{link}{others}{delete}'
        '<p class="quiet legend">{legend}</p>{passages}</article>',
        title=article.title,
        facts=_facts(article, source_name),
        link=_link(article),
        others=_others(view),
        delete=_delete(upload),
        legend=_legend(view),
        passages=marked_passages(article, view.passages, at=at),
    )


def missing_article() -> Html:
    """The page where the article is not in the library (any more)."""
    return html(
        '<article class="reading"><h1>This article is not in the library</h1>'
        '<p class="quiet">It may have been removed, or not be synced yet.</p>'
        '<p><a href="/library">Back to the library</a></p></article>'
    )


def marked_passages(article: Article, passages: Sequence[Passage], *, at: int | None = None) -> Html:
    """The whole text in order: each passage with its number and headings, and what stands between them.

    A title that the text begins with is left out, since it stands above.
    """
    words = _Words(article)
    pieces: list[Html] = []
    end, _ = opening_headings(article.text, [article.title])
    if any(passage.end <= end for passage in passages):
        end = 0
    for place, passage in enumerate(sorted(passages, key=lambda one: (one.start, one.end))):
        start = max(passage.start, end)
        is_cited = at is not None and start <= at < passage.end
        pieces.append(_between(words, end, start))
        pieces.append(_passage(words, passage, start, place, is_cited=is_cited))
        end = max(end, passage.end)
    pieces.append(_between(words, end, len(article.text)))
    return html('<div class="whole">{}</div>', joined(pieces))


def _legend(view: ArticleView) -> Html:
    if view.stored.duplicate_of is not None:
        source, _, path = view.stored.duplicate_of.partition("\n")
        address = exact(article_address(source, path))
        return html(
            'The same text as <a href="{}">{}</a>, which is searched and cited in its place.',
            address,
            isolated(path),
        )
    passages = len(view.passages)
    if not passages:
        return html("No passage of this article is searched.")
    if passages == 1:
        return html("One passage: it is searched and cited as a whole, with the headings above it.")
    count = plural(passages, "passage")
    return html(
        "{}, tinted in turn: each is searched and cited by itself, with the headings above it.", count
    )


def _passage(words: "_Words", passage: Passage, start: int, place: int, *, is_cited: bool) -> Html:
    article = words.article
    # A heading that the passage itself begins with, or that is the title, would be read twice.
    _, shown = opening_headings(article.text[start : passage.end], passage.headings)
    hidden = {*shown, article.title}
    path = joined((isolated(one) for one in passage.headings if one not in hidden), " › ")
    return html(
        '<section class="passage-piece {tint}" id="passage-{number}" aria-label="Passage {number}">{cited}'
        '<p class="passage-head"><a class="number" href="#passage-{number}"'
        ' aria-label="Passage {number}">{number}</a>{path}{page}</p>'
        '<div class="passage-text" dir="auto">{text}</div></section>',
        tint="even" if place % 2 else "odd",
        cited=html('<span id="{}"></span>', CITED) if is_cited else NOTHING,
        number=passage.ordinal + 1,
        path=html('<span class="headings">{}</span>', path) if path else NOTHING,
        page=html('<span class="page">page {}</span>', passage.page) if passage.page is not None else NOTHING,
        text=words.set(start, passage.end),
    )


def _between(words: "_Words", start: int, end: int) -> Html:
    if not words.article.text[start:end].strip():
        return NOTHING
    return html('<div class="between" dir="auto">{}</div>', words.set(start, end))


class _Words:
    """Sets the words of an article: headings and code apart, tables as such. Each table is read once."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._tables: dict[int, Table | None] = {}

    def set(self, start: int, end: int) -> Html:
        """The text of a span; blank lines at its ends are left out."""
        text = self.article.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        out: list[str] = []
        at = start
        for block in _within(self.article.blocks, start, end):
            first, last = max(block.start, at), min(block.end, end)
            if first >= last:
                continue
            table = self._table(block)
            before = text[at:first]
            if table is None:
                out += [before, html('<span class="{}">{}</span>', _SET_APART[block.kind], text[first:last])]
                at = last
            else:
                here = (first - block.start, last - block.start)
                out += [before.rstrip("\n"), table_html(table, here)]
                at = behind_lines(text, last, end)
        out.append(text[at:end])
        return joined(out)

    def _table(self, block: Block) -> Table | None:
        """The table of a block; None for what is none, or has no cells."""
        if block.kind != "table":
            return None
        if block.start not in self._tables:
            self._tables[block.start] = read_table(self.article.text[block.start : block.end])
        return self._tables[block.start]


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


def _others(view: ArticleView) -> Html:
    """Where else the same text was published."""
    title = view.stored.article.title
    places = joined(
        (
            joined(
                (
                    isolated(one.title if one.title != title else ""),
                    isolated(one.publisher or ""),
                    when(one.published),
                    isolated(one.article),
                ),
                " · ",
            )
            for one in view.origins
        ),
        "; ",
    )
    return html('<p class="quiet">The same text is also in: {}</p>', places) if places else NOTHING


def _delete(upload: str | None) -> Html:
    if upload is None:
        return NOTHING
    return html(
        '<p><button type="button" class="tool framed" data-action="remove-upload" data-name="{name}"'
        ' data-then="/library">{icon}<span>Delete this file</span></button></p>',
        name=exact(upload),
        icon=icons.BIN,
    )
