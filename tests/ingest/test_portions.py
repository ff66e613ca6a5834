"""What takes long to read is written in portions: found before the rest is read, and kept in any case."""

from collections.abc import Iterator

import pytest
from test_same_article import TEXT
from tiny_shelf import Shelf, counted

from ingest import sync
from ingest.folder_source import FolderSource, FoundArticle
from ingest.sync import LibrarySync
from ingest.sync_plan import Step


class HastyClock:
    """Says that a minute has passed whenever it is asked."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += sync._PORTION_SECONDS
        return self.now


class Listened(FolderSource):
    """Tells what the library held whenever the next file was looked for."""

    shelf: Shelf
    seen: list[list[str]]

    def scan(self) -> Iterator[FoundArticle]:
        for found in super().scan():
            yield found
            self.seen.append(self.shelf.paths())


def in_portions(shelf: Shelf) -> LibrarySync:
    return LibrarySync(shelf.library, shelf.splitter, clock=HastyClock())


def listened(shelf: Shelf) -> Listened:
    source = Listened(shelf.folder, shelf.source._reader)
    source.shelf, source.seen = shelf, []
    return source


def test_what_was_read_is_found_while_the_rest_is_read(shelf: Shelf) -> None:
    for name in "abc":
        shelf.write(f"{name}.md", f"Text of {name}.")
    source = listened(shelf)
    report = in_portions(shelf).run([source])
    assert source.seen == [["a.md"], ["a.md", "b.md"], ["a.md", "b.md", "c.md"]]
    assert counted(report.plan) == {"add": 3}
    assert (report.passages_written, report.failed) == (3, ())
    assert counted(shelf.plan()) == {"keep": 3}


def test_what_is_read_at_once_is_written_at_once(shelf: Shelf) -> None:
    for name in "abc":
        shelf.write(f"{name}.md", f"Text of {name}.")
    source = listened(shelf)
    LibrarySync(shelf.library, shelf.splitter, clock=lambda: 5.0).run([source])
    assert source.seen == [[], [], []]
    assert shelf.paths() == ["a.md", "b.md", "c.md"]


def test_a_run_that_is_stopped_keeps_what_it_has_written(shelf: Shelf) -> None:
    for name in "abc":
        shelf.write(f"{name}.md", f"Text of {name}.")

    def stop(step: Step, done: int, total: int) -> None:
        if step.path == "c.md":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_portions(shelf).run([shelf.source], on_step=stop)
    assert shelf.paths() == ["a.md", "b.md"]
    assert counted(shelf.sync().plan) == {"add": 1, "keep": 2}


def test_what_goes_goes_at_the_end_and_what_moved_is_not_embedded_again(shelf: Shelf) -> None:
    shelf.write("z.md", f"---\ntitle: Heron\n---\n{TEXT}")
    shelf.write("b.md", "Other text.")
    shelf.sync()
    embedded = shelf.embedder.embedded
    (shelf.folder / "z.md").rename(shelf.folder / "a.md")
    (shelf.folder / "b.md").unlink()
    shelf.write("c.md", "New text.")
    heard: list[str] = []
    report = in_portions(shelf).run(
        [shelf.source], on_step=lambda step, done, total: heard.append(f"{step.action} {step.path}")
    )
    assert heard == ["add a.md", "change z.md", "add c.md", "delete b.md", "delete z.md"]
    assert counted(report.plan) == {"add": 2, "delete": 2}
    assert shelf.paths() == ["a.md", "c.md"]
    assert shelf.embedder.embedded == embedded + 1
    assert shelf.library.search("Which banks ran the Heron model?", 1)[0].passage.article == "a.md"


def test_articles_of_sources_that_are_not_listed_go_in_a_run_too(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    shelf.sync()
    report = in_portions(shelf).run([], listed=set())
    assert counted(report.plan) == {"delete": 1}
    assert shelf.paths() == []


def test_a_portion_that_is_written_is_let_go_of(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    report = in_portions(shelf).run([shelf.source])
    assert [step.article for step in report.plan.steps] == [None]
