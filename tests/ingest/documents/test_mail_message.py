"""Mails and newsletters: what their sender wrote, without quoted replies, layout and unsubscribe lines."""

from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage

import pytest

from index_store.article import Article
from ingest.article_file import ArticleReader
from ingest.documents.isolated_reading import IsolatedReader
from ingest.errors import ArticleEmpty, ArticleNotText, ArticleUnreadable

PROSE = "Open models have become good enough for many banks, which run them on machines of their own."


def mail(text: str | None = None, html: str | None = None, **fields: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = fields.get("subject", "On rain")
    message["From"] = fields.get("sender", '"Ann Lee" <ann@example.org>')
    message["Date"] = fields.get("date", "Tue, 29 Apr 2025 23:30:00 -0700")
    if text is not None:
        message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html") if text is not None else message.set_content(
            html, subtype="html"
        )
    return message.as_bytes()


Read = Callable[[bytes], Article]


@pytest.fixture
def read(documents: IsolatedReader) -> Read:
    """Reads a mail."""
    reader = ArticleReader(documents)
    return lambda data: reader.read_bytes(data, suffix=".eml", source="s", path="box/letter.eml")


def test_the_head_tells_title_author_and_day(read: Read) -> None:
    article = read(mail(f"{PROSE}\n"))
    assert (article.title, article.author, article.published) == ("On rain", "Ann Lee", "2025-04-29")
    assert article.text == PROSE


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({"subject": "Re: AW: Größe der Modelle"}, ("Größe der Modelle", "Ann Lee", "2025-04-29")),
        ({"sender": "ann@example.org", "date": "soon"}, ("On rain", None, None)),
        ({"subject": ""}, ("Letter", "Ann Lee", "2025-04-29")),
    ],
)
def test_heads_that_are_odd_or_silent(
    read: Read, fields: dict[str, str], facts: tuple[str | None, ...]
) -> None:
    article = read(mail(PROSE, **fields))
    assert (article.title, article.author, article.published) == facts


def test_the_html_part_is_preferred(read: Read) -> None:
    article = read(mail("Read this in a browser.", f"<h2>Part</h2><p>{PROSE}</p><p>{PROSE.upper()}</p>"))
    assert [(one.kind, article.text[one.start : one.end]) for one in article.blocks] == [
        ("heading", "Part"),
        ("paragraph", PROSE),
        ("paragraph", PROSE.upper()),
    ]


def test_a_newsletter_set_in_tables_reads_like_a_page(read: Read) -> None:
    html = (
        '<div style="display:none">Preview of it</div>'
        '<table role="presentation"><tr><td><a href="x">View in browser</a></td></tr>'
        f"<tr><td><table><tr><td><h1>News</h1><p>{PROSE}</p></td><td><img src='x'><p>{PROSE[::-1]}</p></td>"
        "</tr></table></td></tr>"
        "<tr><td><table><tr><th>Model</th><th>Size</th></tr>"
        "<tr><td>Qwen</td><td>3 GB</td></tr></table></td></tr>"
        "<tr><td><p>Unsubscribe from this list</p></td></tr></table>"
    )
    assert read(mail(html=html)).text == f"News\n\n{PROSE}\n\n{PROSE[::-1]}\n\nModel | Size\nQwen | 3 GB"


@pytest.mark.parametrize(
    "quoted",
    [
        '<div class="gmail_quote">Bo wrote:<blockquote><p>Old words of Bo.</p></blockquote></div>',
        '<blockquote type="cite"><p>Old words of Bo.</p></blockquote>',
        '<div class="moz-cite-prefix">Bo wrote:</div><blockquote type="cite">Old words of Bo.</blockquote>',
    ],
)
def test_quoted_replies_are_left_out_of_html(read: Read, quoted: str) -> None:
    assert read(mail(html=f"<p>{PROSE}</p>{quoted}")).text == PROSE


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 28 Apr 2025 at 10:00, Bo Ek wrote:\n> Old words of Bo.\n> More.\n",
        "-----Original Message-----\nFrom: Bo\n\nOld words of Bo.\n",
    ],
)
def test_quoted_replies_are_left_out_of_text(read: Read, quoted: str) -> None:
    assert read(mail(f"{PROSE}\n\n{quoted}")).text == PROSE


def test_a_mail_that_is_forwarded_is_what_it_is_about(read: Read) -> None:
    html = f'<div class="gmail_quote">---------- Forwarded message ---------<br>From: Bo<p>{PROSE}</p></div>'
    assert PROSE in read(mail(html=f"<p>See below.</p>{html}")).text
    assert PROSE in read(mail(html=f'<blockquote type="cite"><p>{PROSE}</p></blockquote>')).text


def test_attachments_are_left_out(read: Read) -> None:
    message = EmailMessage()
    message["Subject"] = "With papers"
    message.set_content(PROSE)
    message.add_attachment("Attached words.", filename="a.txt")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    assert read(message.as_bytes()).text == PROSE


def test_a_mail_in_another_encoding_is_read(read: Read) -> None:
    message = EmailMessage()
    message["Subject"] = "Письмо"
    message.set_content("Открытые модели развиваются быстро.", charset="koi8-r")
    article = read(message.as_bytes())
    assert (article.title, article.text) == ("Письмо", "Открытые модели развиваются быстро.")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"no head, no mail", ArticleNotText),
        (b"\x00\x01\x02", ArticleNotText),
        (b"Subject: x\r\nContent-Type: image/png\r\n\r\nxxxx", ArticleNotText),
        (mail(""), ArticleEmpty),
        (mail(html="<p></p>"), ArticleEmpty),
        (b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\n--a--", ArticleEmpty),
    ],
    ids=range(6),
)
def test_what_holds_no_letter_is_told(read: Read, data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^box/letter\.eml: "):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"Subject: " + b"(" * 200_000 + b"\n\nText of it.",
        b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nText of it.",
        b"From: " + b"a <" * 50_000 + b"\n\nText of it.",
        b"Date: " + b"1 " * 100_000 + b"\n\nText of it.",
        b"Content-Type: text/plain; " + b"a=b; " * 5_000 + b"\n\nText of it.",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(300))
        + b"\nText.",
        b"Subject: x\n" * 20_000 + b"\nText of it.",
    ],
    ids=range(7),
)
def test_a_head_made_to_be_slow_is_not(read: Read, data: bytes) -> None:
    with suppress(ArticleEmpty, ArticleNotText, ArticleUnreadable):
        assert len(read(data).title) < 3000
