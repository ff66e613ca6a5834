"""The Library page of the demo: a real library of the made-up articles, embedded without any weights."""

import threading
from pathlib import Path

from index_store.article import Article
from index_store.embedder import Embedder, HashEmbedder
from ui.chat.demo_library import ALDER_3, BANK, NOTES, TIMED
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.serving.serving import ServedSyncs
from ui.settings.in_force import load_settings
from ui.settings.settings_file import change_setting
from ui.workshop import Workshop


class DemoWorkshop(Workshop):
    """A workshop whose embedder hashes words."""

    def _embedder(self, id: str) -> Embedder:
        return HashEmbedder()


class DemoShelf:
    """A library in `folder`, synced once when it is made; its schedule is shown and not started."""

    def __init__(self, folder: Path) -> None:
        home = Home(folder / "library")
        articles = folder / "articles"
        if not home.settings_file.exists():
            write_articles(articles)
            change_setting(home.settings_file, "sources", [articles.resolve().as_posix()])
        self.workshop = DemoWorkshop(home, load_settings(home.settings_file))
        self.desk = LocalDesk(self.workshop)
        self.syncs = ServedSyncs.of(self.workshop, self.desk)
        self._first = threading.Thread(target=lambda: self.syncs.runner.sync("start"), daemon=True)
        self._first.start()

    def wait(self) -> None:
        """Wait until the first sync has ended."""
        self._first.join()

    def close(self) -> None:
        """Let go of the library."""
        self.desk.close()


def write_articles(folder: Path) -> None:
    """The made-up articles as Markdown files."""
    for article in (ALDER_3, TIMED, BANK, NOTES):
        file = folder / article.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_markdown(article), encoding="utf-8")


def _markdown(article: Article) -> str:
    facts = {
        "title": article.title,
        "publisher": article.publisher,
        "date": article.published,
        "url": article.url,
    }
    front = "".join(f'{name}: "{value}"\n' for name, value in facts.items() if value)
    # In these texts, what ends without a stop is a heading.
    lines = [
        f"\n## {line}\n" if line and not line.endswith(".") else line for line in article.text.split("\n")
    ]
    return f"---\n{front}---\n\n" + "\n".join(lines) + "\n"
