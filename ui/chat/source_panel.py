"""A footnote opened: what was quoted, where it stands, and the passage around it."""

import re
from collections.abc import Sequence

from assistant.answer import Citation
from index_store.passage_store import Origin
from ui import icons
from ui.markup import (
    NOTHING,
    Html,
    attribute,
    exact,
    html,
    isolated,
    joined,
    outward_link,
    when,
)
from ui.opening_headings import opening_headings
from ui.quote_check import QuoteState, Whereabouts
from ui.table_html import UNMARKED, text_with_tables
from ui.table_text import PlacedTable, tables_in

_SINCE: dict[QuoteState, tuple[str, str]] = {
    "changed": (
        "changed since",
        "The article has other words now; the answer keeps those it quoted.",
    ),
    "around": (
        "changed around it",
        "The words quoted still stand in the article; others of this passage do not.",
    ),
    "removed": ("removed since", "The article has left the library; the answer keeps the words it quoted."),
}


def panel_frame() -> Html:
    """The empty, closed panel; the page fills it when a mark is opened."""
    return html(
        '<aside id="source-panel" aria-label="Source of a footnote" hidden>'
        '<div class="panel-head"><p class="eyebrow">Source</p>'
        '<button type="button" class="tool icon-only" data-action="close-source"'
        ' aria-label="Close the source" title="Close">{}</button></div>'
        '<div class="panel-body"></div></aside>',
        icons.CLOSE,
    )


def source_html(
    turn: str, citation: Citation, numbers: tuple[int, ...] = (), quoted: Whereabouts | None = None
) -> Html:
    """The body of the panel for one citation; `numbers` are all footnotes of its answer, for stepping.

    `quoted` tells what has become of the words since they were quoted, and where they are read.
    """
    quoted = quoted or Whereabouts()
    return html(
        '<div class="source" data-turn="{turn}" data-number="{number}" data-quote="{quote}">{steps}'
        '<h2 tabindex="-1"><span class="visually-hidden">Footnote {number}: </span>{title}</h2>'
        "{facts}{link}{page}{elsewhere}{since}"
        '<blockquote class="passage" tabindex="0" dir="auto" aria-label="The passage">{passage}</blockquote>'
        '<button type="button" class="tool" data-action="copy-quote">{icon}<span>Copy quote</span>'
        "</button></div>",
        turn=turn,
        number=citation.number,
        # Where it runs through the cells of a table, what is marked there does not say it.
        quote=citation.quote,
        steps=_steps(turn, citation.number, numbers),
        title=isolated(citation.title),
        facts=_facts(citation),
        link=_link(citation),
        page=_page(quoted.page),
        elsewhere=_elsewhere(citation, quoted),
        since=_since(quoted.state),
        passage=highlighted(citation, quoted.tables),
        icon=icons.COPY,
    )


def missing_source() -> Html:
    """The body of the panel when the footnote is gone, as after its conversation was deleted."""
    return html('<div class="source"><h2 tabindex="-1">This footnote is no longer kept</h2></div>')


def highlighted(citation: Citation, tables: Sequence[PlacedTable] | None = None) -> Html:
    """The passage with the quoted words marked; a quote that does not stand in it comes first, alone.

    What it opens with is left out where it only repeats title or heading, which stand above it. `tables` are
    those in it; without, they are told by how its lines look.
    """
    passage, quote = citation.passage, citation.quote
    if tables is None:
        tables = tables_in(passage)
    opening, _ = opening_headings(passage, (citation.title, citation.heading or ""))
    start = 0 if quote and quote not in passage[opening:] else opening
    at = passage.find(quote, start) if quote else -1
    marked = UNMARKED if at < 0 else (at, at + len(quote))
    shown = text_with_tables(passage, tables, (start, len(passage)), marked)
    if not quote or at >= 0:
        return shown
    return joined((html('<mark class="quote">{}</mark>', quote), shown), "\n\n")


def _page(address: str | None) -> Html:
    """The way to the article as the Library has it."""
    if address is None:
        return NOTHING
    return html(
        '<p class="link"><a href="{}">Read the article in the library{}</a></p>',
        exact(address),
        icons.NEXT,
    )


def _elsewhere(citation: Citation, quoted: Whereabouts) -> Html:
    """Where else the same text was published, each with what it is found by: its file, or its address."""
    if not citation.origins:
        return NOTHING
    places = joined(
        html("<li>{}</li>", _other(one, citation, quoted.origins.get(one.article)))
        for one in citation.origins
    )
    return html('<div class="elsewhere"><p>The same text is also in:</p><ul>{}</ul></div>', places)


def _other(origin: Origin, citation: Citation, page: str | None) -> Html:
    # The address of a page is found by host and path; how it is fetched tells nothing.
    name = re.sub(r"^https?://(?:www\.)?", "", origin.article) or origin.title
    file = html('<span class="file" dir="auto">{}</span>', name)
    return joined(
        (
            isolated(origin.title if origin.title != citation.title else ""),
            isolated(origin.publisher or ""),
            when(origin.published),
            html('<a href="{}">{}</a>', exact(page), file) if page else file,
        ),
        " · ",
    )


def _since(state: QuoteState) -> Html:
    if state not in _SINCE:
        return NOTHING
    label, told = _SINCE[state]
    return html('<p class="since"><span class="support-label">{}</span> {}</p>', label, told)


def _steps(turn: str, number: int, numbers: tuple[int, ...]) -> Html:
    place = numbers.index(number) if number in numbers else 0
    if len(numbers) < 2:
        return html('<p class="which"><span class="number">{}</span></p>', number)
    steps = []
    for label, icon, to in (
        ("Previous footnote", icons.PREVIOUS, place - 1),
        ("Next footnote", icons.NEXT, place + 1),
    ):
        there = 0 <= to < len(numbers)
        steps.append(
            html(
                '<button type="button" class="tool icon-only" data-action="step" data-turn="{turn}"'
                '{target}{disabled} aria-label="{label}" title="{label}">{icon}</button>',
                turn=turn,
                target=attribute("data-number", str(numbers[to]) if there else None),
                disabled=attribute("disabled", not there),
                label=label,
                icon=icon,
            )
        )
    return html(
        '<div class="which"><span class="number">{}</span><span>of {}</span>'
        '<span class="steps">{}</span></div>',
        number,
        len(numbers),
        joined(steps),
    )


def _facts(citation: Citation) -> Html:
    origin = joined((isolated(citation.publisher or ""), when(citation.published)), " · ")
    page = f"page {citation.page}" if citation.page is not None else ""
    place = joined((isolated(citation.heading or ""), page), " · ")
    return joined(
        html('<p class="{}">{}</p>', name, line)
        for name, line in (("origin", origin), ("place", place))
        if line
    )


def _link(citation: Citation) -> Html:
    link = outward_link(citation.url, icons.OUTWARD)
    if not link:
        return html('<p class="file" dir="auto">{}</p>', citation.article)
    return html('<p class="link">{}</p>', link)
