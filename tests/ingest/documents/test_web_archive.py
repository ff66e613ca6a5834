"""Pages that a browser saved as one file."""

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from ingest.article_file import SUFFIXES, ArticleReader
from ingest.documents.isolated_reading import IsolatedReader
from ingest.errors import ArticleEmpty, ArticleNotText

WORDS = "The tide comes in twice a day, and nobody has ever seen it fail to do so – größer im März."
ADDRESS = "https://tides.example/high?moon=full"


def saved(*pages: str, charset: str = "utf-8", address: str = ADDRESS) -> bytes:
    whole = MIMEMultipart("related", type="text/html")
    whole["From"] = "<Saved by a browser>"
    whole["Snapshot-Content-Location"] = address
    for page in pages:
        whole.attach(MIMEText(page, "html", charset))
    return whole.as_bytes()


def page(words: str, head: str = "") -> str:
    return (
        f"<html><head><title>Tides</title>{head}</head><body><article><h1>Tides</h1><p>{words}</p></article>"
    )


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_the_first_page_is_the_article_and_its_frames_are_not(
    charset: str, documents: IsolatedReader
) -> None:
    data = saved(page(WORDS), page("An advertisement that stood in a frame of the page."), charset=charset)
    article = ArticleReader(documents).read_bytes(data, suffix=".mhtml", source="s", path="a.mhtml")
    assert (article.title, article.text, article.url) == ("Tides", f"Tides\n\n{WORDS}", ADDRESS)
    assert {".mht", ".mhtml"} <= SUFFIXES


def test_the_address_that_the_page_gives_itself_wins(documents: IsolatedReader) -> None:
    own = "https://tides.example/high"
    data = saved(page(WORDS, f"<link rel='canonical' href='{own}'>"))
    reader = ArticleReader(documents)
    assert reader.read_bytes(data, suffix=".mht", source="s", path="a.mht").url == own
    data = saved(page(WORDS), address="file:///home/a.html")
    assert reader.read_bytes(data, suffix=".mht", source="s", path="a.mht").url is None


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"no head at all", saved(), b"Subject: x\n\ntext"])
def test_what_holds_no_page_is_told(data: bytes, documents: IsolatedReader) -> None:
    with pytest.raises((ArticleNotText, ArticleEmpty), match=r"^a\.mht: (?:no page in it|the file is empty)"):
        ArticleReader(documents).read_bytes(data, suffix=".mht", source="s", path="a.mht")
