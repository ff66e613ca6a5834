"""Articles that a plan holds until they are written: in memory while they are few, then in a file.

So a folder or a site of any size is planned whole, and takes no more memory for that than a small one.
"""

import os
import pickle
import weakref
from dataclasses import dataclass
from tempfile import TemporaryFile
from threading import Lock
from typing import IO

from index_store.article import Article
from index_store.errors import RunError

# About 6,000 articles of 800 words; with their structure they take about twice as many bytes.
_CHARACTERS_IN_MEMORY = 32_000_000
# Where other temporary folders may be in memory themselves.
_ON_DISK = "/var/tmp"


@dataclass(frozen=True, slots=True)
class ArticleAside:
    """One article that can be had again; what is asked often of it is kept beside it."""

    characters: int
    content_hash: str
    _holder: "ArticlesAside"
    _place: Article | tuple[int, int]

    def article(self) -> Article:
        """The article, whole."""
        if isinstance(self._place, Article):
            return self._place
        return self._holder.read(*self._place)


class ArticlesAside:
    """Puts articles aside. Its file has no name, is this process's alone, and goes with the last article."""

    def __init__(self, characters: int = _CHARACTERS_IN_MEMORY) -> None:
        """So many characters are held in memory; what comes after goes to the file."""
        self._left = characters
        self._file: IO[bytes] | None = None
        self._end = 0
        self._lock = Lock()

    def put(self, article: Article) -> ArticleAside:
        """Put one aside. Raises RunError when the disk is full."""
        length = len(article.text)
        try:
            with self._lock:
                self._left -= length
                place = article if self._left >= 0 else self._written(article)
        except OSError as error:
            raise RunError(
                f"{article.path}: no room for it in {_ON_DISK} ({error.strerror}); free some, and sync again"
            ) from error
        return ArticleAside(length, article.content_hash, self, place)

    def read(self, start: int, size: int) -> Article:
        """The article that was written there."""
        with self._lock:
            assert self._file is not None
            self._file.seek(start)
            found: Article = pickle.loads(self._file.read(size))
            return found

    def _written(self, article: Article) -> tuple[int, int]:
        if self._file is None:
            place = _ON_DISK if os.access(_ON_DISK, os.W_OK) else None
            self._file = TemporaryFile(prefix="footnote-plan-", dir=place)  # noqa: SIM115
            weakref.finalize(self, self._file.close)
        data = pickle.dumps(article, protocol=pickle.HIGHEST_PROTOCOL)
        start, self._end = self._end, self._end + len(data)
        self._file.seek(start)
        self._file.write(data)
        return start, len(data)
