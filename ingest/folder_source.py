"""A folder of article files (or one file) as a source of articles."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Protocol

from index_store.article import Article
from index_store.errors import RunError
from ingest.article_file import LARGEST_DOCUMENTS, SUFFIXES, ArticleReader
from ingest.documents.mailbox_file import (
    LARGEST_MAILBOX,
    MAILBOX_SUFFIX,
    MOST_MAILS,
    mail_bytes,
    mails_in,
)
from ingest.errors import ArticleEmpty, ArticleNotText, ArticleUnreadable, SourceMissing, SourceUnread
from ingest.folder_walk import FolderState, FolderWalk, state_of
from ingest.other_kinds import NOT_READ, PICTURES, why_no_pictures, why_not_read
from ingest.text.text_file import WEB_PAGE_SUFFIXES

FILE_SUFFIXES = SUFFIXES | {MAILBOX_SUFFIX}
"""The endings of the files that are read."""
LARGEST_FILES = {**LARGEST_DOCUMENTS, MAILBOX_SUFFIX: LARGEST_MAILBOX}
"""How many bytes a file may have, by its ending; the others may have LARGEST_FILE."""
# Beside a saved page browsers put its pictures and frames into a folder of this name.
_PARTS_OF_PAGE = re.compile(
    r"(.+)(?:[_-](?:files|fichiers|dateien|archivos|bestanden|file|arquivos|ficheiros|filer|pliki|soubory)"
    r"|\.files|的文件|のファイル)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """What a source holds; `why_not` tells why it is no article, where that shows before reading.

    `file` is where it lies, None for what is fetched; `part` are the first byte and the end of what it is
    there, where the file holds several. `is_gone` tells that the source itself says it is gone for good, so
    that it is taken out of the library. `below` is what all paths begin with of which nothing is known now:
    those articles stay.
    """

    path: str
    file: Path | None = None
    why_not: str | None = None
    is_gone: bool = False
    part: tuple[int, int] | None = None
    below: str | None = None


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

    @property
    def drives(self) -> Mapping[str, str]:
        """Its folder ("") and those below it that are on drives of their own, as the last `scan` saw them.

        Each with a mark that is another one when the drive is away; nothing for what is fetched.
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
    Links that lead out of the folder are not followed. Each mail of a mailbox (.mbox) is an article.
    """

    def __init__(self, place: Path, reader: ArticleReader, *, id: str | None = None) -> None:
        self._place = place.expanduser().resolve()
        self._reader = reader
        self._id = id or self._place.as_posix()
        self._is_complete = True
        self._drives: Mapping[str, str] = {}

    @property
    def id(self) -> str:
        """What the library knows this source by."""
        return self._id

    @property
    def is_complete(self) -> bool:
        """Unless a mailbox could not be read: a folder that is there holds what it holds."""
        return self._is_complete

    @property
    def drives(self) -> Mapping[str, str]:
        """See Source."""
        return self._drives

    def scan(self) -> Iterator[FoundArticle]:
        """The article files, sorted by path. Raises SourceMissing when the folder is not there, SourceUnread
        when it cannot be looked into.
        """
        self._is_complete, self._drives = True, {}
        try:
            if self._place.is_file():
                yield from self._in_file(self._place.name, self._place)
                return
            is_there = self._place.is_dir()
        except OSError as error:
            raise self._unread(error) from error
        if not is_there:
            raise SourceMissing(
                f"source {self._place}: no such folder or file; check the path, or remove it from the sources"
            )
        walk = FolderWalk(self._place)
        if walk.failed is not None:
            raise self._unread(walk.failed)
        self._drives = walk.drives
        for folder, reason in walk.closed.items():
            why = f"this folder cannot be looked into ({reason.strerror}); check its rights"
            yield FoundArticle(folder, why_not=why, below=f"{folder}/")
        is_empty = True
        for file in walk.files(FILE_SUFFIXES | NOT_READ.keys()):
            path = file.relative_to(self._place).as_posix()
            try:
                for found in self._of_file(path, file):
                    is_empty = is_empty and found.why_not is not None
                    yield found
            except OSError as error:
                yield FoundArticle(path, file, f"{error.strerror}; check that the file can be read")
        pictures = [file.relative_to(self._place).as_posix() for file in walk.files(PICTURES)]
        if is_empty and pictures and _is_utf8(pictures[0]):
            yield FoundArticle(pictures[0], why_not=why_no_pictures(pictures))

    def _unread(self, error: OSError) -> SourceUnread:
        return SourceUnread(
            f"source {self._place}: it cannot be looked into ({error.strerror}); check its rights and drive"
        )

    def _of_file(self, path: str, file: Path) -> Iterator[FoundArticle]:
        """What one file of a kind that is known holds. Raises OSError."""
        leads_nowhere = file.is_symlink() and not file.exists()
        if not (file.is_file() or leads_nowhere) or self._is_part_of_page(file):
            return
        suffix = file.suffix.lower()
        if not _is_utf8(path):
            shown = path.encode(errors="surrogateescape").decode(errors="replace")
            yield FoundArticle(shown, file, "its name is not UTF-8; rename it")
        elif leads_nowhere:
            yield FoundArticle(path, file, "it is a link to a file that is not there; mend it, or remove it")
        elif self._place not in file.resolve().parents:
            yield FoundArticle(path, file, "it is a link that leads out of the folder")
        elif suffix in NOT_READ:
            yield FoundArticle(path, file, why_not_read(suffix))
        elif file.stem.lower() == "readme" and "/" not in path:
            yield FoundArticle(path, file, "a README describes the folder, it is no article")
        else:
            yield from self._in_file(path, file)

    def _is_part_of_page(self, file: Path) -> bool:
        """Whether it lies in the folder that a browser made beside a page when it saved that."""
        for folder in file.parents:
            if folder == self._place:
                return False
            page = _PARTS_OF_PAGE.fullmatch(folder.name)
            if page and any((folder.parent / f"{page[1]}{suffix}").is_file() for suffix in WEB_PAGE_SUFFIXES):
                return True
        return False

    def _in_file(self, path: str, file: Path) -> Iterator[FoundArticle]:
        if file.suffix.lower() != MAILBOX_SUFFIX:
            yield FoundArticle(path, file)
            return
        try:
            for number, mail in enumerate(mails_in(file)):
                if number == MOST_MAILS:
                    yield FoundArticle(
                        path, file, f"only the first {MOST_MAILS:,} of its mails are read; split it"
                    )
                    return
                yield FoundArticle(f"{path}#{mail.name}", file, part=(mail.start, mail.end))
        except ArticleUnreadable as error:
            self._is_complete = False
            yield FoundArticle(path, file, str(error))

    def fingerprint(self, found: FoundArticle) -> str | None:
        """The SHA-256 of its bytes; None when they cannot be read."""
        try:
            if found.part is not None:
                return sha256(mail_bytes(self._file(found), *found.part)).hexdigest()
            with self._file(found).open("rb") as file:
                return file_digest(file, "sha256").hexdigest()
        except OSError:
            return None

    def read(self, found: FoundArticle) -> Article:
        """One article, cleaned."""
        if found.part is not None:
            return self._mail(found, *found.part)
        return self._reader.read(self._file(found), source=self._id, path=found.path)

    def _mail(self, found: FoundArticle, start: int, end: int) -> Article:
        if end - start > LARGEST_DOCUMENTS[".eml"]:
            most = LARGEST_DOCUMENTS[".eml"] // 2**20
            size = (end - start) / 2**20
            raise ArticleUnreadable(f"{found.path}: {size:.0f} MB is over the {most} MB limit of a mail")
        file = self._file(found)
        try:
            data = mail_bytes(file, start, end)
        except OSError as error:
            raise ArticleUnreadable(
                f"{found.path}: {error.strerror}; check that the file can be read"
            ) from error
        return self._reader.read_bytes(data, suffix=".eml", source=self._id, path=found.path, name=file.stem)

    def _file(self, found: FoundArticle) -> Path:
        return found.file or self._place / found.path


def read_file(reader: ArticleReader, file: Path, *, source: str, path: str) -> Article:
    """The article in a file, known as `path`; of a mailbox the first one that can be read.

    Raises what the reader raises; where no mail can be read, what is wrong with the last one.
    """
    if file.suffix.lower() != MAILBOX_SUFFIX:
        return reader.read(file, source=source, path=path)
    box = FolderSource(file, reader, id=source)
    wrong: RunError = ArticleEmpty("there is no mail in it")
    for found in box.scan():
        try:
            if found.why_not is not None:
                raise ArticleUnreadable(found.why_not)
            return box.read(found)
        except (ArticleUnreadable, ArticleEmpty, ArticleNotText) as error:
            wrong = type(error)(str(error).removeprefix(f"{found.path}: "))
    raise type(wrong)(f"{path}: {wrong}")


def folder_state(place: Path) -> FolderState | None:
    """What the files of a folder (or one file) that a sync would look at are like; None while it is away."""
    return state_of(place, FILE_SUFFIXES | NOT_READ.keys())


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
