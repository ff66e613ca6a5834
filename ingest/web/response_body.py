"""What comes with an HTTP answer: its bytes, unpacked within limits, and the kind that it says they are."""

import re
import zlib
from collections.abc import Iterable, Iterator
from email.message import Message

import httpx

from ingest.errors import FetchFailed

_BLOCK = 64 * 1024
# In characters; over a header of 90,000 on purpose Python's parser takes ten seconds.
_LONGEST_TYPE = 1_000
_CHARSET = re.compile(r"[a-z0-9][a-z0-9._:+-]{0,60}")


def body_of(url: str, answer: httpx.Response, most: int, *, cut: bool) -> bytes:
    """What came, unpacked; not more than `most` bytes of it are ever held."""
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        blocks: Iterator[bytes] = answer.iter_raw(_BLOCK)
    elif encoding in ("gzip", "x-gzip"):
        blocks = unpacked(answer.iter_raw(_BLOCK))
    else:
        raise FetchFailed(url, f"it comes packed as {encoding!r}, which was not asked for; it cannot be read")
    length = answer.headers.get("Content-Length", "")
    data = bytearray()
    try:
        if not cut and length.isdecimal() and int(length) > most:
            raise _too_large(url, most)
        for block in blocks:
            data += block
            if len(data) > most:
                if cut:
                    break
                raise _too_large(url, most)
    except zlib.error as error:
        raise httpx.ReadError(f"what came cannot be unpacked ({error})") from error
    return bytes(data[:most])


def unpacked(packed: Iterable[bytes]) -> Iterator[bytes]:
    """Gzip's content in blocks of bounded size, however much lies packed in few bytes. Raises zlib.error."""
    worker = zlib.decompressobj(wbits=31)
    for piece in packed:
        rest = piece
        while rest:
            yield worker.decompress(rest, _BLOCK)
            if worker.eof:
                rest = worker.unused_data
                if rest.strip(b"\0"):
                    worker = zlib.decompressobj(wbits=31)
                else:
                    rest = b""
            else:
                rest = worker.unconsumed_tail
    while not worker.eof:
        block = worker.decompress(b"", _BLOCK)
        if not block:
            raise zlib.error("it breaks off")
        yield block


def _too_large(url: str, most: int) -> FetchFailed:
    return FetchFailed(url, f"it is over the {most / 2**20:g} MB limit; save it and sync the file")


def content_type(header: str) -> tuple[str, str | None]:
    """The media type and the charset that a Content-Type header names."""
    message = Message()
    message["Content-Type"] = header[:_LONGEST_TYPE] or "application/octet-stream"
    charset = message.get_content_charset() or ""  # in small letters
    return message.get_content_type() if header else "", charset if _CHARSET.fullmatch(charset) else None


def unpacked_whole(url: str, packed: bytes, most: int) -> bytes:
    """The content of a gzip file. Raises FetchFailed when it is damaged, or over `most` bytes unpacked."""
    data = bytearray()
    try:
        for block in unpacked([packed]):
            data += block
            if len(data) > most:
                raise _too_large(url, most)
    except zlib.error as error:
        raise FetchFailed(url, f"it cannot be unpacked ({error}); check the file") from error
    return bytes(data)
