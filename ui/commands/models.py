"""footnote models: the catalogue, and the files behind it."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from assistant.catalogue import Catalogue, CatalogueEntry
from assistant.model_sources import FetchProgress
from index_store.errors import UsageError
from ui.commands.session import AsJson, Session, open_session
from ui.model_supply import model_files
from ui.settings import change_setting

app = typer.Typer(help="The models that Footnote knows, and their files.", no_args_is_help=True)

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[ID ...]", help="Ids from `footnote models list`.")
]


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """Show the catalogue: licence, vendor, memory, and whether the file is on this machine."""
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
    table = Table(box=None, pad_edge=False)
    for name in ("model", "vendor", "licence", "memory", "here", "when to choose it"):
        table.add_column(name, overflow="fold", justify="right" if name == "memory" else "left")
    for entry in entries:
        table.add_row(
            Text(entry.id, style="bold" if entry.id in in_use else ""),
            f"{entry.vendor}, {entry.country}",
            entry.licence,
            f"{entry.memory_gb:g} GB" if entry.memory_gb else "",
            {"present": "yes", "missing": "", "damaged": "damaged"}.get(files.status(entry.id), ""),
            Text(entry.note, style="dim"),
        )
    session.terminal.show(table)


@app.command()
def fetch(ids: Names = None, as_json: AsJson = False) -> None:
    """Download and verify models; without a name, the writer and the embedder in use."""
    session = open_session(as_json=as_json)
    files = model_files(session.home, session.settings, Catalogue.load())
    fetched = []
    for id in _named(session, ids):
        before = files.status(id)
        with session.terminal.counting(id, bytes_of=True) as bar:

            def tell(progress: FetchProgress) -> None:
                note = ", ".join(part for part in (progress.source, progress.note) if part)
                bar.update(progress.bytes_done, progress.bytes_total, note)

            path = files.fetch(id, tell)
        fetched.append({"id": id, "path": str(path), "fetched": before != "present"})
        if not as_json:
            how = "already here, verified before" if before == "present" else "fetched and verified"
            session.terminal.show(f"{id}: {how}")
    if as_json:
        session.terminal.document({"models": fetched})


@app.command()
def verify(ids: Names = None, as_json: AsJson = False) -> None:
    """Read model files whole and compare them with the catalogue's hashes."""
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
            session.terminal.show(f"{id}: as pinned")
    if as_json:
        session.terminal.document({"models": verified})


@app.command()
def use(
    id: Annotated[str, typer.Argument(help="The id of a writer or an embedder.")], as_json: AsJson = False
) -> None:
    """Choose the model that writes, or the one that embeds (then the library must be rebuilt)."""
    session = open_session(as_json=as_json)
    entry = Catalogue.load().entry(id)
    setting = "model" if entry.kind == "writer" else "embedder"
    if not entry.files:
        raise UsageError(f"model {id!r} has no file; it can only answer from an endpoint")
    change_setting(session.home.settings_file, setting, id)
    if as_json:
        session.terminal.document({"setting": setting, "value": id})
        return
    session.terminal.show(f"{setting} = {id}, in {session.home.settings_file}")
    status = model_files(session.home, session.settings, Catalogue.load()).status(id)
    if status != "present":
        session.terminal.show(f"Its file is not here yet: footnote models fetch {id}")
    if setting == "embedder":
        session.terminal.show("Then read the library anew: footnote sync --rebuild")


def _named(session: Session, ids: list[str] | None) -> list[str]:
    return list(ids or (session.settings.model, session.settings.embedder))
