"""What a hostile document can cost: one article, told in words, and never the process that asked."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hostile_surroundings import LOUD
from tiny_archives import docx, epub, page, paragraph
from tiny_pdf import Page, pdf

from assistant.finding.quote import quotes_of
from assistant.proof.footnotes import Footnotes
from index_store.article import Article
from index_store.quiet_libraries import SILENT
from ingest.article_file import SUFFIXES, ArticleReader
from ingest.documents import isolated_reading
from ingest.documents.isolated_reading import IsolatedReader, ReadingLimits
from ingest.errors import ArticleEmpty, ArticleNotText, ArticleUnreadable
from ingest.folder_source import FolderSource
from ingest.passages.splitter import ArticleSplitter, passages_of
from ingest.text import text_file
from ingest.text.page_head import PageHead

GOOD = pdf([Page().line(72, 700, "Some text of a page.")])


# Stands for parsers that do whatever a document makes them do.
PROGRAM = """
import os, sys, time
import ingest.documents.document_process as it
def read(suffix, data, on_part, encoding):
    exec(data.decode())
it.read_document = read
it.main()
"""


def obedient(limits: ReadingLimits | None = None) -> IsolatedReader:
    """A reader whose process runs what a document says."""
    return IsolatedReader(limits, program=("-c", PROGRAM))


@pytest.fixture(scope="module")
def bounded() -> Iterator[IsolatedReader]:
    reader = obedient(ReadingLimits(stalled_s=0.2, memory=300 * 2**20))
    yield reader
    reader.close()


@pytest.mark.parametrize(
    ("suffix", "data", "title"),
    [
        (".pdf", pdf([Page().line(72, 700, "Some text of a page.")], {"Title": "A PDF"}), "A PDF"),
        (".docx", docx(paragraph("Some text of a page."), "<dc:title>A letter</dc:title>"), "A letter"),
        (
            ".epub",
            epub({"a.xhtml": page("<p>Some text of a page.</p>")}, "<dc:title>A book</dc:title>"),
            "A book",
        ),
        (".eml", b"Subject: A mail\n\nSome text of a page.\n", "A mail"),
    ],
)
def test_each_format_becomes_an_article(
    suffix: str, data: bytes, title: str, documents: IsolatedReader
) -> None:
    article = ArticleReader(documents).read_bytes(data, suffix=suffix, source="s", path=f"a{suffix}")
    assert (article.title, article.text) == (title, "Some text of a page.")
    assert article.pages == ((0,) if suffix == ".pdf" else ())


def test_one_process_reads_many_documents(documents: IsolatedReader) -> None:
    documents.read(GOOD, ".pdf")
    first = documents.running
    with pytest.raises(ArticleUnreadable, match="no PDF, or damaged"):
        documents.read(b"%PDF-1.7 but no more", ".pdf")
    with pytest.raises(ArticleUnreadable, match="no Word document"):
        documents.read(epub({}), ".docx")
    assert documents.read(GOOD, ".pdf").text == "Some text of a page."
    assert documents.running == first is not None


def test_no_process_starts_where_there_is_no_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    (tmp_path / "a.md").write_text("# Title\n\nText.")
    (tmp_path / "b.html").write_text("<p>Text.</p>")
    reader = ArticleReader()
    source = FolderSource(tmp_path, reader)
    articles = [source.read(found) for found in source.scan()]
    assert len(articles) == 2
    reader.close()


@pytest.mark.whole
@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise RecursionError", r"cannot be parsed \(RecursionError\)"),
        ("on_part(); raise ValueError('words of the file')", r"cannot be parsed \(ValueError\)"),
        ("x = bytearray(2**29)", "too much memory"),
        ("open('a-file-of-its-own', 'wb', 0).write(b'x')", r"cannot be parsed \(OSError\)"),
        ("print('text' * 9); raise it.ArticleUnreadable('as it was')", "as it was"),
        ("os.abort()", "crashed its reader"),
        ("os._exit(0)", "crashed its reader"),
        ("while True: pass", r"got stuck for 0\.2 seconds"),
        ("os.write(3, b'nonsense\\n')", "gave nonsense"),
        ("os.write(3, b'[1]\\n{}\\n')", "gave nonsense"),
        ("os.write(3, b'[' * 9_000 + b'\\n')", "gave nonsense"),
    ],
)
def test_what_goes_wrong_costs_one_article(
    code: str, why: str, bounded: IsolatedReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    reader = ArticleReader(bounded)
    with pytest.raises(ArticleUnreadable, match=rf"^sub/a\.pdf: .*{why}") as caught:
        reader.read_bytes(code.encode(), suffix=".pdf", source="s", path="sub/a.pdf")
    assert "\n" not in str(caught.value)
    with pytest.raises(ArticleEmpty, match=r"^b\.pdf: still here$"):
        reader.read_bytes(b"raise it.ArticleEmpty('still here')", suffix=".pdf", source="s", path="b.pdf")


@pytest.mark.whole
@pytest.mark.whole
def test_its_libraries_are_told_to_keep_silent_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in LOUD.items():
        monkeypatch.setenv(name, value)
    reader = obedient()
    code = "raise it.ArticleUnreadable(' '.join(f'{n}={v}' for n, v in os.environ.items()))"
    with pytest.raises(ArticleUnreadable) as told:
        reader.read(code.encode(), ".pdf")
    reader.close()
    read = dict(pair.split("=", 1) for pair in str(told.value).split() if "=" in pair)
    assert read.items() >= SILENT.items()
    assert LOUD.keys() & read.keys() <= SILENT.keys()


@pytest.mark.whole
def test_progress_gives_more_time(bounded: IsolatedReader) -> None:
    code = (
        b"for _ in range(5):\n"
        b"    until = time.process_time() + 0.08\n"
        b"    while time.process_time() < until: pass\n"
        b"    on_part()\n"
        b"raise it.ArticleEmpty('done')"
    )
    with pytest.raises(ArticleEmpty, match="done"):
        bounded.read(code, ".pdf")


@pytest.mark.whole
def test_progress_does_not_give_time_without_end() -> None:
    reader = obedient(ReadingLimits(total_s=0.2))
    with pytest.raises(ArticleUnreadable, match=r"more than 0\.2 seconds"):
        reader.read(b"while True: time.sleep(0.05); on_part()", ".pdf")
    assert reader.running is None


@pytest.mark.whole
def test_a_process_that_ended_in_between_is_replaced() -> None:
    documents = IsolatedReader()
    documents.read(GOOD, ".pdf")
    before = documents.running
    assert before is not None
    os.kill(before, signal.SIGKILL)
    while documents.running is not None:
        time.sleep(0.002)
    assert documents.read(GOOD, ".pdf").text == "Some text of a page."
    assert documents.running not in (None, before)
    documents.close()


@pytest.mark.whole
def test_a_process_that_is_killed_between_two_documents_costs_neither() -> None:
    # It has taken in the second one, but not begun it.
    dies = PROGRAM.replace(
        "it.main()",
        "read_before, serve = [], it._serve\n"
        "def serve_one(*given):\n"
        "    if read_before: os.kill(os.getpid(), 9)\n"
        "    read_before.append(given)\n"
        "    serve(*given)\n"
        "it._serve = serve_one\n"
        "it.main()",
    )
    reader = IsolatedReader(program=("-c", dies))
    for number in range(3):
        with pytest.raises(ArticleEmpty, match=rf"^number {number}$"):
            reader.read(f"raise it.ArticleEmpty('number {number}')".encode(), ".pdf")
    reader.close()


@pytest.mark.whole
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("it.broken = True", "if hasattr(it, 'broken'): os.abort()"),
        ("it.kept = bytearray(160 * 2**20)", "more = bytearray(160 * 2**20)"),
    ],
)
def test_what_one_document_left_behind_is_not_held_against_the_next(first: str, second: str) -> None:
    # Much memory takes a while on a busy machine, and is not being stuck.
    reader = obedient(ReadingLimits(memory=300 * 2**20))
    with closing(reader):
        with pytest.raises(ArticleEmpty, match=r"^first$"):
            reader.read(f"{first}\nraise it.ArticleEmpty('first')".encode(), ".pdf")
        before = reader.running
        with pytest.raises(ArticleEmpty, match=r"^second$"):
            reader.read(f"{second}\nraise it.ArticleEmpty('second')".encode(), ".pdf")
        assert reader.running not in (None, before)


@pytest.mark.whole
def test_a_process_that_has_grown_is_ended_and_its_memory_is_free() -> None:
    reader = obedient(ReadingLimits(kept=100 * 2**20))
    with pytest.raises(ArticleEmpty, match="small"):
        reader.read(b"raise it.ArticleEmpty('small')", ".pdf")
    small = reader.running
    assert small is not None
    with pytest.raises(ArticleEmpty, match="large"):
        reader.read(b"it.kept = bytearray(120 * 2**20); raise it.ArticleEmpty('large')", ".pdf")
    assert reader.running is None
    assert not Path(f"/proc/{small}").exists()
    with pytest.raises(ArticleEmpty, match="small"):
        reader.read(b"raise it.ArticleEmpty('small')", ".pdf")
    reader.close()


@pytest.mark.whole
def test_more_text_than_any_book_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated_reading, "_LONGEST_REPLY", 2**20)
    reader = obedient()
    with pytest.raises(ArticleUnreadable, match="far larger than any book; split it"):
        reader.read(b"os.write(3, b'x' * 2**21)", ".pdf")
    assert reader.running is None


def test_a_process_that_does_not_run_is_told_and_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    class Counted(subprocess.Popen[bytes]):
        def __init__(self, command: list[str], **given: Any) -> None:
            started.append(command)
            super().__init__(["/bin/true"], **given)

    monkeypatch.setattr(subprocess, "Popen", Counted)
    for data in (b"a", b"a" * 2**20):  # more than waits in a pipe
        started.clear()
        with pytest.raises(ArticleUnreadable, match=r"does not run; .*, then sync again$"):
            IsolatedReader().read(data, ".pdf")
        assert len(started) == 2


@pytest.mark.whole
def test_closing_ends_the_process_and_so_does_forgetting_it() -> None:
    reader = IsolatedReader()
    reader.read(GOOD, ".pdf")
    pid = reader.running
    assert pid is not None
    reader.close()
    assert not Path(f"/proc/{pid}").exists()
    reader.close()
    reader.read(GOOD, ".pdf")
    pid = reader.running
    del reader
    gc.collect()
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.whole
def test_the_process_ends_with_the_one_that_started_it() -> None:
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from ingest.documents.isolated_reading import IsolatedReader\n"
        "reader = IsolatedReader(); reader.read(b'Text.', '.txt')\n"
        "print(reader.running, flush=True); os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parents[3])]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    pid = int(ended.stdout)
    until = time.monotonic() + 60
    while _runs(pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_several_threads_may_ask_at_once(documents: IsolatedReader) -> None:
    found: list[str] = []

    def read(number: int) -> None:
        found.append(documents.read(pdf([Page().line(72, 700, f"Text number {number}")]), ".pdf").text)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(f"Text number {number}" for number in range(8))


@pytest.mark.whole
def test_the_process_loads_nothing_heavy_and_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_HUB_TOKEN", "secret")
    code = (
        "heavy = {'trafilatura', 'llama_index', 'torch', 'numpy', 'qdrant_client'} & set(sys.modules)\n"
        "names = [name for name in os.environ if 'FOOTNOTE' in name]\n"
        "raise it.ArticleEmpty(repr((sorted(heavy), names)))"
    )
    reader = obedient()
    with pytest.raises(ArticleEmpty, match=r"^\(\[\], \[\]\)$"):
        reader.read(code.encode(), ".pdf")
    reader.close()


def test_a_date_comes_from_the_name_or_a_byline_and_not_from_the_making(documents: IsolatedReader) -> None:
    def read(name: str, *lines: str) -> Article:
        data = pdf([Page().lines(72, 700, lines)], {"CreationDate": "D:20240101"})
        return ArticleReader(documents).read_bytes(data, suffix=".pdf", source="s", path=name)

    assert read("a.pdf", "Some text.").published is None
    assert read("2025-04-29-rain.pdf", "Some text.").published == "2025-04-29"
    assert read("2025-04-29-rain.pdf", "Some text.").title == "Rain"
    assert read("a.pdf", "8 min read Jan 31, 2025", "Some text.").published == "2025-01-31"


def test_large_documents_are_allowed_where_pictures_make_them_large(tmp_path: Path) -> None:
    assert {".pdf", ".docx", ".epub", ".eml", ".md", ".txt", ".html"} <= SUFFIXES
    for suffix, size, limit in ((".pdf", 201, 200), (".docx", 101, 100), (".md", 21, 20)):
        file = tmp_path / f"a{suffix}"
        with file.open("wb") as stream:
            stream.truncate(size * 2**20)
        with pytest.raises(ArticleUnreadable, match=f"{size} MB is over the {limit} MB limit"):
            ArticleReader().read(file, source="s", path=file.name)


def test_an_empty_document_is_told() -> None:
    with pytest.raises(ArticleEmpty, match=r"^a\.pdf: the file is empty"):
        ArticleReader().read_bytes(b"", suffix=".pdf", source="s", path="a.pdf")


def test_what_comes_from_strangers_can_be_read_apart_as_a_whole(
    documents: IsolatedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = ArticleReader(documents, all_apart=True)
    page = b"<title>T</title><link rel='canonical' href='https://example.org/a'><p>Some text of a page.</p>"
    monkeypatch.delattr(text_file, "decode")
    article = reader.read_bytes(page, suffix=".html", source="s", path="p", url="https://example.org/x")
    assert (article.title, article.text, article.url) == (
        "T",
        "Some text of a page.",
        "https://example.org/a",
    )
    text = "Да.".encode("koi8-r")
    assert reader.read_bytes(text, suffix=".txt", source="s", path="p", encoding="koi8-r").text == "Да."
    with pytest.raises(ArticleNotText, match=r"^p: binary data"):
        reader.read_bytes(b"\x00\x01", suffix=".txt", source="s", path="p")


def test_a_quote_from_a_later_page_is_cited_with_that_page(documents: IsolatedReader) -> None:
    pages = [Page().line(72, 700, f"Sentence number {number} ends here.") for number in range(1, 4)]
    article = ArticleReader(documents).read_bytes(pdf(pages), suffix=".pdf", source="s", path="a.pdf")
    (passage,) = passages_of(article, ArticleSplitter())
    notes = Footnotes()
    assert [notes.cite(quote).page for quote in quotes_of(passage)] == [1, 2, 3]


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_sixteen_hundred_pages_need_little_memory() -> None:
    lines = ["A line of running text that is about as long as such lines are in a report, and so on"] * 50
    data = pdf([Page().lines(72, 760, [f"Page {number}", *lines], pitch=13) for number in range(1600)])
    documents = IsolatedReader()
    article = documents.read(data, ".pdf")
    assert len(article.pages) == 1600
    status = Path(f"/proc/{documents.running}/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0])
    assert peak < 600_000  # kB
    documents.close()


# As the one above, for heads of pages.
HEADS = """
import os
import ingest.documents.document_process as it, ingest.text.page_head as heads
def read(data, url):
    exec(data.decode())
    return heads.PageHead()
heads.read_page_head = read
it.main()
"""

HOSTILE_HEADS = {
    "nested tags": b"<head>" + b"<div>" * 60_000,
    "links": b"<link rel=canonical href=/a>" * 10_000,
    "an unclosed quote": b"<link rel=canonical href='" + b"x" * 299_000,
    "open comments": b"<!-- " * 60_000,
    "entities": b"<link rel=canonical href='" + b"&amp;&lt;&#x1F600;&none;" * 12_000,
    "null bytes": b"<link\0rel=canonical\0href=" + b"\0" * 299_000,
    "attributes": b"<link " + b"a=b " * 75_000,
    "a base": b"<base href='/" + b"x" * 150_000 + b"/'>" + b"<link rel=canonical href=a>" * 5_000,
}


@pytest.mark.parametrize("kind", HOSTILE_HEADS)
def test_a_hostile_head_of_a_page_is_read_apart_and_soon(kind: str, documents: IsolatedReader) -> None:
    start = time.process_time()
    found = documents.read_head(HOSTILE_HEADS[kind] + b"x" * 300_000, "https://a.example/p")
    assert time.process_time() - start < 0.1  # in this process
    assert found.canonical in (None, "https://a.example/a")


def test_the_head_of_a_page_is_read_in_the_process_that_reads_pages(
    documents: IsolatedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents.read(GOOD, ".pdf")
    running = documents.running

    def refuse(*_: object) -> None:
        raise AssertionError("read in this process")

    monkeypatch.setattr("ingest.article_file.read_page_head", refuse)
    data = b"<link rel=canonical href=/grain><link rel=alternate type=application/rss+xml href=/feed>"
    found = ArticleReader(documents, all_apart=True).page_head(data, "https://a.example/p")
    assert found == PageHead("https://a.example/grain", ("https://a.example/feed",))
    assert documents.running == running


@pytest.mark.whole
@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("os.abort()", "crashed its reader"),
        ("while True: pass", r"got stuck for 0\.2 seconds"),
        ("x = bytearray(2**29)", "too much memory"),
        ("os.write(3, b'{}\\n')", "gave nonsense"),
    ],
)
def test_a_head_that_crashes_or_keeps_its_parser_costs_that_page(code: str, why: str) -> None:
    heads = IsolatedReader(ReadingLimits(stalled_s=0.2, memory=300 * 2**20), program=("-c", HEADS))
    reader = ArticleReader(heads, all_apart=True)
    with pytest.raises(ArticleUnreadable, match=rf"^https://a\.example/p: .*{why}"):
        reader.page_head(code.encode(), "https://a.example/p")
    assert reader.page_head(b"pass", "https://a.example/q") == PageHead()
    reader.close()
