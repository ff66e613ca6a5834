"""The table of all articles, as HTML; the page's script sorts and filters its rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from ui import icons
from ui.library.article_rows import STATES, ArticleRow
from ui.local_time import clock_time
from ui.markup import NOTHING, Html, exact, html, isolated, joined, plural
from ui.markup_net import netted
from ui.page_links import article_address

COLUMNS = (
    ("title", "Title"),
    ("publisher", "Publisher"),
    ("published", "Date"),
    ("source", "Source"),
    ("passages", "Passages"),
    ("state", "State"),
)
"""Name and label of each column that sorts."""


def table_html(rows: Sequence[ArticleRow], now: datetime) -> Html:
    """Filters, and the table of all rows. What is not the page's own has been through the net."""
    heads = joined(
        html(
            '<th scope="col" class="{name}" aria-sort="none">'
            '<button type="button" data-sort="{name}">{label}</button></th>',
            name=name,
            label=label,
        )
        for name, label in COLUMNS
    )
    return html(
        "{filters}"
        '<table id="articles" aria-describedby="shown">'
        '<caption class="visually-hidden">All articles</caption>'
        '<thead><tr>{heads}<th scope="col" class="act"><span class="visually-hidden">Remove</span></th></tr>'
        "</thead><tbody></tbody></table>"
        '<p class="more"><button type="button" class="tool framed" data-action="more-rows" hidden>'
        "</button></p>"
        # In a template nothing is laid out until the page's script takes what is to be seen.
        '<template id="rows">{rows}</template>'
        '<p class="quiet nothing" hidden>No article fits these filters.'
        ' <button type="button" class="tool" data-action="clear-filters">Show all</button></p>',
        filters=_filters(netted(source_options(rows))),
        heads=heads,
        rows=netted(rows_html(rows, now)),
    )


def rows_html(rows: Iterable[ArticleRow], now: datetime) -> Html:
    """The rows in a table of their own; each cell carries what it is sorted by where that is not its text."""
    return html("<table><tbody>{}</tbody></table>", joined(_row(row, now) for row in rows))


def source_options(rows: Iterable[ArticleRow]) -> Html:
    """A choice of the sources that have rows."""
    names = {row.source: row.source_name for row in rows}
    listed = sorted(names.items(), key=lambda pair: pair[1].lower())
    return joined(
        (
            html('<option value="">All sources</option>'),
            *(html('<option value="{}" dir="auto">{}</option>', exact(id), name) for id, name in listed),
        )
    )


def _filters(sources: Html) -> Html:
    states = joined(html('<option value="{}">{}</option>', *pair) for pair in STATES.items())
    sorts = joined(html('<option value="{}">{}</option>', *pair) for pair in COLUMNS)
    words = html(
        '<input id="by-title" name="title" autocomplete="off" type="search" placeholder="Words of the title">'
    )
    fields = (
        _field("title", "Title", "wide", words),
        _field(
            "publisher",
            "Publisher",
            "",
            html('<input id="by-publisher" name="publisher" autocomplete="off" type="search">'),
        ),
        _field("source", "Source", "", _choice("source", sources)),
        _field(
            "state", "State", "", _choice("state", html('<option value="">All states</option>{}', states))
        ),
        _field("from", "From", "short", _date_field("from", "2025-01")),
        _field("to", "To", "short", _date_field("to", "2025-12")),
        _field(
            "passages",
            "Passages",
            "short",
            html(
                '<input id="by-passages" name="passages" autocomplete="off" type="number" min="0" step="1"'
                ' placeholder="at least">'
            ),
        ),
        _field("sort", "Sort by", "narrow-only", _choice("sort", sorts)),
    )
    return html(
        '<form class="filters" role="search" aria-label="Filter the articles" data-form="filters">{}'
        '<button type="button" class="tool framed narrow-only" data-action="more-filters"'
        ' aria-expanded="false">Filters</button></form><p id="shown" class="quiet" role="status"></p>',
        joined(fields),
    )


def _field(name: str, label: str, width: str, field: Html) -> Html:
    return html('<div class="choice {}"><label for="by-{}">{}</label>{}</div>', width, name, label, field)


def _choice(name: str, options: Html) -> Html:
    return html('<select id="by-{name}" name="{name}">{options}</select>', name=name, options=options)


def _date_field(name: str, example: str) -> Html:
    return html(
        '<input id="by-{name}" name="{name}" autocomplete="off" type="text" inputmode="numeric"'
        ' maxlength="10" placeholder="{example}">',
        name=name,
        example=example,
    )


def _row(row: ArticleRow, now: datetime) -> Html:
    title = isolated(row.title)
    if row.held:
        address = article_address(row.source, row.path)
        title = html('<a href="{}" dir="auto">{}</a>', exact(address), row.title)
    facts = (
        row.publisher or "",
        row.published or "",
        row.source_name,
        plural(row.passages, "passage") if row.held else "",
    )
    return html(
        '<tr data-source="{source}" data-state="{state}">'
        '<td class="title">{title}{path}<span class="narrow-only told">{told}</span></td>'
        '<td class="publisher" dir="auto">{publisher}</td>'
        '<td class="published" data-key="{published}">{date}</td>'
        '<td class="source" dir="auto">{source_name}</td>'
        '<td class="passages" data-key="{count}">{passages}</td>'
        '<td class="state {state}">{told_state}</td>'
        '<td class="act">{remove}</td></tr>',
        source=exact(row.source),
        state=row.state,
        title=title,
        path=html('<span class="path" dir="auto">{}</span>', row.path) if row.path != row.title else NOTHING,
        told=joined((html('<span dir="auto">{}</span>', fact) for fact in facts if fact), " · "),
        publisher=row.publisher or "",
        published=row.published or "",
        date=_date(row.published),
        source_name=row.source_name,
        count=row.passages,
        passages=row.passages if row.held else "",
        told_state=_state(row, now),
        remove=_remove(row.upload),
    )


def _remove(upload: str | None) -> Html:
    if upload is None:
        return NOTHING
    return html(
        '<button type="button" class="tool icon-only" data-action="remove-upload" data-name="{}"'
        ' aria-label="Delete {}" title="Delete the file">{}</button>',
        exact(upload),
        upload,
        icons.BIN,
    )


def _date(published: str | None) -> Html:
    # As it is kept: in a column, 2025-04-29 is read and compared faster than words.
    return html('<time datetime="{0}">{0}</time>', published) if published else NOTHING


def _state(row: ArticleRow, now: datetime) -> Html:
    words = STATES[row.state]
    if row.since is not None:
        return html("{} {}", words, clock_time(row.since, now))
    if row.why is None:
        return html("{}", words)
    kept = "; what was read before is kept" if row.held and row.state == "skipped" else ""
    return html("{}: {}{}", words, isolated(row.why), kept)
