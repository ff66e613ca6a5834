"""A folder of article files (or one file) as a source of articles."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Protocol

from index_store.article import Article
from ingest.article_file import SUFFIXES, ArticleReader
from ingest.errors import SourceMissing


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """What a source holds; `why_not` tells why it is no article, where that shows before reading.

    `file` is where it lies, None for what is fetched. `is_gone` tells that the source itself says it is gone
    for good, so that it is taken out of the library.
    """

    path: str
    file: Path | None = None
    why_not: str | None = None
    is_gone: bool = False


class Source(Protocol):
    """A place that articles are synced from."""

    @property
    def id(self) -> str:
        """What the library knows this source by."""
        ...

    @property
    def is_complete(self) -> bool:
        """Whether the last `scan`, at its end, had given all that the source holds.

        Otherwise what was not found may still be there, and stays in the library.
        """
        ...

    def scan(self) -> Iterator[FoundArticle]:
        """What the source holds now, in a stable order.

        Raises SourceMissing when it is not there, SourceUnread or FetchFailed when it cannot be read now.
        """
        ...

    def fingerprint(self, found: FoundArticle) -> str | None:
        """Equal as long as `read` would give the same article; None where that cannot be told."""
        ...

    def read(self, found: FoundArticle) -> Article:
        """One article, cleaned. Raises ingest.errors when it cannot be used."""
        ...


class FolderSource:
    """All article files below a folder, hidden ones left out; or a single file.

    `id` defaults to the absolute path, so that the same folder is the same source from anywhere.
    Links that lead out of the folder are not followed.
    """

    def __init__(self, place: Path, reader: ArticleReader, *, id: str | None = None) -> None:
        self._place = place.expanduser().resolve()
        self._reader = reader
        self._id = id or self._place.as_posix()

    @property
    def id(self) -> str:
        """What the library knows this source by."""
        return self._id

    @property
    def is_complete(self) -> bool:
        """Always: a folder that is there holds what it holds."""
        return True

    def scan(self) -> Iterator[FoundArticle]:
        """The article files, sorted by path. Raises SourceMissing when the folder is not there."""
        if self._place.is_file():
            yield FoundArticle(self._place.name, self._place)
            return
        if not self._place.is_dir():
            raise SourceMissing(
                f"source {self._place}: no such folder or file; check the path, or remove it from the sources"
            )
        for file in sorted(self._place.rglob("*")):
            relative = file.relative_to(self._place)
            hidden = any(part.startswith(".") for part in relative.parts)
            if hidden or file.suffix.lower() not in SUFFIXES or not file.is_file():
                continue
            if not _is_utf8(relative.as_posix()):
                shown = relative.as_posix().encode(errors="surrogateescape").decode(errors="replace")
                yield FoundArticle(shown, file, "its name is not UTF-8; rename it")
            elif self._place not in file.resolve().parents:
                yield FoundArticle(relative.as_posix(), file, "it is a link that leads out of the folder")
            elif relative.stem.lower() == "readme" and len(relative.parts) == 1:
                yield FoundArticle(
                    relative.as_posix(), file, "a README describes the folder, it is no article"
                )
            else:
                yield FoundArticle(relative.as_posix(), file)

    def fingerprint(self, found: FoundArticle) -> str | None:
        """The SHA-256 of the file's bytes; None when it cannot be read."""
        try:
            with self._file(found).open("rb") as file:
                return file_digest(file, "sha256").hexdigest()
        except OSError:
            return None

    def read(self, found: FoundArticle) -> Article:
        """One article, cleaned."""
        return self._reader.read(self._file(found), source=self._id, path=found.path)

    def _file(self, found: FoundArticle) -> Path:
        return found.file or self._place / found.path


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
