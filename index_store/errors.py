"""The root of every error that Footnote raises: each message says what, the value, and what to do.

FootnoteError
├── UsageError            the person asked for something that cannot be (exit code 2)
└── RunError              it could have worked and did not (exit code 1)
    └── LibraryError      the store behind the library
        ├── LibraryLocked
        ├── LibraryUnreachable
        ├── LibraryDamaged
        └── EmbedderMismatch
"""


class FootnoteError(Exception):
    """The base of all errors; its message is one line, ready for a terminal or a page."""


class UsageError(FootnoteError):
    """A request that cannot be carried out as it was put."""


class RunError(FootnoteError):
    """A failure while doing something that was asked for rightly."""


class LibraryError(RunError):
    """The store that holds the passages could not serve."""


class LibraryLocked(LibraryError):
    """Another process holds the embedded library."""


class LibraryUnreachable(LibraryError):
    """The Qdrant server does not answer."""


class LibraryDamaged(LibraryError):
    """What is stored cannot be read as a library."""


class EmbedderMismatch(LibraryError):
    """The library was made by another embedder than the one in use."""
