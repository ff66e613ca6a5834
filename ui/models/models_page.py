"""The Models page: its frame, and the parts that are drawn anew when something has changed."""

from collections.abc import Mapping, Sequence

from ui import icons
from ui.accounts.person import LOCAL_PERSON, Person
from ui.markup import NOTHING, Html, exact, html, isolated, joined
from ui.models.model_rows import Chosen, ModelRow
from ui.page_frame import framed, topbar

_STATES = {
    "verified": "installed, verified",
    "unverified": "installed, not verified yet",
    "damaged": "damaged",
    "missing": "not installed",
}


def models_page_html(title: str, body: Html, who: Person = LOCAL_PERSON) -> Html:
    """The whole page beside the sidebar, for a person."""
    return framed(title, body, who, here="models", style="keeping.css", script="models.js")


def models_body(parts: Mapping[str, Html], who: Person = LOCAL_PERSON) -> Html:
    """The page's own part; `parts` as `ModelActions.parts` gives them."""
    return html(
        '<main id="shelf" tabindex="-1">{topbar}'
        '<div id="progress" class="job" hidden><label for="bar" id="doing">Fetching</label>'
        '<progress id="bar"></progress>'
        '<button type="button" class="tool framed" data-action="stop">Stop</button></div>'
        '<div class="shelf-scroll"><div class="shelf-body"><div id="problem">{problem}</div>'
        '<div id="notes">{notes}</div>'
        '<section aria-labelledby="writers-title"><h2 id="writers-title">Models that write</h2>'
        '<p class="quiet about">One of them writes the answers; a larger one writes better, and slower.</p>'
        '<div id="writers">{writers}</div></section>'
        '<section aria-labelledby="embedders-title"><h2 id="embedders-title">Models that search</h2>'
        '<p class="quiet about">One of them finds the passages that answers are made from. For another one'
        " the whole library is prepared anew, by the next sync.</p>"
        '<div id="embedders">{embedders}</div></section></div></div></main>',
        topbar=topbar("Models", parts["line"], who, here="models"),
        problem=parts["problem"],
        notes=parts["notes"],
        writers=parts["writers"],
        embedders=parts["embedders"],
    )


def line_html(used: int, free: int, memory_gb: float) -> Html:
    """What the models take, and what the machine has: sizes in bytes, memory in GB."""
    memory = f"{memory_gb:.0f} GB of memory"
    return html("Models take {} of disk, {} are free | {}", gigabytes(used), gigabytes(free), memory)


def notes_html(writer: Chosen, embedder: Chosen, *, is_offline: bool, folder: str | None) -> Html:
    """What is to be known before anything is pressed: a choice not in force yet, and being offline."""
    notes = (
        html(
            '<p class="standing">{} is chosen. {} goes on writing until Footnote is started again.</p>',
            isolated(writer.named or ""),
            isolated(writer.at_work),
        )
        if writer.is_pending
        else NOTHING,
        html(
            '<p class="standing">{} is chosen. The next sync prepares the whole library for it; until then'
            ' {} finds the passages. <a href="/library">To the library</a></p>',
            isolated(embedder.named or ""),
            isolated(embedder.at_work),
        )
        if embedder.is_pending
        else NOTHING,
        _offline(folder) if is_offline else NOTHING,
    )
    return joined(notes)


def rows_html(rows: Sequence[ModelRow]) -> Html:
    """The models as a table."""
    heads = joined(
        html('<th scope="col" class="{}">{}</th>', name, label)
        for name, label in (
            ("model", "Model"),
            ("maker", "Vendor, licence"),
            ("needs", "File, memory"),
            ("state", "State"),
        )
    )
    return html(
        '<table class="kept models"><thead><tr>{heads}<th scope="col" class="act">'
        '<span class="visually-hidden">What can be done</span></th></tr></thead>'
        "<tbody>{rows}</tbody></table>",
        heads=heads,
        rows=joined(_row(row) for row in rows),
    )


def gigabytes(size: int) -> str:
    """A size in bytes, in words: "2.5 GB", "640 MB"."""
    return f"{size / 1e9:,.1f} GB" if size >= 999_500_000 else f"{size / 1e6:,.0f} MB"


def _offline(folder: str | None) -> Html:
    if folder:
        return html(
            '<p class="standing">Footnote is offline (setting <code>offline</code>): models come from your'
            " folder {} alone.</p>",
            html('<code dir="auto">{}</code>', folder),
        )
    return html(
        '<p class="standing">Footnote is offline (setting <code>offline</code>), so no model can be fetched.'
        " Put its file in a folder and name that in the setting <code>model_folder</code>, or set"
        " <code>offline</code> to false.</p>"
    )


def _row(row: ModelRow) -> Html:
    entry = row.entry
    return html(
        '<tr data-model="{key}"><td class="model"><p class="name"><span dir="auto">{id}</span>{badges}</p>'
        '<p class="when-to" dir="auto">{note}</p>{places}{outcome}</td>'
        '<td class="maker"><p><span dir="auto">{vendor}</span> ({country})</p>'
        '<p><span dir="auto">{licence}</span>{closed}</p></td>'
        '<td class="needs">{size}{memory}</td>'
        '<td class="state {glance}">{state}</td><td class="act">{buttons}</td></tr>',
        key=exact(entry.id),
        id=entry.id,
        badges=_badges(row),
        note=entry.note,
        places=_places(row),
        outcome=_outcome(row),
        vendor=entry.vendor,
        country=isolated(entry.country),
        licence=entry.licence,
        closed=NOTHING if entry.licence_osi else ", with conditions",
        size=_size(row),
        memory=_memory(row),
        glance=row.glance if entry.files else "missing",
        state=_STATES[row.glance] if entry.files else "runs on servers alone",
        buttons=_buttons(row),
    )


def _size(row: ModelRow) -> Html:
    entry = row.entry
    if not entry.files:
        return NOTHING
    return html("<p>{}</p>", f"{gigabytes(entry.bytes)} file" if entry.bytes else "size not known")


def _memory(row: ModelRow) -> Html:
    if not row.entry.memory_gb:
        return NOTHING
    words = f"{row.entry.memory_gb:g} GB of memory"
    if not row.is_too_large:
        return html("<p>{}</p>", words)
    return html('<p class="beyond">{}, more than this machine has</p>', words)


def _badges(row: ModelRow) -> Html:
    badges = (
        ("at-work", "in use", row.is_at_work),
        ("named", "chosen", row.is_named and not row.is_at_work),
        ("default", "the default", row.is_default),
        ("recommended", "recommended", row.is_recommended),
        ("unpinned", "no checksum known", row.entry.unpinned),
    )
    return joined(
        html('<span class="badge {}">{}</span>', name, words) for name, words, shown in badges if shown
    )


def _places(row: ModelRow) -> Html:
    if not row.entry.files or row.is_here:
        return NOTHING
    if not row.places:
        return html('<p class="places">No place to fetch it from.</p>')
    return html(
        '<p class="places">From {}</p>',
        joined((html('<span dir="auto">{}</span>', place) for place in row.places), "; else "),
    )


def _outcome(row: ModelRow) -> Html:
    outcome = row.outcome
    if outcome is None:
        return NOTHING
    if outcome.error:
        return html('<p class="error" dir="auto">{}</p>', outcome.error)
    if outcome.is_stopped and outcome.work == "fetch":
        return html('<p class="places">Stopped; what has come is kept, and a fetch goes on from there.</p>')
    return NOTHING


def _buttons(row: ModelRow) -> Html:
    id, size = row.entry.id, row.entry.bytes
    fetch = html(
        '<button type="button" class="tool framed" data-action="fetch" data-model="{key}" data-name="{id}"'
        ' data-size="{size}" aria-label="{words} {id}">{icon}<span>{words}</span></button>',
        key=exact(id),
        id=id,
        size=gigabytes(size) if size else "",
        icon=icons.DOWNLOAD,
        words="Fetch again" if row.glance == "damaged" else "Fetch",
    )
    use = html(
        '<button type="button" class="tool framed" data-action="use" data-model="{key}" data-name="{id}"'
        ' data-kind="{kind}" aria-label="Use {id}">Use</button>',
        key=exact(id),
        id=id,
        kind=row.entry.kind,
    )
    verify = html(
        '<button type="button" class="tool framed" data-action="verify" data-model="{key}"'
        ' aria-label="Verify {id}">Verify</button>',
        key=exact(id),
        id=id,
    )
    return joined(
        (
            fetch if row.can_be_fetched else NOTHING,
            use if row.is_here and not row.is_named else NOTHING,
            verify if row.is_here else NOTHING,
        )
    )
