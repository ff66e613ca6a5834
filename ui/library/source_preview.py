"""What a folder, a file or an address would bring, shown before it is taken into the sources."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from index_store.article import Article
from index_store.errors import FootnoteError, UsageError
from ingest.article_file import ArticleReader
from ingest.documents.mailbox_file import MAILBOX_SUFFIX
from ingest.folder_source import FolderSource
from ingest.web.web_address import is_web_address

PREVIEW_LENGTH = 1500
"""Characters of an article's text."""

_MOST_ENTRIES = 5
_MOST_FILES = 2000


@dataclass(frozen=True, slots=True)
class PreviewEntry:
    """One of several articles: of a folder, of a feed. `why_not` tells why it would be left out."""

    title: str
    published: str | None = None
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a place holds, as it would be read.

    `place` is what the sources would list; `kind` is in words ("folder", "file", "web page", "feed").
    The facts and the first `PREVIEW_LENGTH` characters of `text` are of the article, or of the first of
    several; `entries` are the first few of `articles`. `name` is what a feed calls itself. `note` says what
    else a person should know; `instead` are addresses that may be meant rather than this one.
    """

    place: str
    kind: str
    name: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    text: str = ""
    entries: tuple[PreviewEntry, ...] = ()
    articles: int | None = None
    note: str | None = None
    instead: tuple[str, ...] = ()


class SourcePreview(Protocol):
    """Looks into a place without taking anything from it."""

    def listed(self, place: str) -> str:
        """The place as the sources would list it. Raises UsageError when it cannot be one."""
        ...

    def preview(self, place: str) -> Preview:
        """What the place holds. Raises FootnoteError saying why it cannot be a source."""
        ...


class FilePreview:
    """Looks into folders and single files of this machine."""

    def __init__(self, find: Callable[[str], str], reader: ArticleReader | None = None) -> None:
        """`find` gives a named place as the sources list it; it raises UsageError when it is not there."""
        self._find = find
        self._reader = reader or ArticleReader()

    def listed(self, place: str) -> str:
        """See SourcePreview."""
        return self._find(place)

    def preview(self, place: str) -> Preview:
        """See SourcePreview."""
        listed = self._find(place)
        path = Path(listed)
        if path.is_file() and path.suffix.lower() != MAILBOX_SUFFIX:
            return _of_article(self._reader.read(path, source=listed, path=path.name), listed, "file")
        return self._folder(listed)

    def _folder(self, listed: str) -> Preview:
        source = FolderSource(Path(listed), self._reader)
        found = list(islice(source.scan(), _MOST_FILES))
        readable = [one for one in found if one.why_not is None]
        if not readable:
            raise UsageError(f"source {listed!r}: no file in it can be read as an article; name another one")
        entries: list[PreviewEntry] = []
        first: Article | None = None
        for one in readable[:_MOST_ENTRIES]:
            try:
                article = source.read(one)
            except FootnoteError as error:
                entries.append(PreviewEntry(one.path, why_not=str(error).removeprefix(f"{one.path}: ")))
                continue
            first = first or article
            entries.append(PreviewEntry(article.title, article.published))
        return Preview(
            place=listed,
            kind="folder",
            title=first.title if first else None,
            publisher=first.publisher if first else None,
            published=first.published if first else None,
            text=first.text[:PREVIEW_LENGTH] if first else "",
            entries=tuple(entries),
            articles=len(readable),
            note=f"only the first {_MOST_FILES:,} files were counted" if len(found) == _MOST_FILES else None,
        )


class PlacePreview:
    """Leads each place to whoever can look into it: addresses to the one, all else to the other."""

    def __init__(self, files: SourcePreview | None, addresses: SourcePreview) -> None:
        """`files` is None where places on this machine are not taken."""
        self._files = files
        self._addresses = addresses

    def listed(self, place: str) -> str:
        """See SourcePreview."""
        return self._for(place).listed(place.strip())

    def preview(self, place: str) -> Preview:
        """See SourcePreview."""
        return self._for(place).preview(place.strip())

    def _for(self, place: str) -> SourcePreview:
        if not place.strip():
            raise UsageError("no folder, file or address is given; type or paste one")
        if is_web_address(place):
            return self._addresses
        if self._files is None:
            raise UsageError(
                "folders of this machine can be added here only while the page serves this machine alone; "
                "upload the files, or run: footnote sync PATH"
            )
        return self._files


def _of_article(article: Article, place: str, kind: str) -> Preview:
    return Preview(
        place=place,
        kind=kind,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        text=article.text[:PREVIEW_LENGTH],
        articles=1,
    )
