"""What was learned of addresses when they were last fetched, so that the next time little is asked and sent.

It only saves work: without it, all is fetched anew, and the library stays as it is.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ingest.web.address_kind import Kind
from ingest.web.web_fetcher import Validators

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class PageMemory:
    """One page: which article it is, what it was read from, and when the server was asked (Unix time).

    `mark` is what the list that names the page said of it; `problem` is why it is no article.
    """

    path: str
    fingerprint: str
    checked: float
    validators: Validators | None = None
    mark: str | None = None
    problem: str | None = None


@dataclass(slots=True)
class SourceMemory:
    """One source: its kind, what its own address said, and its pages by their addresses."""

    kind: Kind | None = None
    validators: Validators | None = None
    pages: dict[str, PageMemory] = field(default_factory=dict)


_FILE: TypeAdapter[dict[str, SourceMemory]] = TypeAdapter(dict[str, SourceMemory])


class FetchMemory:
    """Keeps SourceMemory by the source's address in one JSON file; a file that is damaged is dropped."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._sources: dict[str, SourceMemory] | None = None

    def source(self, address: str) -> SourceMemory:
        """What is known of a source; changes to it are kept by `save`."""
        return self._loaded().setdefault(address, SourceMemory())

    def forget_others(self, addresses: Collection[str]) -> None:
        """Drop what is known of all sources but these, from the file too."""
        known = self._loaded()
        dropped = set(known) - set(addresses)
        for address in dropped:
            del known[address]
        if dropped:
            self.save()

    def save(self) -> None:
        """Write the file, in one step. A disk that refuses costs work the next time, and nothing else."""
        if self._sources is None:
            return
        partial = self._file.with_name(f"{self._file.name}.new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(_FILE.dump_json(self._sources, exclude_defaults=True))
            partial.replace(self._file)
        except OSError as error:
            _logger.warning("%s cannot be written (%s); pages will be fetched anew", self._file, error)

    def _loaded(self) -> dict[str, SourceMemory]:
        if self._sources is None:
            try:
                self._sources = _FILE.validate_json(self._file.read_bytes())
            except FileNotFoundError:
                self._sources = {}
            except (OSError, ValidationError, ValueError) as error:
                _logger.warning("%s is not readable (%s); it is begun anew", self._file, type(error).__name__)
                self._sources = {}
        return self._sources
