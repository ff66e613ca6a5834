"""One fetch or verification at a time, in a thread of its own: how far it is, and what came of it."""

import json
from pathlib import Path

import pytest
from held_source import HeldSource
from tiny_footnote import CATALOGUE, WEIGHTS, set_up, wait_until

from assistant.models.model_files import ModelFiles
from index_store.errors import UsageError
from ui.home import Home
from ui.models.model_jobs import JobProgress, ModelJobs, Outcome
from ui.record.record import Record
from ui.settings.in_force import load_settings

pytestmark = pytest.mark.usefixtures("tiny_catalogue")

SECOND = CATALOGUE.entry("second-writer")
DEFAULT = CATALOGUE.entry("qwen2.5-coder-1.5b")


class Works:
    """Jobs over a folder of model files and a source that is held."""

    def __init__(self, home: Home, content: bytes | None = WEIGHTS) -> None:
        set_up(home, sources=[])
        self.home = home
        self.source = HeldSource(content)
        self.jobs = ModelJobs(lambda: ModelFiles(home.models, CATALOGUE, [self.source]))
        self.record = Record.of(home, load_settings(home.settings_file)).of_account("ada")

    def ended(self) -> Outcome | None:
        self.source.let_go.set()
        wait_until(lambda: self.jobs.progress.work is None)
        return self.jobs.outcome(self.jobs.progress.last)

    def actions(self) -> list[tuple[str, str, str]]:
        lines = [line for file in self.home.record.glob("*") for line in file.read_bytes().splitlines()]
        return [(one["account"], one["action"], one["name"]) for one in map(json.loads, lines)]


@pytest.fixture
def works(home: Home) -> Works:
    return Works(home)


def test_a_fetch_runs_behind_tells_how_far_it_is_and_is_recorded(works: Works) -> None:
    works.jobs.begin("fetch", SECOND, works.record)
    wait_until(lambda: works.jobs.progress.bytes_done)
    now = works.jobs.progress
    assert (now.work, now.model, now.source) == ("fetch", "second-writer", "hub")
    assert (now.bytes_done, now.bytes_total) == (len(WEIGHTS) // 2, len(WEIGHTS))
    assert works.ended() == Outcome("fetch")
    assert works.jobs.progress == JobProgress(ended=1, last="second-writer")
    assert (works.home.models / "second.gguf").read_bytes() == WEIGHTS
    assert works.actions() == [("ada", "fetched", "second-writer")]


def test_only_one_is_worked_on_at_a_time_and_it_is_said_which(works: Works) -> None:
    works.jobs.begin("fetch", SECOND, works.record)
    for work in ("fetch", "verify"):
        with pytest.raises(UsageError, match="second-writer is being fetched, and one model at a time"):
            works.jobs.begin(work, DEFAULT, works.record)
    works.ended()
    assert works.source.asked == 1
    works.jobs.begin("verify", SECOND, works.record)
    assert works.ended() == Outcome("verify")


def test_a_fetch_that_fails_says_why_and_what_to_do_and_is_recorded(home: Home) -> None:
    works = Works(home, content=None)
    works.jobs.begin("fetch", SECOND, works.record)
    outcome = works.ended()
    assert outcome is not None
    assert outcome.error is not None
    assert "hub: no answer in 4 seconds" in outcome.error
    assert f"try again, or put what you have of it from elsewhere at {home.models}" in outcome.error
    assert works.actions() == [("ada", "fetch failed", "second-writer")]
    works.source.content = WEIGHTS
    works.jobs.begin("fetch", SECOND, works.record)
    assert works.ended() == Outcome("fetch")


def test_a_stopped_fetch_keeps_what_has_come(works: Works) -> None:
    works.jobs.stop()  # nothing is under way: nothing to stop
    works.jobs.begin("fetch", SECOND, works.record)
    wait_until(lambda: works.source.asked)
    works.jobs.stop()
    wait_until(lambda: works.jobs.progress.work is None)
    assert works.jobs.outcome("second-writer") == Outcome("fetch", is_stopped=True)
    assert list(works.home.models.rglob("begun"))
    assert works.actions() == []
    works.jobs.begin("fetch", SECOND, works.record)
    assert works.ended() == Outcome("fetch")


def test_a_fetch_of_what_is_here_asks_nobody_and_is_not_recorded(works: Works) -> None:
    works.home.models.mkdir(parents=True)
    (works.home.models / "second.gguf").write_bytes(WEIGHTS)
    works.jobs.begin("fetch", SECOND, works.record)
    assert works.ended() == Outcome("fetch")
    assert (works.source.asked, works.actions()) == (0, [])


def test_a_verification_that_finds_damage_says_so(works: Works) -> None:
    works.home.models.mkdir(parents=True)
    (works.home.models / "second.gguf").write_bytes(WEIGHTS[::-1])
    works.jobs.begin("verify", SECOND, works.record)
    outcome = works.ended()
    assert outcome is not None
    assert "is damaged" in (outcome.error or "")


def test_what_nobody_foresaw_ends_the_job_and_not_the_next(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    works = Works(home)
    broken: list[Path] = []
    jobs = ModelJobs(lambda: ModelFiles(broken[0], CATALOGUE, [works.source]))
    jobs.begin("fetch", SECOND, works.record)
    wait_until(lambda: jobs.progress.work is None)
    assert jobs.outcome("second-writer") == Outcome("fetch", "something went wrong; details are in the log")
    assert "could not be fetched" in caplog.text
    broken.append(home.models)
    works.source.let_go.set()
    jobs.begin("fetch", SECOND, works.record)
    wait_until(lambda: jobs.progress.work is None)
    assert jobs.outcome("second-writer") == Outcome("fetch")
