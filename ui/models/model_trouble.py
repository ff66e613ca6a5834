"""Why a model could not be fetched or verified, in the words of the page where it is told."""

import re

from assistant.models.catalogue import CatalogueEntry
from index_store.errors import FootnoteError

SOURCES = {
    "hub": "the model hub",
    "registry": "the package registry",
    "local path": "your folder",
    "network": "the network",
}
"""What delivers models, by the names that messages have for it."""

# Which file, and by which hash, stands in the log: here it would hide what to do.
_OTHER_FILE = re.compile(r"(?:refused, )?\S+ has SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}")
_OTHER_SIZE = re.compile(r"(?:refused, )?\S+ has \d+ bytes, expected \d+")
_SOURCE = re.compile(rf"(?<=[(;])( ?)({'|'.join(SOURCES)})(?=: )")


def trouble(error: FootnoteError, entry: CatalogueEntry) -> str:
    """The error as it is told beside the model's name and its buttons, without hashes and sizes in bytes."""
    told = str(error).replace(f"run: footnote models fetch {entry.id}", "fetch it again")
    told = re.sub(rf"^model '?{re.escape(entry.id)}'?(?= )", "It", told)
    told = _OTHER_FILE.sub("the file is not the one that was published", told)
    told = _OTHER_SIZE.sub("the file has not the size of the one that was published", told)
    return _SOURCE.sub(lambda found: found[1] + SOURCES[found[2]], told)
