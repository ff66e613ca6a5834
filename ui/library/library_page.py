"""The Library page: its frame, and the parts that are drawn anew when something has changed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from ui import icons
from ui.accounts.person import LOCAL_PERSON, Person, Role
from ui.chat.conversation_list import LOGO, account_html
from ui.library.article_rows import ArticleRow, reason
from ui.library.library_sources import ListedSource
from ui.library.sync_runs import SyncRun, Why
from ui.local_time import clock_html, last_and_next, parsed
from ui.markup import plural, text
from ui.serving.page_files import head

_ASKED: dict[Why, str] = {
    "schedule": "by schedule",
    "page": "from this page",
    "command": "by command",
    "start": "at the start",
}
_KINDS = {
    ".pdf": "PDF",
    ".docx": "Word",
    ".epub": "EPUB",
    ".eml": "e-mail",
    ".mbox": "mailbox",
    ".html": "web page",
    ".htm": "web page",
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".txt": "text",
}
# What can be chosen for a source, in hours; a settings file may say anything else.
_HOURS = (0.5, 1.0, 3.0, 6.0, 12.0, 24.0, 168.0, 0.0)
# How many of the reasons for skipping one run lists.
_MOST_REASONS = 20


def page_html(title: str, body: str, who: Person = LOCAL_PERSON) -> str:
    """A whole page beside the sidebar, for a person. `title` is text, `body` HTML."""
    keeps = "" if who.role.covers(Role.EDITOR) else " only-reads"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{head(text(title), ('footnote.css', 'library.css'), 'library.js')}</head><body>"
        '<a class="skip" href="#shelf">Skip to the content</a><p id="notice" role="status"></p>'
        f'<div id="app" class="library-app{keeps}">{_sidebar(who)}{body}</div>{_dialog()}</body></html>'
    )


def library_body(parts: dict[str, str], *, kinds: Sequence[str], limits: str) -> str:
    """The Library page's own part; `parts` as `LibraryActions.parts` gives them, `limits` in words."""
    return (
        '<main id="shelf" tabindex="-1"><header class="topbar"><a class="tool icon-only to-chat" href="/"'
        f' aria-label="Chat" title="Chat">{icons.CHAT}</a><h1>Library</h1>'
        f'<p id="line">{parts["line"]}</p>'
        '<button type="button" class="tool framed" data-action="sync">'
        f"{icons.RETRY}<span>Sync now</span></button></header>"
        '<div id="progress" hidden><label for="bar" id="doing">Syncing</label>'
        '<progress id="bar"></progress></div>'
        f'<div class="shelf-scroll"><div class="shelf-body"><div id="problem">{parts["problem"]}</div>'
        f"{_add(kinds, limits)}"
        f'<section aria-labelledby="sources-title"><h2 id="sources-title">Sources</h2>'
        f'<div id="sources">{parts["sources"]}</div></section>'
        f'<section aria-labelledby="articles-title" id="all-articles"><h2 id="articles-title">Articles</h2>'
        f'<div id="empty">{parts["empty"]}</div>{parts["table"]}</section>'
        f'<section aria-labelledby="runs-title"><h2 id="runs-title">Last syncs</h2>'
        f'<div id="runs">{parts["runs"]}</div></section></div></div></main>'
    )


def article_body(content: str) -> str:
    """The page of one article."""
    return (
        '<main id="shelf" tabindex="-1"><header class="topbar"><a class="tool" href="/library"'
        f' data-action="back">{icons.PREVIOUS}<span>Library</span></a></header>'
        f'<div class="shelf-scroll"><div class="shelf-body">{content}</div></div></main>'
    )


def line_html(last: datetime | None, coming: datetime | None, now: datetime, *, running: bool) -> str:
    """When the sources were and will be synced."""
    if running:
        return f"Last {clock_html(last, now)} | Syncing now" if last else "Syncing now"
    return last_and_next(last, coming, now)


def problem_html(problem: str | None) -> str:
    """What keeps the library from being shown, or nothing."""
    return f'<p class="problem" role="alert">{text(problem)}</p>' if problem else ""


def empty_html(rows: Sequence[ArticleRow], sources: Sequence[ListedSource], problem: str | None) -> str:
    """What to do where there is no article at all; nothing otherwise."""
    if rows or problem:
        return ""
    next_step = (
        "Press “Sync now” to read the sources listed above, or add your own articles: upload files, or name"
        " a place to read from."
        if sources
        else "Add articles above: upload files, or name a place to read from. They are read at once, and can"
        " be asked about as soon as they stand here."
    )
    return f'<div class="card absent"><h3>The library is empty</h3><p>{next_step}</p></div>'


def sources_html(
    sources: Sequence[ListedSource],
    rows: Sequence[ArticleRow],
    runs: Sequence[SyncRun],
    coming: Callable[[str], datetime | None],
    now: datetime,
    *,
    uploads: Path,
) -> str:
    """Every source with its kind, number of articles, and times.

    `coming` tells for a source's id when it is synced next.
    """
    if not sources:
        return '<p class="quiet">No source yet. What you add above is listed here.</p>'
    held: dict[str, int] = {}
    for row in rows:
        held[row.source] = held.get(row.source, 0) + row.held
    whole = [run for run in runs if run.completed]
    listed = "".join(
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
    return f'<ul class="sources">{listed}</ul>'


def runs_html(runs: Sequence[SyncRun], now: datetime) -> str:
    """The kept runs, newest first, each with what it did and what went wrong."""
    if not runs:
        return '<p class="quiet">No sync has been run yet.</p>'
    shown = "".join(_run(run, now, newest=place == 0) for place, run in enumerate(runs))
    return f'<ol class="runs">{shown}</ol>'


def _sidebar(who: Person) -> str:
    return (
        '<div id="sidebar"><div class="sidebar-head"><a class="brand" href="/">'
        f'{LOGO}<span>Footnote</span></a></div><nav aria-label="Pages"><ul class="pages">'
        f'<li><a href="/">{icons.CHAT}<span>Chat</span></a></li>'
        f'<li><a href="/library" aria-current="page">{icons.BOOKS}<span>Library</span></a></li>'
        f"</ul></nav>{account_html(who)}</div>"
    )


def _dialog() -> str:
    return (
        '<dialog id="confirm" aria-labelledby="confirm-question"><p id="confirm-question"></p>'
        '<p id="confirm-detail" class="quiet"></p><div class="buttons">'
        '<button type="button" class="tool framed danger" data-action="confirmed">Remove</button>'
        '<button type="button" class="tool framed" data-action="close-dialog">Keep</button></div></dialog>'
    )


def _add(kinds: Sequence[str], limits: str) -> str:
    names = tuple(dict.fromkeys(_KINDS.get(kind, kind) for kind in sorted(kinds)))
    told = ", ".join(names)
    accept = text(",".join(sorted(kinds)))
    hint = (
        "A folder or file on this machine; or the address of a web page, a document, an RSS or Atom feed, or"
        " a site map. It is read again at every sync, so that new articles come in by themselves."
    )
    return (
        '<section aria-labelledby="add-title" class="add"><h2 id="add-title">Add articles</h2>'
        '<div class="ways"><div class="way" id="drop"><h3>Upload files</h3>'
        f'<p class="drop-hint">{icons.UPLOAD}<span>Drop files here, or</span></p>'
        f'<label class="tool framed choose">Choose files<input type="file" id="files" multiple'
        f' accept="{accept}" aria-describedby="upload-hint"></label>'
        f'<p class="quiet" id="upload-hint">{text(told[:1].upper() + told[1:])};'
        f" {text(limits)}. A file of the same name takes the place of the earlier one.</p>"
        '<ul id="uploading" aria-label="Files on their way"></ul></div>'
        '<form class="way" data-form="preview"><h3><label for="place">A folder, a file or an address</label>'
        "</h3>"
        '<div class="field"><input id="place" name="place" maxlength="2000" autocomplete="off"'
        ' spellcheck="false" aria-describedby="place-hint place-error"'
        ' placeholder="Path or address">'
        '<button type="submit" class="tool framed">Preview</button></div>'
        f'<p class="quiet" id="place-hint">{hint}</p>'
        '<p id="place-error" class="error" role="alert"></p><div id="preview" role="region"'
        ' aria-label="Preview" hidden></div></form></div></section>'
    )


def _source(
    source: ListedSource,
    articles: int,
    runs: Sequence[SyncRun],
    coming: datetime | None,
    now: datetime,
    *,
    own: bool,
) -> str:
    away = [{step.source: step for step in run.left_out if not step.path}.get(source.id) for run in runs]
    read = next((run for run, step in zip(runs, away, strict=True) if step is None), None)
    wrong = away[0] if away else None
    times = last_and_next(parsed(read.ended) if read else None, coming, now)
    name = text(source.name)
    place = f'<span class="path">{text(source.place)}</span>' if source.place != source.name else ""
    problem = f'<p class="error">{text(reason(wrong))}</p>' if wrong else ""
    stays = "The files stay where they are." if source.folder else ""
    if own:
        stays = "The uploaded files stay in their folder."
    return (
        f'<li class="source-row"><div class="what"><p class="name">{name}</p>{place}{problem}</div>'
        f'<p class="facts"><span>{text(source.kind)}</span><span>{plural(articles, "article")}</span>'
        f'<span class="times">{times}</span></p>{_often(source)}'
        f'<button type="button" class="tool icon-only" data-action="remove-source"'
        f' data-place="{text(source.place)}" data-name="{name}" data-articles="{articles}"'
        f' data-detail="{stays}" aria-label="Remove {name}" title="Remove">{icons.BIN}</button></li>'
    )


def _often(source: ListedSource) -> str:
    """The choice of how often a source is synced."""
    hours = sorted({*_HOURS, *(() if source.hours is None else (source.hours,))})
    choices = [("", f"{_in_words(source.usual_hours)} (as others)")]
    choices += [(f"{one:g}", _in_words(one)) for one in (*(one for one in hours if one), 0.0)]
    chosen = "" if source.hours is None else f"{source.hours:g}"
    options = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{words}</option>'
        for value, words in choices
    )
    return (
        f'<select class="often" data-action="often" data-place="{text(source.place)}"'
        f' aria-label="How often {text(source.name)} is synced" title="How often it is synced">'
        f"{options}</select>"
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


def _run(run: SyncRun, now: datetime, *, newest: bool) -> str:
    began = parsed(run.began)
    when = clock_html(began, now) if began else text(run.began)
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
    said = counts or ("nothing to do" if run.completed else "")
    errors = "".join(f'<p class="error">{text(error)}</p>' for error in run.errors)
    ended = "" if run.completed else '<span class="failed">did not end</span>'
    return (
        f'<li><p class="run"><span class="when">{when}</span><span class="by">{_ASKED[run.why]}</span>'
        f'<span class="counts">{said}{ended}</span></p>{errors}{_reasons(run)}</li>'
    )


def _reasons(run: SyncRun) -> str:
    if not run.left_out:
        return ""
    lines = "".join(
        f'<li><span class="path">{text(step.path or step.source)}</span> {text(reason(step))}</li>'
        for step in run.left_out[:_MOST_REASONS]
    )
    rest = run.skipped - min(len(run.left_out), _MOST_REASONS)
    more = f"<li>and {rest:,} more</li>" if rest > 0 else ""
    return f"<details><summary>Why {run.skipped:,} skipped</summary><ul>{lines}{more}</ul></details>"
