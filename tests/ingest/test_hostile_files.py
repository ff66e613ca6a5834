"""Hostile and broken files of every format: each becomes an article or is told of, none does harm."""

import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_archives import docx, epub, page, paragraph, table, zipped
from tiny_pdf import Page, assembled, pdf

from index_store.article import Article
from ingest.article_file import ArticleReader
from ingest.documents.isolated_reading import IsolatedReader
from ingest.errors import ArticleEmpty, ArticleNotText, ArticleUnreadable
from ingest.text.text_file import TEXT_SUFFIXES

PROSE = "Open models have become good enough for many banks, which run them on machines of their own."
HTML = f"<html><title>T</title><body><article><h1>A</h1><p>{PROSE}</p><p>{PROSE}</p></article></body></html>"
HEAD = "Subject: T\nFrom: A <a@b.c>\nContent-Type: text/html\nDate: Tue, 29 Apr 2025 10:00:00 +0000\n\n"
FRONT = "---\ntitle: T\ndate: 2025-01-01\n---\n"
NESTED = "Content-Type: multipart/mixed; boundary=a\n\n"
GOOD = {
    ".pdf": pdf(
        [
            Page().line(72, 780, "A title", size=18).lines(72, 700, [PROSE] * 9).line(290, 30, str(n))
            for n in (1, 2)
        ],
        {"Title": "T", "Author": "A"},
    ),
    ".docx": docx(
        paragraph("A", "Heading1") + paragraph(PROSE) + table([["a", "b"], ["c", "d"]]),
        "<dc:title>T</dc:title>",
    ),
    ".epub": epub({"a.xhtml": page(f"<h1>A</h1><p>{PROSE}</p>"), "b.xhtml": page(f"<p>{PROSE}</p>")}),
    ".eml": f"{HEAD}{HTML}".encode(),
    ".html": HTML.encode(),
    ".md": f"{FRONT}# A\n\n{PROSE}\n\n| a | b |\n|---|---|\n| c | d |\n".encode(),
    ".txt": f"A heading\n\n{PROSE}\n\n- one\n- two\n".encode(),
}
MAGIC = {".pdf": b"%PDF-1.7\n", ".docx": b"PK\x03\x04", ".epub": b"PK\x03\x04", ".eml": b"Subject: x\n"}
Damage = Callable[[bytes, random.Random], bytes]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _without_a_part(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, 200) :]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 3, 20, 200))):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def _repeated(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    part = data[start : start + chance.randrange(1, 300)]
    return data[:start] + part * chance.choice((2, 50, 2000)) + data[start:]


def _noise_inside(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + chance.randbytes(chance.choice((1, 30, 3000))) + data[start:]


def _wild_numbers(data: bytes, chance: random.Random) -> bytes:
    numbers = (b"-1", b"0", b"99999999999", b"2147483648", b"4294967295", b"1e308", b"0.00000001")
    return re.sub(rb"\d+", lambda it: chance.choice(numbers) if chance.random() < 0.15 else it[0], data)


def _swapped_names(data: bytes, chance: random.Random) -> bytes:
    names = re.findall(rb"[A-Za-z/][A-Za-z]{2,}", data)
    return re.sub(
        rb"[A-Za-z/][A-Za-z]{2,}", lambda it: chance.choice(names) if chance.random() < 0.1 else it[0], data
    )


def _deep(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    opening = chance.choice(
        (b"<div>", b"<table><tr><td>", b"[", b"<<", b"(", b"<w:tbl>", b"> ", b"&a;", b"{")
    )
    return data[:start] + opening * chance.choice((100, 5000, 60_000)) + data[start:]


DAMAGES: tuple[Damage, ...] = (
    _cut, _without_a_part, _flipped, _repeated, _noise_inside, _wild_numbers, _swapped_names, _deep
)  # fmt: skip


def broken(suffix: str, chance: random.Random) -> bytes:
    """A file of that format with one or two damages; in an archive mostly within its members."""
    data = GOOD[suffix]
    if suffix in MAGIC and chance.random() < 0.03:
        return MAGIC[suffix] + chance.randbytes(chance.choice((0, 10, 5000)))
    if suffix in (".docx", ".epub") and chance.random() < 0.75:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(list(members))
        content = members.pop(name)
        assert isinstance(content, bytes)
        if chance.random() < 0.1:
            return zipped(members)  # without it
        members[name] = chance.choice(DAMAGES)(content, chance)
        return zipped(members)
    for _ in range(chance.choice((1, 1, 2))):
        data = chance.choice(DAMAGES)(data, chance) or b"x"
    return data


def outcome(reader: ArticleReader, data: bytes, suffix: str) -> str:
    """What became of a file; fails when that is neither a sound article nor a line about it."""
    try:
        article = reader.read_bytes(data, suffix=suffix, source="s", path=f"in/a{suffix}")
    except (ArticleUnreadable, ArticleEmpty, ArticleNotText) as error:
        said = str(error)
        assert said.startswith(f"in/a{suffix}: ")
        assert "\n" not in said
        assert len(said) < 300
        return said.partition(": ")[2]
    check(article)
    return "read"


def check(article: Article) -> None:
    article.text.encode()
    assert article.title
    at = 0
    for block in article.blocks:
        assert at <= block.start < block.end <= len(article.text)
        at = block.end
    assert list(article.pages) == sorted(article.pages)
    assert all(0 <= start <= len(article.text) for start in article.pages)


@pytest.fixture
def reader(documents: IsolatedReader) -> ArticleReader:
    return ArticleReader(documents)


def handwritten() -> Iterator[tuple[str, bytes]]:
    """Files that somebody made to do harm."""
    itself = "/Resources << /XObject << /X 4 0 R >> >>"
    fonts = "/Resources << /Font << /F 4 0 R >> >>"
    loops = (
        ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"],
        ["<< /Type /Catalog /Pages 1 0 R /Type /Pages /Kids [1 0 R] /Count 9 >>"],
        ["<< /Type /Catalog /Pages 2 0 R >>", "2 0 R"],
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents [5 0 R 5 0 R] {fonts} >>",
            "<< /Type /Font /Subtype /Type0 /BaseFont /X /DescendantFonts [4 0 R] >>",
            "<< /Length 40 >>\nstream\nBT /F 9 Tf (text) Tj ET /X Do /X Do     \nendstream",
        ],
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R {itself} >>",
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {itself} /Length 12 >>\n"
            "stream\n/X Do /X Do  \nendstream",
        ],
    )
    for objects in loops:
        yield ".pdf", assembled(objects)
    yield ".pdf", pdf([Page(["q " * 200_000, "BT /plain 9 Tf (x) Tj ET", "Q " * 200_000])])
    yield (
        ".pdf",
        pdf([Page().line(1e9, -1e9, "far away").line(5, 5, "near", size=1e-9).line(9, 9, "big", size=1e9)]),
    )
    yield ".pdf", pdf([Page(["BT /plain 9 Tf " + "(word) Tj " * 100_000 + " ET"])])
    yield ".pdf", pdf([Page(["BT /plain 9 Tf " + "[" * 50_000 + " TJ ET"])])
    yield ".pdf", pdf([Page().line(72, 700, "x", size=1)], extra="/Lang " + "(" * 9999)
    blanks = zipped({"word/document.xml": b" " * 60_000_000})
    yield ".docx", blanks
    yield ".epub", blanks
    yield ".docx", docx("<w:tbl>" * 20_000)
    yield ".docx", docx("<w:p>" * 3000 + "<w:r><w:t>x</w:t></w:r>" + "</w:p>" * 3000)
    yield ".docx", docx(paragraph("x") * 30_000)
    yield ".epub", epub({"a.xhtml": page("<div>" * 50_000 + PROSE)})
    yield ".epub", epub({"a.xhtml": page("<table><tr><td>" * 3000 + PROSE)})
    yield ".epub", epub({"../../a.xhtml": page(PROSE), "/etc/passwd": page(PROSE)})
    yield ".epub", epub({"a.xhtml": page(PROSE)}, "<dc:title>" + "x" * 500_000 + "</dc:title>")
    yield ".html", b"<div>" * 100_000 + PROSE.encode()
    yield ".html", b"<table><tr><td>" * 20_000 + PROSE.encode()
    yield ".md", b"> " * 20_000 + PROSE.encode()
    yield ".md", b"[" * 50_000 + PROSE.encode()
    yield (
        ".eml",
        (NESTED + f"--a\n{NESTED}" * 5000).encode(),
    )
    yield ".eml", b"Content-Type: text/html; " + b"a=b; " * 20_000 + b"\n\n<p>x</p>"


@pytest.mark.parametrize("suffix", GOOD)
def test_the_good_file_is_read(suffix: str, reader: ArticleReader) -> None:
    assert outcome(reader, GOOD[suffix], suffix) == "read"


@pytest.mark.parametrize("suffix", GOOD)
def test_broken_files_are_read_or_told(suffix: str, reader: ArticleReader) -> None:
    chance = random.Random(suffix)
    for _ in range(6):
        outcome(reader, broken(suffix, chance), suffix)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_what_was_made_to_do_harm_does_none(reader: ArticleReader) -> None:
    for suffix, data in handwritten():
        outcome(reader, data, suffix)
    assert outcome(reader, GOOD[".pdf"], ".pdf") == "read"


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_two_thousand_broken_files_are_each_read_or_told(
    reader: ArticleReader, documents: IsolatedReader
) -> None:
    """As fetched ones are read, each in the process apart; text files also as those of a folder are."""
    chance = random.Random()
    apart = ArticleReader(documents, all_apart=True)
    became = Counter[str]()
    for number in range(2000):
        suffix = list(GOOD)[number % len(GOOD)]
        state = chance.getstate()
        data = broken(suffix, chance)
        try:
            became[f"{suffix} {outcome(apart, data, suffix)}"] += 1
            if suffix in TEXT_SUFFIXES:
                outcome(reader, data, suffix)
        except BaseException:
            print(
                f"a file of {len(data)} bytes, {suffix}, by the random state {hash(state)}: {data[:2000]!r}"
            )
            raise
    print(*(f"{times:5} {what}" for what, times in sorted(became.items())), sep="\n")
    assert became.total() == 2000
    for suffix, data in GOOD.items():
        assert outcome(apart, data, suffix) == "read"


@pytest.mark.long
@settings(max_examples=300)
@given(st.binary(max_size=2000), st.sampled_from(list(MAGIC)), st.booleans())
def test_any_bytes_behind_the_right_beginning_are_read_or_told(data: bytes, suffix: str, begun: bool) -> None:
    with_beginning = MAGIC[suffix] + data if begun else data
    outcome(SHARED, with_beginning, suffix)


SHARED = ArticleReader()
