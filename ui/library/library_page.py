"""The Library page: its frame, and the parts that are drawn anew when something has changed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from ui import icons
from ui.accounts.person import LOCAL_PERSON, Person
from ui.library.article_rows import ArticleRow, reason
from ui.library.library_sources import ListedSource
from ui.library.sync_runs import SyncRun, Why
from ui.local_time import clock_html, last_and_next, parsed
from ui.markup import NOTHING, Html, attribute, exact, html, isolated, joined, plural
from ui.page_frame import framed, topbar, way_out

_ASKED: dict[Why, str] = {
    "schedule": "by schedule",
    "page": "from this page",
    "command": "by command",
    "start": "at the start",
    "change": "after a change",
}
_KINDS = {
    ".pdf": "PDF",
    ".docx": "Word",
    ".epub": "EPUB",
    ".eml": "e-mail",
    ".mbox": "mailbox",
    ".html": "web page",
    ".htm": "web page",
    ".xhtml": "web page",
    ".mht": "web page",
    ".mhtml": "web page",
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".txt": "text",
}
# What can be chosen for a source, in hours; a settings file may say anything else.
_HOURS = (0.5, 1.0, 3.0, 6.0, 12.0, 24.0, 168.0, 0.0)
# How many of the reasons for skipping one run lists.
_MOST_REASONS = 20


def page_html(title: str, body: Html, who: Person = LOCAL_PERSON) -> Html:
    """A whole page of the library beside the sidebar, for a person."""
    return framed(title, body, who, here="library", style="library.css", script="library.js")


def library_body(
    parts: Mapping[str, Html], *, kinds: Sequence[str], limits: str, who: Person = LOCAL_PERSON
) -> Html:
    """The Library page's own part; `parts` as `LibraryActions.parts` gives them, `limits` in words."""
    return html(
        '<main id="shelf" tabindex="-1">{topbar}'
        '<div id="progress" hidden><label for="bar" id="doing">Syncing</label>'
        '<progress id="bar"></progress></div>'
        '<div class="shelf-scroll"><div class="shelf-body"><div id="problem">{problem}</div>{add}'
        '<section aria-labelledby="sources-title"><h2 id="sources-title">Sources</h2>'
        '<div id="sources">{sources}</div></section>'
        '<section aria-labelledby="articles-title" id="all-articles"><h2 id="articles-title">Articles</h2>'
        '<div id="empty">{empty}</div>{table}</section>'
        '<section aria-labelledby="runs-title"><h2 id="runs-title">Last syncs</h2>'
        '<div id="runs">{runs}</div></section></div></div></main>',
        topbar=topbar("Library", parts["line"], who, here="library", buttons=_sync_now()),
        problem=parts["problem"],
        add=_add(kinds, limits),
        sources=parts["sources"],
        empty=parts["empty"],
        table=parts["table"],
        runs=parts["runs"],
    )


def article_body(content: Html, who: Person = LOCAL_PERSON) -> Html:
    """The page of one article."""
    return html(
        '<main id="shelf" tabindex="-1"><header class="topbar"><a class="tool" href="/library"'
        ' data-action="back">{back}<span>Library</span></a>{way_out}</header>'
        '<div class="shelf-scroll"><div class="shelf-body">{content}</div></div></main>',
        back=icons.PREVIOUS,
        way_out=way_out(who),
        content=content,
    )


def line_html(last: datetime | None, coming: datetime | None, now: datetime, *, running: bool) -> Html:
    """When the sources were and will be synced."""
    if running:
        return html("Last {} | Syncing now", clock_html(last, now)) if last else html("Syncing now")
    return last_and_next(last, coming, now)


def problem_html(problem: str | None) -> Html:
    """What keeps the library from being shown, or nothing."""
    return html('<p class="problem" role="alert" dir="auto">{}</p>', problem) if problem else NOTHING


def empty_html(rows: Sequence[ArticleRow], sources: Sequence[ListedSource], problem: str | None) -> Html:
    """What to do where there is no article at all; nothing otherwise."""
    if rows or problem:
        return NOTHING
    next_step = (
        "Press “Sync now” to read the sources listed above, or add your own articles: upload files, or name"
        " a place to read from."
        if sources
        else "Add articles above: upload files, or name a place to read from. They are read at once, and can"
        " be asked about as soon as they stand here."
    )
    return html('<div class="card absent"><h3>The library is empty</h3><p>{}</p></div>', next_step)


def sources_html(
    sources: Sequence[ListedSource],
    rows: Sequence[ArticleRow],
    runs: Sequence[SyncRun],
    coming: Callable[[str], datetime | None],
    now: datetime,
    *,
    uploads: Path,
) -> Html:
    """Every source with its kind, number of articles, and times.

    `coming` tells for a source's id when it is synced next.
    """
    if not sources:
        return html('<p class="quiet">No source yet. What you add above is listed here.</p>')
    held: dict[str, int] = {}
    for row in rows:
        held[row.source] = held.get(row.source, 0) + row.held
    whole = [run for run in runs if run.completed]
    listed = joined(
        _source(
            source,
            held.get(source.id, 0),
            [run for run in whole if run.concerns(source.id)],
            coming(source.id),
            now,
            own=source.folder == uploads,
        )
        for source in sources
    )
    return html('<ul class="sources">{}</ul>', listed)


def runs_html(runs: Sequence[SyncRun], now: datetime) -> Html:
    """The kept runs, newest first, each with what it did and what went wrong."""
    if not runs:
        return html('<p class="quiet">No sync has been run yet.</p>')
    return html('<ol class="runs">{}</ol>', joined(_run(run, now) for run in runs))


def _sync_now() -> Html:
    return html(
        '<button type="button" class="tool framed" data-action="sync">{}<span>Sync now</span></button>',
        icons.RETRY,
    )


def _add(kinds: Sequence[str], limits: str) -> Html:
    names = tuple(dict.fromkeys(_KINDS.get(kind, kind) for kind in sorted(kinds)))
    told = ", ".join(names)
    return html(
        '<section aria-labelledby="add-title" class="add"><h2 id="add-title">Add articles</h2>'
        '<div class="ways"><div class="way" id="drop"><h3>Upload files</h3>'
        '<p class="drop-hint">{upload}<span>Drop files here, or</span></p>'
        '<label class="tool framed choose">Choose files<input type="file" id="files" multiple'
        ' accept="{accept}" aria-describedby="upload-hint"></label>'
        '<p class="quiet" id="upload-hint">{told};'
        " {limits}. A file of the same name takes the place of the earlier one.</p>"
        '<ul id="uploading" aria-label="Files on their way"></ul></div>'
        '<form class="way" data-form="preview"><h3><label for="place">A folder, a file or an address</label>'
        "</h3>"
        '<div class="field"><input id="place" name="place" maxlength="2000" autocomplete="off"'
        ' spellcheck="false" aria-describedby="place-hint place-error"'
        ' placeholder="Path or address">'
        '<button type="submit" class="tool framed">Preview</button></div>'
        '<p class="quiet" id="place-hint">A folder or file on this machine; or the address of a web page, a'
        " document, an RSS or Atom feed, or a site map. It is read again at every sync, and a folder when its"
        " files change, so that new articles come in by themselves.</p>"
        '<p id="place-error" class="error" role="alert" dir="auto"></p><div id="preview" role="region"'
        ' aria-label="Preview" hidden></div></form></div></section>',
        upload=icons.UPLOAD,
        accept=",".join(sorted(kinds)),
        told=told[:1].upper() + told[1:],
        limits=limits,
    )


def _source(
    source: ListedSource,
    articles: int,
    runs: Sequence[SyncRun],
    coming: datetime | None,
    now: datetime,
    *,
    own: bool,
) -> Html:
    away = [{step.source: step for step in run.left_out if not step.path}.get(source.id) for run in runs]
    read = next((run for run, step in zip(runs, away, strict=True) if step is None), None)
    wrong = away[0] if away else None
    stays = "The files stay where they are." if source.folder else ""
    if own:
        stays = "The uploaded files stay in their folder."
    elsewhere = source.place != source.name
    return html(
        '<li class="source-row"><div class="what"><p class="name" dir="auto">{name}</p>{place}{problem}</div>'
        '<p class="facts"><span>{kind}</span><span>{count}</span><span class="times">{times}</span></p>'
        '{often}<button type="button" class="tool icon-only" data-action="remove-source"'
        ' data-place="{exact_place}" data-name="{name}" data-articles="{articles}"'
        ' data-detail="{stays}" aria-label="Remove {name}" title="Remove">{icon}</button></li>',
        name=source.name,
        place=html('<span class="path" dir="auto">{}</span>', source.place) if elsewhere else NOTHING,
        problem=html('<p class="error" dir="auto">{}</p>', reason(wrong)) if wrong else NOTHING,
        kind=f"{source.kind}, watched" if source.is_watched else source.kind,
        count=plural(articles, "article"),
        times=last_and_next(parsed(read.ended) if read else None, coming, now),
        often=_often(source),
        exact_place=exact(source.place),
        articles=articles,
        stays=stays,
        icon=icons.BIN,
    )


def _often(source: ListedSource) -> Html:
    """The choice of how often a source is synced."""
    hours = sorted({*_HOURS, *(() if source.hours is None else (source.hours,))})
    choices = [("", f"{_in_words(source.usual_hours)} (as others)")]
    choices += [(f"{one:g}", _in_words(one)) for one in (*(one for one in hours if one), 0.0)]
    chosen = "" if source.hours is None else f"{source.hours:g}"
    options = joined(
        html(
            '<option value="{value}"{selected}>{words}</option>',
            value=value,
            selected=attribute("selected", value == chosen),
            words=words,
        )
        for value, words in choices
    )
    return html(
        '<select class="often" data-action="often" data-place="{exact_place}"'
        ' aria-label="How often {name} is synced" title="How often it is synced">{options}</select>',
        exact_place=exact(source.place),
        name=source.name,
        options=options,
    )


def _in_words(hours: float) -> str:
    """1 as "Every hour", 24 as "Every day"."""
    if not hours:
        return "By hand"
    for length, noun in ((168.0, "week"), (24.0, "day"), (1.0, "hour")):
        count = hours / length
        if count == int(count):
            return f"Every {noun}" if count == 1 else f"Every {count:.0f} {noun}s"
    return f"Every {hours * 60:.0f} minutes" if hours < 1 else f"Every {hours:g} hours"


def _run(run: SyncRun, now: datetime) -> Html:
    began = parsed(run.began)
    counts = ", ".join(
        f"{count:,} {word}"
        for count, word in (
            (run.added, "added"),
            (run.changed, "changed"),
            (run.deleted, "removed"),
            (run.skipped, "skipped"),
            (run.kept, "unchanged"),
        )
        if count
    )
    return html(
        '<li><p class="run"><span class="when">{when}</span><span class="by">{by}</span>'
        '<span class="counts">{said}{ended}</span></p>{errors}{reasons}</li>',
        when=clock_html(began, now) if began else isolated(run.began),
        by=_ASKED[run.why],
        said=counts or ("nothing to do" if run.completed else ""),
        ended=NOTHING if run.completed else html('<span class="failed">did not end</span>'),
        errors=joined(html('<p class="error" dir="auto">{}</p>', error) for error in run.errors),
        reasons=_reasons(run),
    )


def _reasons(run: SyncRun) -> Html:
    if not run.left_out:
        return NOTHING
    lines = joined(
        html(
            '<li><span class="path" dir="auto">{}</span> {}</li>',
            step.path or step.source,
            isolated(reason(step)),
        )
        for step in run.left_out[:_MOST_REASONS]
    )
    rest = run.skipped - min(len(run.left_out), _MOST_REASONS)
    return html(
        "<details><summary>Why {skipped} skipped</summary><ul>{lines}{more}</ul></details>",
        skipped=f"{run.skipped:,}",
        lines=lines,
        more=html("<li>and {} more</li>", f"{rest:,}") if rest > 0 else NOTHING,
    )
