"""What can go wrong between a file and the library.

UsageError ── SourceMissing
RunError ──── ArticleUnreadable, ArticleEmpty, ArticleNotText
"""

from index_store.errors import RunError, UsageError


class SourceMissing(UsageError):
    """A named source is not there."""


class ArticleUnreadable(RunError):
    """The file is there and cannot be read."""


class ArticleEmpty(RunError):
    """Nothing but white space or page furniture is in it."""


class ArticleNotText(RunError):
    """The file is binary, or in no encoding that can be told."""
