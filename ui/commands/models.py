"""footnote models: the catalogue, and the files behind it."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from assistant.models.catalogue import Catalogue, CatalogueEntry
from assistant.models.model_files import ModelFiles
from assistant.models.model_sources import FetchProgress
from index_store.errors import FootnoteError
from ui.commands.session import AsJson, Session, open_session
from ui.machine import memory_gb
from ui.model_supply import model_files
from ui.models.model_choice import choose, entry_with_file, record_fetch
from ui.models.model_rows import is_too_large
from ui.record.record import Record
from ui.serving.server_file import serving_process
from ui.stopped import when_stopped
from ui.terminal import indented

app = typer.Typer(help="The models that Footnote knows, and their files.", no_args_is_help=True)

_STATUS = {"present": "here", "missing": "", "damaged": "damaged"}

Names = Annotated[list[str] | None, typer.Argument(metavar="ID", help="Ids from: footnote models list")]


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """Show the models: memory, licence, vendor, and which are here."""
    session = open_session(as_json=as_json)
    catalogue = Catalogue.load()
    files = model_files(session.home, session.settings, catalogue)
    entries: list[CatalogueEntry] = [*catalogue.writers(), *catalogue.embedders()]
    in_use = {session.settings.model, session.settings.embedder}
    if as_json:
        rows = [
            {**entry.to_json(), "status": files.status(entry.id), "in_use": entry.id in in_use}
            for entry in entries
        ]
        session.terminal.document({"models": rows})
        return
    width = max(len(entry.id) for entry in entries)
    parts: list[RenderableType] = []
    for title, group in (("writes", catalogue.writers()), ("embeds", catalogue.embedders())):
        heading = f"{f'model that {title}':<{width}} memory  file     licence, vendor (country)"
        parts += [Text(heading, style="dim"), *_lines(group, files, in_use, width), Text()]
    session.terminal.show(
        Group(*parts, Text("To take another one: footnote models fetch ID, then footnote models use ID"))
    )


@app.command()
def fetch(ids: Names = None, as_json: AsJson = False) -> None:
    """Download and verify models. Without a name: the writer and the embedder in use."""
    session = open_session(as_json=as_json)
    catalogue = Catalogue.load()
    files = model_files(session.home, session.settings, catalogue)
    fetched = []
    # All names first: a slip in the last one should not show after an hour of downloading.
    record = Record.of(session.home, session.settings)
    for entry in [entry_with_file(catalogue, id) for id in _named(session, ids)]:
        id = entry.id
        before = files.status(id)
        kept = f"what came is kept, and footnote models fetch {id} goes on from there"
        with when_stopped(kept), session.terminal.counting(id, bytes_of=True) as bar:

            def tell(progress: FetchProgress) -> None:
                note = ", ".join(part for part in (progress.source, progress.note) if part)
                bar.update(progress.bytes_done, progress.bytes_total, note)

            try:
                path = files.fetch(id, tell)
            except FootnoteError as error:
                record_fetch(entry, record, via="command", error=error)
                raise
        if before != "present":
            record_fetch(entry, record, via="command")
        fetched.append({"id": id, "path": str(path), "fetched": before != "present"})
        if not as_json:
            how = "already here, verified before" if before == "present" else "fetched and verified"
            session.terminal.show(f"{id}: {how}")
    if as_json:
        session.terminal.document({"models": fetched})


@app.command()
def verify(ids: Names = None, as_json: AsJson = False) -> None:
    """Read model files whole and compare their hashes. Without a name: all that are here."""
    session = open_session(as_json=as_json)
    catalogue = Catalogue.load()
    files = model_files(session.home, session.settings, catalogue)
    present = [
        entry.id
        for entry in (*catalogue.writers(), *catalogue.embedders())
        if files.status(entry.id) != "missing"
    ]
    verified = []
    for id in ids or present or _named(session, None):
        with session.terminal.counting(f"verifying {id}", bytes_of=True) as bar:
            files.verify(id, lambda progress: bar.update(progress.bytes_done, progress.bytes_total))
        verified.append({"id": id, "sha256": catalogue.entry(id).sha256})
        if not as_json:
            unpinned = catalogue.entry(id).unpinned
            session.terminal.show(f"{id}: {'as first fetched (unpinned)' if unpinned else 'as pinned'}")
    if as_json:
        session.terminal.document({"models": verified})


@app.command()
def use(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a writer or an embedder.")],
    as_json: AsJson = False,
) -> None:
    """Choose the model that writes or embeds. The next sync embeds the library anew for another embedder."""
    session = open_session(as_json=as_json)
    catalogue = Catalogue.load()
    entry, files = entry_with_file(catalogue, id), model_files(session.home, session.settings, catalogue)
    choice = choose(session.home, entry, files, Record.of(session.home, session.settings), via="command")
    setting = choice.setting
    if as_json:
        session.terminal.document({"setting": setting, "value": id})
        return
    session.terminal.show(f"{setting} = {id}, in {session.home.settings_file}")
    if choice.is_overruled:
        session.terminal.show(f"The environment sets another one, which wins: FOOTNOTE_{setting.upper()}")
    if setting == "embedder":
        session.terminal.show("The next footnote sync embeds the library anew with it")
    if setting == "model" and serving_process(session.home.server_file) is not None:
        session.terminal.show("The serving process keeps the one it has until it is started again.")


def _lines(
    entries: Sequence[CatalogueEntry], files: ModelFiles, in_use: set[str], width: int
) -> Iterator[RenderableType]:
    """Two lines for each model: what it is, and when to choose it; first, whether on this machine."""
    memory = memory_gb()
    for entry in entries:
        status = files.status(entry.id)
        here = "in use" if status == "present" and entry.id in in_use else _STATUS[status]
        wanted = f"{entry.memory_gb:g} GB" if entry.memory_gb else ""
        line = Text(f"{entry.id:<{width}}", style="bold" if entry.id in in_use else "")
        line.append(f" {wanted:>6}  {here:<7}  {entry.licence}, {entry.vendor} ({entry.country})", "not bold")
        yield line
        note = Text(entry.note, style="dim")
        if is_too_large(entry, memory):
            note = Text("More memory than this machine has. ", style="yellow").append_text(note)
        elif entry.recommended:
            note = Text("Recommended. ", style="green").append_text(note)
        yield indented(note, 4)


def _named(session: Session, ids: list[str] | None) -> list[str]:
    return list(ids or (session.settings.model, session.settings.embedder))
