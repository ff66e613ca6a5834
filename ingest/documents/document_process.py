"""The program of the process that reads documents: one after another from standard input, until that ends.

Each is a line of JSON {"suffix", "encoding", "size"} and so many bytes; {"head_of", "size"} asks for the head
of a page from that address alone. For each it writes lines of JSON to standard output: 0 when it begins,
numbers while there is progress, then the DocumentText (or the PageHead), or {"error", "message"}, with
"is_short_of_memory" where that is the reason.
"""

import gc
import json
import os
import resource
import signal
import sys
from typing import IO, Any

from ingest.documents.document_text import DocumentText, OnPart
from ingest.documents.web_archive import WEB_ARCHIVE_SUFFIXES
from ingest.errors import ArticleEmpty, ArticleNotText, ArticleUnreadable

# Bytes: a collection takes longer than reading an article of some pages does.
_COLLECT_EVERY = 2**20


def main() -> None:
    """Serve until standard input ends. Arguments: seconds of work without progress, bytes of memory."""
    stalled_s, memory = float(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has no file to write
    source = sys.stdin.buffer
    # Libraries may print; what they print must not stand among the replies.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    read = 0
    while head := source.readline():
        request = json.loads(head)
        _serve(request, source.read(request["size"]), replies, stalled_s)
        read += request["size"]
        if read >= _COLLECT_EVERY:
            gc.collect()  # parsers' trees are full of cycles, and may be large
            read = 0


def _serve(request: dict[str, Any], data: bytes, replies: IO[bytes], stalled_s: float) -> None:
    done = 0

    def on_part() -> None:
        nonlocal done
        done += 1
        # Without progress the system ends this process, whatever library it is caught in.
        signal.setitimer(signal.ITIMER_PROF, stalled_s)
        replies.write(b"%d\n" % done)
        replies.flush()

    signal.setitimer(signal.ITIMER_PROF, stalled_s)
    # From here on, what happens to this process is this document's doing.
    replies.write(b"0\n")
    replies.flush()
    try:
        reply = _found(request, data, on_part).encode(errors="replace")  # halves of signs are none
    except (ArticleUnreadable, ArticleEmpty, ArticleNotText) as error:
        reply = _refusal(type(error).__name__, str(error))
    except MemoryError:
        why = "reading it takes too much memory; split it"
        reply = _refusal("ArticleUnreadable", why, is_short_of_memory=True)
    except Exception as error:  # noqa: BLE001 - parsers of untrusted files raise whatever they like
        why = f"it cannot be parsed ({type(error).__name__}); save it in another format"
        reply = _refusal("ArticleUnreadable", why)
    signal.setitimer(signal.ITIMER_PROF, 0)
    replies.write(reply)
    replies.write(b"\n")
    replies.flush()


def _found(request: dict[str, Any], data: bytes, on_part: OnPart) -> str:
    if "head_of" in request:
        from ingest.text.page_head import read_page_head

        return read_page_head(data, request["head_of"]).to_json()
    return read_document(request["suffix"], data, on_part, request["encoding"]).to_json()


def _refusal(error: str, message: str, *, is_short_of_memory: bool = False) -> bytes:
    said = {"error": error, "message": message, "is_short_of_memory": is_short_of_memory}
    return json.dumps(said).encode()


def read_document(suffix: str, data: bytes, on_part: OnPart, encoding: str | None) -> DocumentText:
    """The text of one document. Each format's parser is loaded when the first such document comes."""
    if suffix == ".pdf":
        from ingest.documents.pdf_document import read_pdf

        return read_pdf(data, on_part)
    if suffix == ".docx":
        from ingest.documents.word_document import read_docx

        return read_docx(data)
    if suffix == ".epub":
        from ingest.documents.epub_book import read_epub

        return read_epub(data, on_part)
    from ingest.text.text_file import TextFileReader

    texts = TextFileReader()
    if suffix in WEB_ARCHIVE_SUFFIXES:
        return texts.read_web_archive(data)
    return texts.read_mail(data) if suffix == ".eml" else texts.read(data, suffix, encoding=encoding)


if __name__ == "__main__":
    main()
