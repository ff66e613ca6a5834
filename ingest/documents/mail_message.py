"""A mail or newsletter (.eml) to the text that its sender wrote, and what its head says."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from lxml import html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from ingest.errors import ArticleNotText
from ingest.text.clean_text import fold
from ingest.text.text_encoding import decode

# Longer than any that a person wrote; the standard library takes very long over some that are longer.
_LONGEST_FIELD = 2000
_HEADER = re.compile(rb"\A(?:[!-9;-~]+:.*\r?\n(?:[ \t].*\r?\n)*)", re.MULTILINE)
_REPLY = re.compile(r"^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", re.IGNORECASE)
_QUOTED_AT = (
    "//blockquote[@type='cite'] | //*[contains(concat(' ', @class, ' '), ' gmail_quote ')]"
    " | //*[contains(@class, 'yahoo_quoted')] | //*[@id='divRplyFwdMsg'] | //*[@id='appendonsend']"
    " | //*[contains(@class, 'moz-cite-prefix')] | //*[contains(@class, 'protonmail_quote')]"
)
_FORWARDED = re.compile(r"forwarded message|weitergeleitete nachricht|message transféré", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^\s*-{3,}\s*(?:original message|ursprüngliche nachricht|message d'origine)\s*-{3,}", re.I
)
_SAID = re.compile(
    r"^\s*(?:on\b.{5,200}\bwrote:|am\b.{5,200}\bschrieb\b.*:|le\b.{5,200}\ba écrit\s*:)\s*$", re.I
)
_FURNITURE = re.compile(
    r"^(?:view (?:this (?:e-?mail|message) |it )?(?:in|on) (?:your |a |the )?(?:browser|web)\b.{0,40}|"
    r"(?:click here to |you can )?unsubscribe\b.{0,120}|"
    r"(?:manage|update) (?:your )?(?:preferences|subscription)\b.{0,60}|"
    r"forward to a friend|read online|having trouble (?:viewing|reading).{0,100}|"
    r"sent from my \w+.{0,20})$",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "img", "table", "blockquote", "pre", "hr")


@dataclass(frozen=True, slots=True)
class MailMessage:
    """What a mail says: `body` is HTML (made plain, without quoted replies) or text, as `is_html` tells."""

    body: str
    is_html: bool
    subject: str | None
    sender: str | None
    sent: str | None
    url: str | None


def read_mail(data: bytes) -> MailMessage:
    """The mail in `data`; attachments are left out. Raises ArticleNotText when it is none, or has no text."""
    if not _HEADER.match(data.lstrip()):
        raise ArticleNotText("it does not begin like a mail; save the mail as .eml again")
    message = message_from_bytes(data.lstrip())
    part = _part(message, "text/html") or _part(message, "text/plain")
    if part is None:
        raise ArticleNotText("no text in this mail, only attachments; save these by themselves")
    is_html = part.get_content_type() == "text/html"
    payload = part.get_payload(decode=True)
    text = decode(payload if isinstance(payload, bytes) else b"", declared=part.get_content_charset())
    if not is_html and part.get_param("format") == "flowed":
        text = re.sub(r"(?<!^--)(?<=\S) \n(?![>\s])", " ", text, flags=re.MULTILINE)
    names = getaddresses([_field(message, "From") or ""])
    return MailMessage(
        _plain_html(text) if is_html else _without_quotes(text),
        is_html,
        subject=_REPLY.sub("", _field(message, "Subject") or "") or None,
        sender=next((fold(name) for name, _ in names if name), None),
        sent=_day(_field(message, "Date")),
        url=(_field(message, "Archived-At") or "").strip("<> ") or None,
    )


def _part(message: Message, kind: str) -> Message | None:
    """The first part of that kind which is neither an attachment nor in an attached mail."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_disposition() == "attachment" or part.get_content_type() == "message/rfc822":
            continue
        if part.is_multipart():
            payload = part.get_payload()
            waiting[:0] = (
                [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
            )
        elif part.get_content_type() == kind:
            return part
    return None


def _field(message: Message, name: str) -> str | None:
    raw = str(message.get(name, ""))[:_LONGEST_FIELD]
    try:
        value = str(make_header(decode_header(raw)))
    except (LookupError, ValueError):
        value = raw
    return fold(value.encode(errors="replace").decode()) or None


def _day(value: str | None) -> str | None:
    try:
        sent = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return sent.date().isoformat() if isinstance(sent, datetime) else None


def _without_quotes(text: str) -> str:
    lines = text.split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _ORIGINAL.match(line):
            break
        following = next((one for one in lines[number + 1 : number + 4] if one.strip()), "")
        if line.lstrip().startswith(">") or (
            _SAID.match(line.rstrip()) and following.lstrip().startswith(">")
        ):
            continue
        if not _FURNITURE.match(line.strip()):
            kept.append(line)
    return "\n".join(kept) if any(line.strip() for line in kept) else text


def _plain_html(markup: str) -> str:
    """The page without quoted replies and hidden lines, its layout tables unfolded."""
    try:
        tree = html.document_fromstring(re.sub(r"\A\s*<\?xml\b[^>]*>", "", markup))
    except ParserError:
        return markup
    quoted = [one for one in tree.xpath(_QUOTED_AT) if not _FORWARDED.search(one.text_content()[:500])]
    if sum(len(one.text_content()) for one in quoted) < len(tree.text_content().strip()):
        for element in quoted:
            _drop(element)
    for element in list(tree.iter("*")):
        if _HIDDEN.search(element.get("style") or ""):
            _drop(element)
    for element in list(tree.iter("p", "td", "div", "span", "a", "li")):
        if not any(child.tag in ("p", "td", "div", "table") for child in element.iterdescendants("*")):
            words = fold(element.text_content())
            if words and len(words) < 200 and _FURNITURE.match(words):
                _drop(element)
    _unfold_layout(tree)
    return str(html.tostring(tree, encoding="unicode"))


def _drop(element: HtmlElement) -> None:
    parent = element.getparent()
    if parent is not None and element.tag not in ("html", "body"):
        element.drop_tree()


def _unfold_layout(tree: HtmlElement) -> None:
    """Make containers of the tables that only place things, as newsletters do."""
    for table in reversed(list(tree.iter("table"))):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        widest = max((sum(cell.tag in ("td", "th") for cell in row) for row in rows), default=0)
        if widest > 1 and len(rows) > 1 and next(table.iterdescendants(*_BLOCKS), None) is None:
            continue
        for row in rows:
            for cell in row:
                if cell.tag in ("td", "th"):
                    cell.tag = "div"
            row.tag = "div"
        for group in list(table.iter("tbody", "thead", "tfoot")):
            if next(group.iterancestors("table")) is table:
                group.tag = "div"
        table.tag = "div"
