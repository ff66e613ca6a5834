"""The line at the foot of the page: what the library holds, and which model answers."""

from dataclasses import dataclass
from datetime import datetime

from index_store.iso_day import day
from ui.local_time import clock_html, local_now, parsed
from ui.markup import NOTHING, Html, html, isolated, joined, plural


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """What the page says of library and model; `last_sync` is an ISO 8601 time in UTC.

    `articles` is None where it could not be learned, `model` when none is chosen; `model_present` is
    False when the model's file is not there yet.
    `embedding` says that the library is to be moved to another embedder, or is being moved.
    `problem` is one line about a part that does not work, shown before everything else.
    `next_sync` is when the sources are next synced by themselves, in UTC; None where they are not.
    """

    articles: int | None
    last_sync: str | None = None
    model: str | None = None
    model_licence: str | None = None
    model_vendor: str | None = None
    model_present: bool = True
    problem: str | None = None
    embedding: str | None = None
    next_sync: str | None = None


def status_html(status: LibraryStatus, *, now: datetime | None = None) -> Html:
    """The status as one line of HTML; what needs doing stands out and says how.

    On a small screen the stylesheet leaves out the next sync, and the model, which each answer names.
    """
    parts = (
        ("problem", _alert(isolated(status.problem)) if status.problem else NOTHING),
        ("library", _library(status, now or local_now())),
        ("times", _times(status, now or local_now())),
        ("model", _model(status)),
    )
    return html(
        '<footer class="status-line">{}</footer>',
        joined(html('<span class="{}">{}</span>', name, part) for name, part in parts if part),
    )


def ago(moment: str, now: datetime) -> str:
    """How long ago an ISO 8601 time was, in the words of a status line; older than a week: the day."""
    then = parsed(moment)
    if then is None:
        return moment
    seconds = (now - then).total_seconds()
    for limit, unit, size in ((3600, "minute", 60), (86400, "hour", 3600), (7 * 86400, "day", 86400)):
        if seconds < 60:
            return "just now"
        if seconds < limit:
            return f"{plural(int(seconds // size), unit)} ago"
    return f"on {day(then.date().isoformat())}"


def _library(status: LibraryStatus, now: datetime) -> Html:
    if status.articles is None:
        return NOTHING
    if status.articles == 0:
        return _alert(
            html(
                'The library is empty: run <code>footnote sync</code>, or <a href="library">add articles</a>'
            )
        )
    synced = (
        html(", synced {}", isolated(ago(status.last_sync, now))) if status.last_sync else ", not synced yet"
    )
    pending = html("; {}", isolated(status.embedding)) if status.embedding else NOTHING
    return joined((plural(status.articles, "article"), synced, pending))


def _times(status: LibraryStatus, now: datetime) -> Html:
    coming = parsed(status.next_sync)
    if coming is None or not status.articles:
        return NOTHING
    return html("Next sync {}", clock_html(coming, now) if coming > now else "now")


def _model(status: LibraryStatus) -> Html:
    if status.model is None:
        if status.articles is None:
            return NOTHING
        return _alert(html("No model is chosen: run <code>footnote models use</code>"))
    if not status.model_present:
        return _alert(
            html("Model {0} is missing: run <code>footnote models fetch {0}</code>", isolated(status.model))
        )
    facts = (status.model, status.model_licence or "", status.model_vendor or "")
    return joined(map(isolated, facts), ", ")


def _alert(message: Html) -> Html:
    return html('<strong class="alert">{}</strong>', message)
