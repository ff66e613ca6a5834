"""What can go wrong between a file and the library.

UsageError ── SourceMissing, AddressUnusable
RunError ──── ArticleUnreadable, ArticleEmpty, ArticleNotText
         └─── SourceUnread, FetchFailed ── FetchRefused ── AddressRefused
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


class AddressUnusable(UsageError):
    """What was given is no web address that can be a source."""


class SourceUnread(RunError):
    """A source answered with what it cannot be read from; nothing of it may be deleted for that."""


class FetchFailed(RunError):
    """An address did not deliver.

    `reason` is the message without the address; `status` is the HTTP status, where there was one.
    """

    def __init__(self, url: str, reason: str, *, status: int | None = None) -> None:
        super().__init__(f"{url}: {reason}")
        self.reason = reason
        self.status = status


class FetchRefused(FetchFailed):
    """An address that will not be had another time either: the settings, its site, or its answer say no."""


class AddressRefused(FetchRefused):
    """An address that must not be asked: of this machine, of an inner network, or on another port."""
