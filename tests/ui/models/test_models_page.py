from dataclasses import replace

import pytest
from chat_samples import tags, visible_text

from assistant.models.catalogue import ModelEntry, PinnedFile
from ui.models.model_jobs import Outcome
from ui.models.model_rows import Chosen, ModelRow
from ui.models.models_page import gigabytes, line_html, notes_html, rows_html

ENTRY = ModelEntry(
    id="heron-4b",
    family="Heron",
    vendor="Marsh Press",
    country="NO",
    licence="MIT",
    licence_osi=True,
    note="For 8 GB of memory.",
    memory_gb=4.5,
    files=(PinnedFile("heron.gguf", 2_497_281_120, "0" * 64),),
)
ROW = ModelRow(ENTRY, "missing", places=("hub.example, marsh/heron", "the package registry, in 3 packages"))


def buttons(row: ModelRow) -> list[str]:
    return [a["data-action"] for name, a in tags(rows_html([row])) if name == "button"]


def told(row: ModelRow) -> str:
    return " ".join(visible_text(rows_html([row])).split())


def test_a_model_is_told_with_all_that_a_choice_needs() -> None:
    words = told(ROW)
    for fact in (
        "heron-4b",
        "For 8 GB of memory.",
        "Marsh Press",
        "(NO)",
        "MIT",
        "2.5 GB file",
        "not installed",
    ):
        assert fact in words
    assert "4.5 GB of memory" in words
    assert "From hub.example, marsh/heron; else the package registry, in 3 packages" in words
    assert "with conditions" not in words
    assert "with conditions" in told(replace(ROW, entry=replace(ENTRY, licence_osi=False)))


@pytest.mark.parametrize(
    ("row", "offered"),
    [
        (ROW, ["fetch"]),
        (replace(ROW, places=()), []),
        (replace(ROW, glance="damaged"), ["fetch"]),
        (replace(ROW, glance="verified"), ["use", "verify"]),
        (replace(ROW, glance="unverified"), ["use", "verify"]),
        (replace(ROW, glance="verified", is_named=True, is_at_work=True), ["verify"]),
        (replace(ROW, glance="verified", is_at_work=True), ["use", "verify"]),
        (replace(ROW, entry=replace(ENTRY, files=()), places=()), []),
    ],
)
def test_only_what_can_be_done_is_offered(row: ModelRow, offered: list[str]) -> None:
    assert buttons(row) == offered


def test_what_stands_out_is_said_in_a_word() -> None:
    assert "in use" in told(replace(ROW, is_at_work=True, is_named=True))
    assert "chosen" not in told(replace(ROW, is_at_work=True, is_named=True))
    assert "chosen" in told(replace(ROW, is_named=True))
    assert "the default" in told(replace(ROW, is_default=True))
    recommended = replace(ROW, entry=replace(ENTRY, recommended=True))
    assert "recommended" in told(recommended)
    assert "recommended" not in told(replace(recommended, is_too_large=True))
    assert "more than this machine has" in told(replace(recommended, is_too_large=True))
    assert "no checksum known" in told(replace(ROW, entry=replace(ENTRY, files=(PinnedFile("heron.gguf"),))))
    assert "runs on servers alone" in told(replace(ROW, entry=replace(ENTRY, files=())))


def test_what_came_of_the_last_job_stands_at_its_model() -> None:
    assert "try again" in told(replace(ROW, outcome=Outcome("fetch", "no hub; try again")))
    assert "Stopped; what has come is kept" in told(replace(ROW, outcome=Outcome("fetch", is_stopped=True)))
    assert "Stopped" not in told(replace(ROW, outcome=Outcome("fetch")))


def test_a_choice_that_is_not_in_force_says_when_it_will_be() -> None:
    same = Chosen("a", "a")
    assert notes_html(same, same, is_offline=False, folder=None) == ""
    writer = visible_text(notes_html(Chosen("a", "b"), same, is_offline=False, folder=None))
    assert writer == "b is chosen. a goes on writing until Footnote is started again."
    embedder = visible_text(notes_html(same, Chosen("a", "b"), is_offline=False, folder=None))
    assert "The next sync prepares the whole library for it; until then a finds the passages." in embedder


def test_that_footnote_is_offline_is_said_with_what_to_do() -> None:
    same = Chosen("a", "a")
    bare = visible_text(notes_html(same, same, is_offline=True, folder=None))
    assert "no model can be fetched. Put its file in a folder" in bare
    stick = visible_text(notes_html(same, same, is_offline=True, folder="/stick"))
    assert "models come from your folder /stick alone" in stick


def test_sizes_are_told_in_words() -> None:
    assert [gigabytes(size) for size in (491_400_064, 999_600_000, 2_497_281_120)] == [
        "491 MB",
        "1.0 GB",
        "2.5 GB",
    ]
    assert visible_text(line_html(1_117_000_000, 50_000_000_000, 7.7)) == (
        "Models take 1.1 GB of disk, 50.0 GB are free | 8 GB of memory"
    )
