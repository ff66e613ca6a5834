from dataclasses import replace
from pathlib import Path

import pytest
from tiny_footnote import CATALOGUE, WEIGHTS

from assistant.models.catalogue import HubPlace, RegistryPart, RegistryPlace
from assistant.models.model_files import ModelFiles
from ui.models.model_jobs import Outcome
from ui.models.model_rows import Chosen, ModelRow, model_places, model_rows

WRITER = CATALOGUE.writer("qwen2.5-coder-1.5b")


def rows(
    root: Path, chosen: Chosen, *, outcome: Outcome | None = None, memory: float = 8.0
) -> list[ModelRow]:
    found = model_rows(
        CATALOGUE.writers(),
        ModelFiles(root, CATALOGUE),
        chosen,
        default="second-writer",
        memory_gb=memory,
        places=lambda entry: ("the hub",) if entry.files else (),
        outcome=lambda id: outcome if id == WRITER.id else None,
    )
    return list(found)


def test_each_model_says_how_it_stands_and_what_can_be_done(tmp_path: Path) -> None:
    (tmp_path / "writer.gguf").write_bytes(WEIGHTS)
    (tmp_path / "second.gguf").write_bytes(b"cut")
    first, second, served = rows(tmp_path, Chosen(WRITER.id, "second-writer"))
    assert (first.glance, first.is_at_work, first.is_named) == ("unverified", True, False)
    assert (first.is_here, first.can_be_fetched) == (True, False)
    assert (second.glance, second.is_named, second.is_default) == ("damaged", True, True)
    assert (second.is_here, second.can_be_fetched) == (False, True)
    assert (served.is_here, served.can_be_fetched) == (False, False)


def test_a_model_that_wants_more_memory_than_there_is_says_so(tmp_path: Path) -> None:
    chosen = Chosen(WRITER.id, WRITER.id)
    assert [row.is_too_large for row in rows(tmp_path, chosen, memory=1.5)] == [True, False, False]
    assert not any(row.is_too_large for row in rows(tmp_path, chosen, memory=2.0))


def test_what_reading_has_shown_to_be_damaged_stays_so_until_it_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "writer.gguf").write_bytes(WEIGHTS[::-1])
    damaged = Outcome("verify", "it is damaged")
    first, *_ = rows(tmp_path, Chosen(WRITER.id, WRITER.id), outcome=damaged)
    assert first.glance == "damaged"
    assert first.can_be_fetched


def test_a_choice_is_pending_until_it_is_at_work() -> None:
    assert Chosen("a", "b").is_pending
    assert not Chosen("a", "a").is_pending
    assert not Chosen("a", None).is_pending


@pytest.mark.parametrize(
    ("folder", "is_offline", "places"),
    [
        (None, False, ("mirror.example, owner/repo", "the package registry, in 2 packages")),
        (
            "/stick",
            False,
            ("your folder /stick", "mirror.example, owner/repo", "the package registry, in 2 packages"),
        ),
        ("/stick", True, ("your folder /stick",)),
        (None, True, ()),
    ],
)
def test_places_are_told_in_the_order_in_which_they_are_asked(
    folder: str | None, is_offline: bool, places: tuple[str, ...]
) -> None:
    parts = (RegistryPart("a==1", "x"), RegistryPart("b==1", "x"))
    entry = replace(WRITER, hub=HubPlace("owner/repo", "0"), registry=RegistryPlace(parts))
    assert model_places(entry, folder=folder, hub="mirror.example", is_offline=is_offline) == places
    assert model_places(CATALOGUE.writer("served"), folder=folder, hub="h", is_offline=is_offline) == ()
