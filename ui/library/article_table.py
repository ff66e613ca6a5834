"""The table of all articles, as HTML; the page's script sorts and filters its rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlencode

from ui import icons
from ui.library.article_rows import STATES, ArticleRow
from ui.local_time import clock_time
from ui.markup import plural, text

COLUMNS = (
    ("title", "Title"),
    ("publisher", "Publisher"),
    ("published", "Date"),
    ("source", "Source"),
    ("passages", "Passages"),
    ("state", "State"),
)
"""Name and label of each column that sorts."""


def article_address(source: str, path: str) -> str:
    """Where one article is read."""
    return f"/library/article?{urlencode({'source': source, 'path': path})}"


def table_html(rows: Sequence[ArticleRow], now: datetime) -> str:
    """Filters, and the table of all rows."""
    heads = "".join(
        f'<th scope="col" class="{name}" aria-sort="none">'
        f'<button type="button" data-sort="{name}">{label}</button></th>'
        for name, label in COLUMNS
    )
    return (
        f"{_filters(source_options(rows))}"
        '<table id="articles" aria-describedby="shown">'
        '<caption class="visually-hidden">All articles</caption>'
        f'<thead><tr>{heads}<th scope="col" class="act"><span class="visually-hidden">Remove</span></th></tr>'
        "</thead><tbody></tbody></table>"
        '<p class="more"><button type="button" class="tool framed" data-action="more-rows" hidden>'
        "</button></p>"
        # In a template nothing is laid out until the page's script takes what is to be seen.
        f'<template id="rows"><table>{rows_html(rows, now)}</table></template>'
        '<p class="quiet nothing" hidden>No article fits these filters.'
        ' <button type="button" class="tool" data-action="clear-filters">Show all</button></p>'
    )


def rows_html(rows: Iterable[ArticleRow], now: datetime) -> str:
    """The rows alone; each cell carries what it is sorted by where that is not its text."""
    return "".join(_row(row, now) for row in rows)


def source_options(rows: Iterable[ArticleRow]) -> str:
    """A choice of the sources that have rows."""
    names = {row.source: row.source_name for row in rows}
    listed = sorted(names.items(), key=lambda pair: pair[1].lower())
    return '<option value="">All sources</option>' + "".join(
        f'<option value="{text(id)}">{text(name)}</option>' for id, name in listed
    )


def _filters(sources: str) -> str:
    states = "".join(f'<option value="{state}">{label}</option>' for state, label in STATES.items())
    sorts = "".join(f'<option value="{name}">{label}</option>' for name, label in COLUMNS)
    fields = (
        ("title", "Title", "wide", 'type="search" placeholder="Words of the title"'),
        ("publisher", "Publisher", "", 'type="search"'),
        ("source", "Source", "", sources),
        ("state", "State", "", f'<option value="">All states</option>{states}'),
        ("from", "From", "short", 'type="text" inputmode="numeric" maxlength="10" placeholder="2025-01"'),
        ("to", "To", "short", 'type="text" inputmode="numeric" maxlength="10" placeholder="2025-12"'),
        ("passages", "Passages", "short", 'type="number" min="0" step="1" placeholder="at least"'),
        ("sort", "Sort by", "narrow-only", sorts),
    )
    return (
        '<form class="filters" role="search" aria-label="Filter the articles" data-form="filters">'
        + "".join(_field(*field) for field in fields)
        + '<button type="button" class="tool framed narrow-only" data-action="more-filters"'
        ' aria-expanded="false">Filters</button></form><p id="shown" class="quiet" role="status"></p>'
    )


def _field(name: str, label: str, width: str, inside: str) -> str:
    """A field with its label: a choice where `inside` are options, else an input with those attributes."""
    field = (
        f'<select id="by-{name}" name="{name}">{inside}</select>'
        if inside.startswith("<")
        else f'<input id="by-{name}" name="{name}" autocomplete="off" {inside}>'
    )
    return f'<div class="choice {width}"><label for="by-{name}">{label}</label>{field}</div>'


def _row(row: ArticleRow, now: datetime) -> str:
    title = text(row.title)
    if row.held:
        title = f'<a href="{text(article_address(row.source, row.path))}">{title}</a>'
    told = " · ".join(
        f"<span>{part}</span>"
        for part in (
            text(row.publisher or ""),
            text(row.published or ""),
            text(row.source_name),
            plural(row.passages, "passage") if row.held else "",
        )
        if part
    )
    remove = ""
    if row.upload is not None:
        name = text(row.upload)
        remove = (
            f'<button type="button" class="tool icon-only" data-action="remove-upload" data-name="{name}"'
            f' aria-label="Delete {name}" title="Delete the file">{icons.BIN}</button>'
        )
    path = f'<span class="path">{text(row.path)}</span>' if row.path != row.title else ""
    passages = f"{row.passages}" if row.held else ""
    return (
        f'<tr data-source="{text(row.source)}" data-state="{row.state}">'
        f'<td class="title">{title}{path}<span class="narrow-only told">{told}</span></td>'
        f'<td class="publisher">{text(row.publisher or "")}</td>'
        f'<td class="published" data-key="{text(row.published or "")}">{_date(row.published)}</td>'
        f'<td class="source">{text(row.source_name)}</td>'
        f'<td class="passages" data-key="{row.passages}">{passages}</td>'
        f'<td class="state {row.state}">{_state(row, now)}</td>'
        f'<td class="act">{remove}</td></tr>'
    )


def _date(published: str | None) -> str:
    # As it is kept: in a column, 2025-04-29 is read and compared faster than words.
    return f'<time datetime="{text(published)}">{text(published)}</time>' if published else ""


def _state(row: ArticleRow, now: datetime) -> str:
    words = STATES[row.state]
    if row.since is not None:
        return text(f"{words} {clock_time(row.since, now)}")
    if row.why is None:
        return text(words)
    kept = "; what was read before is kept" if row.held and row.state == "skipped" else ""
    return text(f"{words}: {row.why}{kept}")
