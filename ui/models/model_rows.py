"""What the Models page lists: each model of the catalogue with how it stands on this machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.models.catalogue import CatalogueEntry
from assistant.models.model_files import Glance, ModelFiles
from ui.models.model_jobs import Outcome


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which model is at work in this process, and which one the settings name; None where unknown."""

    at_work: str
    named: str | None

    @property
    def is_pending(self) -> bool:
        """Whether another one is named than is at work."""
        return self.named is not None and self.named != self.at_work


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model. `places` are where its file can come from, in words, in the order in which they are asked.

    `is_too_large` tells that it wants more memory than the machine has.
    """

    entry: CatalogueEntry
    glance: Glance
    is_at_work: bool = False
    is_named: bool = False
    is_default: bool = False
    is_too_large: bool = False
    places: tuple[str, ...] = ()
    outcome: Outcome | None = None

    @property
    def can_be_fetched(self) -> bool:
        """Whether there is a place to fetch it from."""
        return bool(self.places) and self.glance in ("missing", "damaged")

    @property
    def is_recommended(self) -> bool:
        """Whether it is to be looked at first on this machine."""
        return self.entry.recommended and not self.is_too_large

    @property
    def is_here(self) -> bool:
        """Whether its files lie here, as far as one sees without reading them."""
        return self.glance in ("verified", "unverified")


def model_rows(
    entries: Sequence[CatalogueEntry],
    files: ModelFiles,
    chosen: Chosen,
    *,
    default: str,
    memory_gb: float,
    places: Callable[[CatalogueEntry], tuple[str, ...]],
    outcome: Callable[[str], Outcome | None],
) -> tuple[ModelRow, ...]:
    """The rows of one kind of model, in the catalogue's order; `memory_gb` is all that the machine has."""
    return tuple(
        ModelRow(
            entry,
            _glance(files, entry, outcome(entry.id)),
            is_at_work=entry.id == chosen.at_work,
            is_named=entry.id == chosen.named,
            is_default=entry.id == default,
            is_too_large=is_too_large(entry, memory_gb),
            places=places(entry),
            outcome=outcome(entry.id),
        )
        for entry in entries
    )


def is_too_large(entry: CatalogueEntry, memory_gb: float) -> bool:
    """Whether a model wants more memory than a machine with so much has."""
    return (entry.memory_gb or 0.0) > memory_gb


def _glance(files: ModelFiles, entry: CatalogueEntry, outcome: Outcome | None) -> Glance:
    """As the files look, but for a damage that only reading them could show, and has shown."""
    glance = files.glance(entry.id)
    was_read = outcome is not None and outcome.work == "verify" and outcome.error is not None
    return "damaged" if was_read and glance == "unverified" else glance


def model_places(entry: CatalogueEntry, *, folder: str | None, hub: str, is_offline: bool) -> tuple[str, ...]:
    """Where the settings let a model come from; none for one that has no file."""
    if not entry.files:
        return ()
    own = (f"your folder {folder}",) if folder else ()
    if is_offline:
        return own
    hubs = (f"{hub}, {entry.hub.repo}",) if entry.hub else ()
    packages = entry.registry.parts if entry.registry else ()
    counted = "in 1 package" if len(packages) == 1 else f"in {len(packages)} packages"
    return (*own, *hubs, *((f"the package registry, {counted}",) if packages else ()))
