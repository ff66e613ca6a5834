"""A web page saved as one file (.mht, .mhtml): a mail whose parts are the page and its pictures."""

from email import message_from_bytes
from email.message import Message

from ingest.errors import ArticleNotText
from ingest.text.text_encoding import decode

WEB_ARCHIVE_SUFFIXES = frozenset({".mht", ".mhtml"})
_PAGES = ("text/html", "application/xhtml+xml")


def page_in(data: bytes) -> tuple[str, str | None]:
    """The page's markup, and the address that it was saved from. Raises ArticleNotText or ArticleEmpty."""
    message = message_from_bytes(data.lstrip())
    # The page comes first; frames come behind it, and others within them.
    part = next((one for one in message.walk() if one.get_content_type() in _PAGES), None)
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes):
        raise ArticleNotText("no page in it; save the page again, as HTML")
    address = _field(message, "Snapshot-Content-Location") or _field(part, "Content-Location")
    return decode(payload, declared=part.get_content_charset()), address


def _field(part: Message, name: str) -> str | None:
    value = "".join(str(part.get(name, "")).split())
    return value if value.startswith(("http://", "https://")) else None
