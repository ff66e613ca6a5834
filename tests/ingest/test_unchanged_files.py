"""A file that is as it was is not read again, and nothing that differs is taken for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from qdrant_client import models
from tiny_shelf import Shelf

from index_store.article import Article
from ingest import sync
from ingest.article_file import ArticleReader
from ingest.folder_source import FolderSource


class CountingReader(ArticleReader):
    """Remembers which articles it was made to read."""

    def __init__(self) -> None:
        super().__init__()
        self.read_paths: list[str] = []

    def read(self, file: Path, *, source: str, path: str) -> Article:
        self.read_paths.append(path)
        return super().read(file, source=source, path=path)


class WatchedShelf(Shelf):
    """A shelf whose reader counts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.reader = CountingReader()

    @property
    def source(self) -> FolderSource:
        return FolderSource(self.folder, self.reader)

    def read_by_sync(self) -> list[str]:
        self.reader.read_paths.clear()
        self.sync()
        return self.reader.read_paths


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[WatchedShelf]:
    made = WatchedShelf(tmp_path / "shelf")
    made.write("a.md", "# A\n\nThe first article.")
    made.write("b.md", "# B\n\nThe second article.")
    made.sync()
    yield made
    made.client.close()


def test_what_is_as_it_was_is_not_read(shelf: WatchedShelf) -> None:
    assert shelf.read_by_sync() == []
    shelf.write("b.md", "# B\n\nThe second article, changed.")
    assert shelf.read_by_sync() == ["b.md"]


def test_bytes_that_give_the_same_article_are_read_once(shelf: WatchedShelf) -> None:
    shelf.write("a.md", "# A\n\n\nThe first article.\n\n")
    assert shelf.read_by_sync() == ["a.md"]
    assert shelf.read_by_sync() == []


def test_a_library_that_took_no_fingerprints_reads_everything_once(shelf: WatchedShelf) -> None:
    shelf.client.set_payload("test-articles", {"fingerprint": None}, points=models.Filter())
    assert shelf.read_by_sync() == ["a.md", "b.md"]
    assert shelf.read_by_sync() == []


def test_another_way_of_reading_reads_everything(
    shelf: WatchedShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "PIPELINE_VERSION", "another")
    assert shelf.read_by_sync() == ["a.md", "b.md"]


def test_an_article_taken_back_to_what_it_was_is_read_again(shelf: WatchedShelf) -> None:
    shelf.write("a.md", "# A\n\nAnother text.")
    shelf.sync()
    shelf.write("a.md", "# A\n\nThe first article.")
    assert shelf.read_by_sync() == ["a.md"]
    assert any("The first article." in text for text in shelf.texts())


def test_a_file_that_can_no_longer_be_read_is_told(shelf: WatchedShelf) -> None:
    shelf.write("a.md", "")
    assert shelf.plan().count("skip") == 1
