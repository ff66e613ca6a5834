"""A whole Footnote in miniature on a disk of four megabytes, which is filled under it and emptied again.

Run by test_small_disk.py in a mount namespace of its own; prints one JSON document.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tiny_footnote import CATALOGUE, QUESTION, install_models, set_up, workshop, write_articles

from assistant.models.catalogue import Catalogue
from index_store.article import Article
from index_store.errors import FootnoteError
from ui.chat.chat_turn import ChatTurns
from ui.chat.conversations import Conversations
from ui.home import Home
from ui.library.uploads import Uploads
from ui.local_desk import LocalDesk
from ui.record.record import Record, record_files
from ui.settings.settings_file import change_setting
from ui.workshop_answers import WorkshopAnswers


def told(work: Callable[[], object]) -> str:
    """What a refusal says; empty where there was none."""
    try:
        work()
    except FootnoteError as error:
        return str(error)
    return ""


def fill(folder: Path) -> Path:
    """A file that takes all that is left of the disk."""
    filler = folder / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as stream:
        for size in (65536, 4096, 512, 1):
            with suppress(OSError):
                while stream.write(b"x" * size):
                    pass
    return filler


def upload(uploads: Uploads, text: bytes) -> None:
    incoming = uploads.begin("note.md")
    try:
        incoming.write(text)
        incoming.keep()
    finally:
        incoming.drop()


def visit(disk: Path, articles: Path) -> dict[str, object]:
    home = Home(disk / "home")
    install_models(home)
    set_up(home, sources=[str(articles)])
    made = workshop(home)
    desk, record = LocalDesk(made), Record.of(home, made.settings)
    kept = Conversations(home.conversations)
    turns = ChatTurns(WorkshopAnswers(made), kept, home.log_file)
    uploads = Uploads(home.uploads, lambda file, name: Article("uploads", name, name, file.read_text()))

    def sync() -> str:
        failed: list[str] = []

        def run() -> None:
            summary = desk.sync((), dry_run=False, on_step=step)
            failed.extend(one.why or "" for one in summary.failed)

        return told(run) or " ".join(failed)

    def step(*_: object) -> None:
        pass

    def ask(conversation: str) -> None:
        assert turns.ask(conversation, QUESTION).wait(60)

    sync()
    conversation = kept.start(QUESTION).id
    ask(conversation)
    upload(uploads, b"first")
    record.add("search")
    write_articles(articles, {"crane.md": "# Crane\n\nA third bird.\n" + "It flies far. " * 2000})
    sources = (str(articles), "/" + "x" * 5000)
    filler = fill(disk)
    full = {
        "question": told(lambda: ask(conversation)),
        "new conversation": told(lambda: kept.start("q")),
        "sync": sync(),
        "settings": told(lambda: change_setting(home.settings_file, "sources", sources)),
        "upload": told(lambda: upload(uploads, b"second " * 100_000)),
    }
    record.add("search", question="x" * 20_000)
    still = {
        "answers": desk.ask(QUESTION).status,
        "shown": [turn.answer is not None for turn in turns.shown(conversation)],
        "uploaded": (home.uploads / "note.md").read_text(),
    }
    filler.unlink()
    again = sync()
    ask(conversation)
    record.add("search")
    upload(uploads, b"second")
    turns.close()
    desk.close()
    later = workshop(home)
    after = {
        "sync": again,
        "articles": sorted(row.path for row in later.library.articles()),
        "answers": LocalDesk(later).ask(QUESTION).status,
        "turns": [turn.answer is not None for turn in Conversations(home.conversations).turns(conversation)],
        "uploaded": (home.uploads / "note.md").read_text(),
        "record": [json.loads(line)["kind"] for line in record_files(home, later.settings).newest_first()],
        "left over": sorted(file.name for file in home.root.rglob("*.new"))
        + sorted(file.name for file in home.uploads.iterdir() if file.name.startswith(".")),
    }
    later.close()
    return {"full": full, "still": still, "after": after}


if __name__ == "__main__":
    disk, articles = Path(sys.argv[1]), Path(sys.argv[2])
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(disk)], check=True)
    Catalogue.load = lambda: CATALOGUE  # type: ignore[method-assign]
    print(json.dumps(visit(disk, articles)))
