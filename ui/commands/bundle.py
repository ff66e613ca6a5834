"""footnote bundle: one archive with all of Footnote, for a machine without a network."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.models.catalogue import Catalogue, EmbedderEntry
from index_store.errors import RunError, UsageError
from ui.commands.session import AsJson, Session, open_session
from ui.model_supply import model_files
from ui.stopped import NOTHING_CHANGED, when_stopped

if TYPE_CHECKING:
    from ui.bundle.archive import BundledFile

_ROOT = Path(__file__).resolve().parents[2]


def bundle(
    out: Annotated[
        Path | None, typer.Argument(metavar="OUT", help="The archive to write, or a folder for it.")
    ] = None,
    install: Annotated[
        Path | None, typer.Option("--install", metavar="ARCHIVE", help="Set Footnote up from this archive.")
    ] = None,
    into: Annotated[
        Path | None, typer.Option("--into", metavar="DIR", help="With --install: where the program goes.")
    ] = None,
    wheels: Annotated[
        Path | None,
        typer.Option("--wheels", metavar="DIR", help="Take packages from this folder, without a network."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Pack all of Footnote into one archive, or set it up from one."""
    if (out is None) == (install is None):
        raise UsageError("bundle: give either OUT, the archive to write, or --install ARCHIVE")
    session = open_session(as_json=as_json)
    if install is not None:
        _install(session, install, into or Path("~/footnote"))
    elif out is not None:
        _write(session, out, wheels)


def _install(session: Session, archive: Path, into: Path) -> None:
    from ui.bundle.install import Refused
    from ui.bundle.install import install as set_up

    left = "run it again; models that were checked are kept"
    try:
        with when_stopped(left):
            command = set_up(archive, into.expanduser(), session.home.root, session.terminal.tell)
    except Refused as error:
        raise RunError(str(error)) from error
    if session.terminal.as_json:
        session.terminal.document({"command": str(command), "home": str(session.home.root)})
    else:
        session.terminal.show(f"Footnote is set up: {command} serve --sync")


def _write(session: Session, out: Path, wheels: Path | None) -> None:
    from ui.bundle.archive import archive_place, write_archive
    from ui.bundle.packages import installed_for
    from ui.bundle.wheels import WheelCollector

    if wheels is None and session.settings.offline:
        raise RunError(
            "bundle: the setting offline = true refuses all fetching, and its packages have to be fetched; "
            "set it to false, or name a folder that holds them (--wheels)"
        )
    if wheels is not None and not wheels.is_dir():
        raise UsageError(f"--wheels {str(wheels)!r}: no such folder; give one with wheels")
    place = archive_place(out.expanduser())
    files = list(_models(session))
    packages = installed_for("footnote")
    tell = session.terminal.tell
    collector = WheelCollector(_ROOT, session.home.wheels, wheels=wheels, tell=tell)
    with (
        when_stopped(NOTHING_CHANGED),
        # A name by which it is known, should the machine go down meanwhile.
        tempfile.TemporaryDirectory(prefix="footnote-bundle-", dir=place.absolute().parent) as folder,
    ):
        collected = collector.collect(packages, Path(folder))
        written = write_archive(place, collected, files, _settings(session), tell)
    if session.terminal.as_json:
        session.terminal.document(
            {
                "archive": str(written.archive),
                "bytes": written.bytes,
                "sha256": written.sha256,
                "packages": len(collected),
                "models": [session.settings.model, session.settings.embedder],
            }
        )
        return
    session.terminal.show(
        f"{written.archive}: {written.bytes / 1e9:.1f} GB, {len(collected)} packages, "
        f"{session.settings.model}, {session.settings.embedder}",
        f"sha256 {written.sha256}",
        f"On the other machine: python3 {written.archive.name} --into DIR",
    )


def _models(session: Session) -> "Iterator[BundledFile]":
    """The files of the writer and the embedder in use. Raises ModelMissing where one is not here."""
    from ui.bundle.archive import BundledFile

    catalogue = Catalogue.load()
    files = model_files(session.home, session.settings, catalogue)
    for id in (session.settings.model, session.settings.embedder):
        entry, place = catalogue.entry(id), files.path(id)
        for file in entry.files:
            if isinstance(entry, EmbedderEntry):
                yield BundledFile(f"models/{id}/{file.name}", place / file.name, file.sha256)
            else:
                yield BundledFile(f"models/{file.name}", place, file.sha256)


def _settings(session: Session) -> dict[str, str]:
    """The models in use, where they are not those that Footnote uses by itself."""
    catalogue = Catalogue.load()
    usual = {"model": catalogue.default_writer, "embedder": catalogue.default_embedder}
    chosen = {"model": session.settings.model, "embedder": session.settings.embedder}
    return {name: id for name, id in chosen.items() if id != usual[name]}
