"""One file to one article: encodings, bad files, and where title, date and address come from."""

import codecs
import gzip
import os
import sys
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rights_of_files import rights_count

from index_store.article import Article
from index_store.errors import FootnoteError
from ingest.article_file import LARGEST_FILE, ArticleReader
from ingest.errors import ArticleEmpty, ArticleNotText, ArticleUnreadable

READER = ArticleReader()
GERMAN = "Größe und Maß: 3,8 Mrd. € für “offene” Modelle."
HTML = f"<html><head><title>Größe</title></head><body><p>{GERMAN}</p></body></html>"


def read(folder: Path, name: str, content: bytes | str) -> Article:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return READER.read(file, source="shelf", path=f"sub/{name}")


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_text_is_decoded_from_what_editors_write(name: str, encoding: str, tmp_path: Path) -> None:
    assert read(tmp_path, name, GERMAN.encode(encoding)).text == GERMAN


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE])
def test_utf16_of_either_order_is_read(mark: bytes, tmp_path: Path) -> None:
    order = "utf-16-be" if mark == codecs.BOM_UTF16_BE else "utf-16-le"
    assert read(tmp_path, "a.txt", mark + GERMAN.encode(order)).text == GERMAN


@pytest.mark.parametrize(
    ("encoding", "text"), [("gb2312", "模型很大"), ("windows-1251", "Модель"), ("shift_jis", "言語")]
)
def test_a_page_is_decoded_as_it_says(encoding: str, text: str, tmp_path: Path) -> None:
    page = f'<html><head><meta charset="{encoding}"></head><body><p>{text}</p></body></html>'
    assert read(tmp_path, "a.html", page.encode(encoding)).text == text
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}"><p>{text}</p>'
    assert read(tmp_path, "b.html", page.encode(encoding)).text == text


@pytest.mark.parametrize(
    "encoding", ["no-such-thing", "hex", "utf-16", "unicode_escape", "idna", "undefined"]
)
def test_a_page_that_lies_about_its_encoding_is_read_or_refused(encoding: str, tmp_path: Path) -> None:
    page = f'<meta charset="{encoding}"><p>Gr\\ud800\u00f6\u00dfe</p>'
    assert "Größe" in read(tmp_path, "a.html", page.encode()).text.replace("\\ud800", "")
    with suppress(ArticleNotText):
        read(tmp_path, "a.html", page.encode("cp1252")).text.encode()


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_the_same(ends: str, tmp_path: Path) -> None:
    text = "---\ntitle: T\ndate: 2025-04-29\n---\n# Heading\n\nOne\nline.\n\n- a\n- b\n"
    article = read(tmp_path, "a.md", text.replace("\n", ends))
    assert (article.title, article.published) == ("T", "2025-04-29")
    assert article.text == "Heading\n\nOne line.\n\na\nb"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", ArticleEmpty),
        (b" \n\t\r\n ", ArticleEmpty),
        (codecs.BOM_UTF8, ArticleEmpty),
        (b"---\ntitle: only a head\n---\n", ArticleEmpty),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ArticleNotText),
        (b"word " * 5000 + b"\x00 more", ArticleNotText),
        (gzip.compress(b"some words", mtime=0), ArticleNotText),
        (b"%PDF-1.7\n\x81\x8d\x8f\x90\x9d", ArticleNotText),
        (b"caf\xe9 \x01\x02\x03 words", ArticleNotText),
        ("cut off".encode("utf-16")[:-1], ArticleNotText),
        ("no mark".encode("utf-16-le"), ArticleNotText),
        (bytes(range(256)), ArticleNotText),
    ],
    ids=range(12),
)
@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html"])
def test_a_file_without_text_is_told_by_its_path(
    content: bytes, error: type[FootnoteError], name: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=f"^sub/{name}: ") as caught:
        read(tmp_path, name, content)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "# Only a heading\n"),
        ("a.md", "{{< figure >}}\n\n<!-- x -->\n"),
        ("a.html", "<h1>Only a heading</h1>"),
        ("a.html", "<script>only.a('script')</script>"),
        ("a.txt", "Share\n\nRead more\n"),
    ],
)
def test_a_file_with_nothing_to_cite_is_empty(name: str, content: str, tmp_path: Path) -> None:
    with pytest.raises(ArticleEmpty, match=f"^sub/{name}: "):
        read(tmp_path, name, content)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as stream:
        stream.truncate(25 * 2**20)
    with pytest.raises(ArticleUnreadable, match=r"large\.txt: 25 MB is over the 20 MB limit"):
        READER.read(file, source="s", path="large.txt")
    assert LARGEST_FILE == 20 * 2**20


@pytest.mark.skipif(sys.platform != "linux" and os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "secret.md"
    file.write_text("text")
    file.chmod(0)
    with (
        rights_count() if os.geteuid() == 0 else nullcontext(),
        pytest.raises(ArticleUnreadable, match=r"^secret\.md: .*check that the file can be read"),
    ):
        READER.read(file, source="s", path="secret.md")


def test_a_file_that_is_gone_or_a_folder_is_told(tmp_path: Path) -> None:
    for file in (tmp_path / "gone.md", tmp_path):
        with pytest.raises(ArticleUnreadable, match=r"^a path: "):
            READER.read(file, source="s", path="a path")


def test_a_file_that_a_parser_fails_on_is_told_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("too many bodies\nin this page")

    reader = ArticleReader()
    monkeypatch.setattr(reader._texts._markdown, "write", fail)
    (tmp_path / "a.md").write_text("text")
    with pytest.raises(ArticleUnreadable, match=r"^a\.md: .*AssertionError") as caught:
        reader.read(tmp_path / "a.md", source="s", path="a.md")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("a.md", "---\ntitle: From the head\n---\n# Heading\n\ntext", "From the head"),
        ("a.md", "# A *heading*\n\ntext", "A heading"),
        ("a.md", "Text first.\n\n## Then a heading\n\ntext", "Then a heading"),
        ("2026-04-02-gemma-4_release.md", "Only text.", "Gemma 4 release"),
        ("2026-04-02.md", "Only text.", "2026-04-02"),
        ("naïve.txt", "Only text.", "Naïve"),
        ("---.txt", "Only text.", "---"),
        ("a.html", "<title>From the page</title><p>text</p>", "From the page"),
        ("a.html", "<p>text</p>", "A"),
        ("a.txt", "---\ntitle: T\n---\nText.", "T"),
        ("A.MARKDOWN", "# Heading\n\ntext", "Heading"),
        ("a.HTM", "<title>T</title><p>text</p>", "T"),
    ],
)
def test_the_title_comes_from_head_page_heading_or_name(
    name: str, content: str, title: str, tmp_path: Path
) -> None:
    assert read(tmp_path, name, content).title == title


@pytest.mark.parametrize(
    ("name", "content", "published"),
    [
        ("2026-04-02-a.md", "---\ndate: 2025-01-31T23:59:00-10:00\n---\ntext", "2025-01-31"),
        ("2026-04-02-a.md", "---\ndate: soon\n---\ntext", "2026-04-02"),
        ("2026-04-02-a.html", "<p>text</p>", "2026-04-02"),
        ("2026-04-02-a.html", "<meta name='date' content='2025-01-31'><p>text</p>", "2025-01-31"),
        ("2026-04-02-a.txt", "8 min readJan 31, 2025\n\nText.", "2025-01-31"),
        ("a.txt", "Text.", None),
        ("2026-13-45-a.md", "text", None),
    ],
)
def test_the_date_comes_from_head_page_byline_or_name(
    name: str, content: str, published: str | None, tmp_path: Path
) -> None:
    assert read(tmp_path, name, content).published == published


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://127.0.0.1:8000/x", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("/blog/qwen3", False),
        ("https://", False),
        ("http://[broken", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_an_address_that_a_page_may_link_to_is_kept(url: str, kept: bool, tmp_path: Path) -> None:
    assert read(tmp_path, "a.md", f"---\nurl: {url}\n---\ntext").url == (url if kept else None)


def test_an_article_knows_its_source_its_path_and_its_author(tmp_path: Path) -> None:
    article = read(tmp_path, "a.md", "---\nauthor: Ann\npublisher: P\nlang: de\n---\ntext")
    assert (article.source, article.path) == ("shelf", "sub/a.md")
    assert (article.author, article.publisher, article.language) == ("Ann", "P", "de")


def test_headings_nest_from_one_without_gaps(tmp_path: Path) -> None:
    article = read(tmp_path, "a.html", "<h3>A</h3><p>t</p><h5>B</h5><p>t</p><h3>C</h3><p>t</p>")
    assert [
        (block.level, article.text[block.start : block.end]) for block in article.blocks if block.level
    ] == [
        (1, "A"),
        (2, "B"),
        (1, "C"),
    ]


def test_control_characters_do_not_reach_the_text(tmp_path: Path) -> None:
    article = read(tmp_path, "a.md", "One\x08 two\x1b[31m\x7f three\ufffe.\x0cNext page\x0bline.")
    assert article.text == "One two[31m three. Next page line."


SCRAPS = st.one_of(
    st.text(max_size=5),
    st.sampled_from(
        "<p>|</p>|<table>|<td>|# |- |```|> |---\n|title: x\n|date: 2025-01-01\n|\n\n|&#0;|<!--|-->|{{<".split(
            "|"
        )
    ),
    st.sampled_from(
        ["| a | b |\n", "<html lang=en>", "</html>", "<think>", "\x0b", "\x1f", "\u2028", "\ufffe", "word. "]
    ),
)


@given(st.lists(SCRAPS, max_size=20).map("".join), st.sampled_from(["md", "txt", "html"]))
def test_any_text_becomes_a_sound_article_or_is_refused(text: str, suffix: str) -> None:
    folder = Path(os.environ["FOOTNOTE_HOME"])
    folder.mkdir(parents=True, exist_ok=True)
    try:
        article = read(folder, f"a.{suffix}", text)
    except ArticleUnreadable as error:
        raise AssertionError(f"a parser failed: {error}") from error
    except FootnoteError:
        return
    assert article.title
    assert article.content_hash
    at = 0
    for block in article.blocks:
        assert at <= block.start < block.end
        assert not article.text[at : block.start].strip()
        at = block.end
    assert at == len(article.text)


@given(st.binary(max_size=200), st.sampled_from(["md", "txt", "html"]))
def test_any_bytes_become_an_article_or_are_refused(content: bytes, suffix: str) -> None:
    folder = Path(os.environ["FOOTNOTE_HOME"])
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(ArticleEmpty, ArticleNotText):
        assert read(folder, f"a.{suffix}", content).text.strip()


def test_bytes_are_read_like_a_file_and_know_where_they_were_fetched() -> None:
    page = b"<title>T</title><link rel='canonical' href='https://example.org/a'><p>Some text of a page.</p>"
    address = "https://example.org/a?from=feed"
    article = READER.read_bytes(page, suffix=".HTML", source="feed", path=address, url=address)
    assert (article.title, article.path, article.url) == ("T", address, "https://example.org/a")


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("https://elsewhere.example/a", "https://example.org/x"),
        ("/a", "https://example.org/a"),
        ("javascript:x", "https://example.org/x"),
        ("http://[broken", "https://example.org/x"),
    ],
)
def test_a_fetched_article_does_not_pass_for_one_of_another_host(said: str, url: str) -> None:
    data = f"---\nurl: '{said}'\n---\ntext".encode()
    read = READER.read_bytes(data, suffix=".md", source="s", path="p", url="https://example.org/x")
    assert read.url == url


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("https://example.org/2025/rain%20today/", "Rain today"),
        ("https://example.org/", "Example"),
        ("notes/rain-today.txt", "Rain today"),
    ],
)
def test_bytes_without_a_title_are_named_by_their_path(path: str, title: str) -> None:
    assert READER.read_bytes(b"Only text.", suffix=".txt", source="s", path=path).title == title


def test_a_format_that_is_not_known_is_told() -> None:
    with pytest.raises(ArticleUnreadable, match=r"^a\.exe: \.exe is no format"):
        READER.read_bytes(b"text", suffix=".exe", source="s", path="a.exe")
