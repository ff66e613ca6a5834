"""What a sync of one large file takes in memory: this process beyond before, and the one that reads."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_pdf import Page, pdf

from ingest.sync_speed import made_up_article

MOST_MB = 1500
PROGRAM = """
import sys
from pathlib import Path
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder
from index_store.library import Library
from index_store.qdrant_connection import open_folder
from index_store.qdrant_store import QdrantPassageStore
from ingest.article_file import ArticleReader
from ingest.documents.isolated_reading import IsolatedReader
from ingest.folder_source import FolderSource
from ingest.passages.splitter import ArticleSplitter
from ingest.sync import LibrarySync

def megabytes(what, process="self"):
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition(what)[2].split()[0]) / 1024

class WatchedReader(IsolatedReader):
    peak = 0.0

    def _stop(self):
        if self.running:
            self.peak = max(self.peak, megabytes("VmHWM:", self.running))
        super()._stop()

place = Path(sys.argv[1])
documents, embedder = WatchedReader(), HashEmbedder(384)
client = open_folder(place / "store")
store = QdrantPassageStore(client, "test", embedder_id=embedder.id, dimensions=384, embedded=True)
sync = LibrarySync(Library(store, embedder, Bm25Encoder()), ArticleSplitter())
documents.read(b"Some text.", ".md")
embedder.embed(["Some text."], role="document")
before = megabytes("VmRSS:")
reader = ArticleReader(documents, all_apart=True)
report = sync.carry_out(sync.plan([FolderSource(place / "shelf", reader)]))
assert [step.action for step in report.plan.steps] == ["add"], report.plan.steps
documents.close()
print(report.passages_written, megabytes("VmHWM:") - before, documents.peak)
"""


def book(pages: int) -> bytes:
    """Pages full of text, no two alike."""
    chance = random.Random(pages)
    words = iter(())

    def line() -> str:
        nonlocal words
        taken = [word for _, word in zip(range(15), words, strict=False)]
        if len(taken) < 15:
            words = iter(made_up_article(chance, pages).split())
            return line()
        return " ".join(taken)

    return pdf([Page().lines(72, 770, [line() for _ in range(54)], pitch=13) for _ in range(pages)])


def memory_of_sync(folder: Path, pages: int) -> tuple[int, float, float]:
    """How many passages came of it, and megabytes of both processes."""
    (folder / "shelf").mkdir()
    (folder / "shelf" / "book.pdf").write_bytes(book(pages))
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    passages, own, reader = ran.stdout.split()
    return int(passages), float(own), float(reader)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("pages", [1600, 5000])
def test_a_sync_of_a_book_stays_within_its_memory(pages: int, tmp_path: Path) -> None:
    passages, own, reader = memory_of_sync(tmp_path, pages)
    print(f"{pages} pages: {passages} passages, {own:.0f} MB beside {reader:.0f} MB")
    assert passages > 5 * pages
    assert own + reader < MOST_MB
