import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_footnote import (
    ARTICLES,
    QUESTION,
    TinyWriter,
    install_models,
    set_up,
    wait_until,
    workshop,
    write_articles,
)

from assistant.errors import QuestionEmpty, QuestionTooLong
from assistant.models.catalogue import ModelEntry
from assistant.writer import CannedReading, Sources, Stopped, Task, Written
from index_store.errors import RunError, UsageError
from ingest.errors import SourceMissing
from ui.desk import SyncStep, SyncSummary
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.settings.in_force import load_settings
from ui.settings.settings import Settings
from ui.settings.source_places import STARTER
from ui.waiting_line import WaitingLine

pytestmark = [pytest.mark.whole, pytest.mark.usefixtures("tiny_catalogue")]


@pytest.fixture
def desk(home: Home) -> Iterator[LocalDesk]:
    install_models(home)
    set_up(home, sources=[])
    made = LocalDesk(workshop(home))
    yield made
    made.close()


def synced(desk: LocalDesk, *places: object, dry_run: bool = False) -> SyncSummary:
    return desk.sync([str(place) for place in places], dry_run=dry_run, on_step=lambda *_: None)


def counts(summary: SyncSummary) -> tuple[int, int, int, int]:
    return summary.added, summary.changed, summary.deleted, summary.kept


def test_a_named_folder_is_read_and_becomes_a_source(desk: LocalDesk, home: Home, articles: Path) -> None:
    summary = synced(desk, articles)
    assert counts(summary) == (2, 0, 0, 0)
    assert (summary.articles, summary.passages) == (2, 2)
    assert load_settings(home.settings_file).sources == (str(articles),)
    assert [row.path for row in desk.articles()] == ["heron.md", "stork.md"]
    assert counts(synced(desk)) == (0, 0, 0, 2)


def test_a_folder_named_again_in_other_words_is_the_same_source(
    desk: LocalDesk, home: Home, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(home, sources=["~/articles"])
    monkeypatch.setenv("HOME", str(articles.parent))
    monkeypatch.chdir(articles)
    for place in (".", articles, f"{articles}/", "~/articles"):
        synced(desk, place, place)
    assert load_settings(home.settings_file).sources == ("~/articles",)
    assert len(desk.articles()) == 2


def test_a_dry_run_changes_neither_library_nor_settings(desk: LocalDesk, home: Home, articles: Path) -> None:
    before = home.settings_file.read_bytes()
    summary = synced(desk, articles, dry_run=True)
    assert summary.dry_run
    assert summary.seconds is None
    assert counts(summary) == (2, 0, 0, 0)
    assert {step.path for step in summary.steps} == set(ARTICLES)
    assert (summary.articles, summary.passages) == (0, 0)
    assert desk.articles() == []
    assert home.settings_file.read_bytes() == before


def test_a_sync_follows_what_was_added_changed_and_deleted(desk: LocalDesk, articles: Path) -> None:
    synced(desk, articles)
    (articles / "heron.md").write_text("# Heron\n\nIt needs 24 GB now.\n", encoding="utf-8")
    (articles / "stork.md").unlink()
    (articles / "crane.md").write_text("# Crane\n\nA third bird.\n", encoding="utf-8")
    steps: list[tuple[SyncStep, int, int]] = []
    summary = desk.sync((), dry_run=False, on_step=lambda *told: steps.append(told))
    assert counts(summary) == (1, 1, 1, 0)
    assert {(step.action, step.path) for step, _, _ in steps} == {
        ("add", "crane.md"),
        ("change", "heron.md"),
        ("delete", "stork.md"),
    }
    assert [(done, total) for _, done, total in steps] == [(0, 3), (1, 3), (2, 3)]
    found = desk.search("heron memory", 10)
    assert "24 GB" in found[0].passage.text
    assert not any("12 GB" in hit.passage.text for hit in found)
    assert not any(hit.passage.article == "stork.md" for hit in found)


def test_the_articles_of_a_source_that_is_no_longer_listed_go(
    desk: LocalDesk, home: Home, articles: Path, tmp_path: Path
) -> None:
    other = write_articles(tmp_path / "other", {"crane.md": "# Crane\n\nA third bird.\n"})
    synced(desk, articles, other)
    set_up(home, sources=[str(other)])
    assert counts(synced(desk)) == (0, 0, 2, 1)
    assert [row.path for row in desk.articles()] == ["crane.md"]


def test_the_articles_of_a_source_that_is_away_stay(desk: LocalDesk, articles: Path) -> None:
    synced(desk, articles)
    articles.rename(articles.with_name("away"))
    summary = synced(desk)
    assert counts(summary) == (0, 0, 0, 0)
    assert [step.source for step in summary.skipped] == [str(articles)]
    assert summary.articles == 2


def test_a_wrong_place_among_right_ones_changes_nothing(desk: LocalDesk, home: Home, articles: Path) -> None:
    with pytest.raises(UsageError, match="'/nowhere'"):
        synced(desk, articles, "/nowhere")
    assert load_settings(home.settings_file).sources == ()
    assert desk.articles() == []


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(desk: LocalDesk, articles: Path) -> None:
    (articles / "empty.md").write_bytes(b"")
    (articles / "binary.txt").write_bytes(b"\x00\x01\x02" * 50)
    write_articles(articles, {"[/bold] brackets.md": "# Ünïcödé 鳥\n\nText.\n"})
    summary = synced(desk, articles)
    assert summary.added == 3
    assert {step.path for step in summary.skipped} == {"empty.md", "binary.txt"}
    assert all(step.why for step in summary.skipped)


def test_the_starter_library_is_synced_by_its_name(desk: LocalDesk, home: Home) -> None:
    summary = synced(desk, STARTER)
    assert summary.added >= 10
    assert load_settings(home.settings_file).sources == (STARTER,)
    assert {row.source for row in desk.articles()} == {STARTER}


def test_an_article_is_found_by_its_path_the_end_of_it_or_its_key(desk: LocalDesk, tmp_path: Path) -> None:
    folder = write_articles(
        tmp_path / "deep", {"a/heron.md": ARTICLES["heron.md"], "heron.md": ARTICLES["stork.md"]}
    )
    synced(desk, folder)
    exact = desk.article("heron.md")
    assert exact is not None
    assert exact.stored.article.title == "The Stork model"
    for name in ("a/heron.md", f"{folder}\na/heron.md"):
        view = desk.article(name)
        assert view is not None
        assert view.stored.article.path == "a/heron.md"
        assert view.passages
        text = view.stored.article.text
        assert all(one.text == text[one.start : one.end] for one in view.passages)
    for nothing in ("eron.md", "", "/", "a"):
        assert desk.article(nothing) is None


def test_a_path_that_several_sources_hold_is_not_guessed_at(desk: LocalDesk, tmp_path: Path) -> None:
    one, other = (write_articles(tmp_path / name) for name in ("one", "other"))
    synced(desk, one, other, one / "heron.md")
    with pytest.raises(UsageError) as caught:
        desk.article("heron.md")
    for name in (f"{one}/heron.md", f"{other}/heron.md"):
        assert name in str(caught.value)
    assert f"footnote articles {one}/heron.md" in str(caught.value)
    view = desk.article(f"{other}/stork.md")
    assert view is not None
    assert view.stored.article.source == str(other)


def test_an_end_that_several_articles_share_is_not_guessed_at(desk: LocalDesk, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "deep", {f"{name}/heron.md": ARTICLES["heron.md"] for name in "ab"})
    synced(desk, folder)
    with pytest.raises(UsageError, match=r"a/heron\.md, .*b/heron\.md"):
        desk.article("heron.md")


def test_a_single_file_is_named_by_its_own_path(desk: LocalDesk, tmp_path: Path) -> None:
    one, other = (write_articles(tmp_path / name) for name in ("one", "other"))
    synced(desk, one / "heron.md", other)
    with pytest.raises(UsageError) as caught:
        desk.article("heron.md")
    assert f": {one}/heron.md, {other}/heron.md;" in str(caught.value)
    view = desk.article(f"{one}/heron.md")
    assert view is not None
    assert view.stored.article.source == str(one / "heron.md")


def test_an_answer_is_cited_from_the_library(desk: LocalDesk, articles: Path) -> None:
    synced(desk, articles)
    answer = desk.ask(QUESTION)
    assert answer.status == "answered"
    assert [citation.article for citation in answer.citations] == ["heron.md"]
    assert answer.citations[0].quote == "The Heron model needs 12 GB of memory."
    assert answer.model.id == "qwen2.5-coder-1.5b"


def test_an_empty_library_answers_nothing(desk: LocalDesk) -> None:
    with pytest.raises(RunError, match="the library is empty"):
        desk.ask(QUESTION)
    assert desk.search(QUESTION, 10) == []


@pytest.mark.parametrize("question", ["", "  \n\t "])
def test_an_empty_question_is_refused(desk: LocalDesk, question: str) -> None:
    with pytest.raises(QuestionEmpty):
        desk.ask(question)
    with pytest.raises(QuestionEmpty):
        desk.search(question, 5)


def test_a_question_of_20_000_characters_is_refused_with_its_length(desk: LocalDesk) -> None:
    for refused in (desk.ask, lambda question: desk.search(question, 5)):
        with pytest.raises(QuestionTooLong, match=r"20,000 characters; shorten it to 4,000"):
            refused("x" * 20_000)


def test_a_search_takes_any_question(desk: LocalDesk, articles: Path) -> None:
    synced(desk, articles)
    for question in ("x" * 4_000, "鳥 🐦 \u202e", "'; DROP TABLE", "\0", "…"):
        assert len(desk.search(question, 10)) <= 2
    assert len(desk.search("model", 1)) == 1


def test_a_rebuild_reads_everything_anew(desk: LocalDesk, articles: Path) -> None:
    synced(desk, articles)
    summary = desk.rebuild(on_step=lambda *_: None)
    assert counts(summary) == (2, 0, 0, 0)
    assert (summary.articles, summary.passages) == (2, 2)


def test_a_rebuild_deletes_nothing_while_a_source_is_away(desk: LocalDesk, articles: Path) -> None:
    synced(desk, articles)
    articles.rename(articles.with_name("away"))
    with pytest.raises(SourceMissing, match="no such folder"):
        desk.rebuild(on_step=lambda *_: None)
    assert len(desk.articles()) == 2


def test_a_rebuild_deletes_nothing_while_the_drive_of_a_source_is_away(
    desk: LocalDesk, articles: Path
) -> None:
    synced(desk, articles)
    articles.rename(articles.with_name("away"))
    articles.mkdir()
    with pytest.raises(RunError, match="is its drive away"):
        desk.rebuild(on_step=lambda *_: None)
    assert len(desk.articles()) == 2


def test_syncs_take_turns(desk: LocalDesk, articles: Path, tmp_path: Path) -> None:
    other = write_articles(tmp_path / "other", {"crane.md": "# Crane\n\nA third bird.\n"})
    inside, release = threading.Event(), threading.Event()

    def slow(*_: object) -> None:
        inside.set()
        release.wait(60)

    first = threading.Thread(target=lambda: desk.sync([str(articles)], dry_run=False, on_step=slow))
    second_done = threading.Event()
    waits: list[str] = []

    def run_second() -> None:
        desk.sync([str(other)], dry_run=False, on_step=lambda *_: None, on_wait=waits.append)
        second_done.set()

    second = threading.Thread(target=run_second)
    first.start()
    assert inside.wait(60)
    second.start()
    wait_until(lambda: waits)
    assert not second_done.wait(0.2)
    assert waits == ["another sync is running: waiting for it to end"]
    release.set()
    first.join()
    second.join()
    assert len(desk.articles()) == 3


def test_closing_ends_a_sync_before_its_next_article(desk: LocalDesk, articles: Path, home: Home) -> None:
    inside, release = threading.Event(), threading.Event()
    ended: list[Exception] = []

    def slow(*_: object) -> None:
        inside.set()
        release.wait(60)

    def run() -> None:
        try:
            desk.sync([str(articles)], dry_run=False, on_step=slow)
        except RunError as error:
            ended.append(error)

    sync = threading.Thread(target=run)
    sync.start()
    assert inside.wait(60)
    closing = threading.Thread(target=desk.close)
    closing.start()
    wait_until(lambda: desk.is_closing)
    release.set()
    closing.join()
    sync.join()
    assert "closed" in str(ended[0])
    again = LocalDesk(workshop(home))
    assert [row.path for row in again.articles()] == ["heron.md"]
    assert again.search("Heron memory", 5)[0].passage.article == "heron.md"
    again.close()


class EndlessWriter(TinyWriter):
    """Writes until it is stopped."""

    def read(self, sources: Sources, *, stopped: Stopped) -> CannedReading:
        return EndlessReading(sources, self)


class EndlessReading(CannedReading):
    """What it reads makes it go on and on."""

    begun = threading.Event()

    def write(self, task: Task, *, max_tokens: int, stopped: Stopped) -> Iterator[Written]:
        number = 0
        while not stopped():
            self.begun.set()
            number += 1
            threading.Event().wait(0.005)
            yield Written(f"Word {number} of it. ", 1, number)


def endless(entry: ModelEntry, file: Path, settings: Settings) -> TinyWriter:
    return EndlessWriter(entry)


def test_closing_ends_an_answer_that_is_being_written(home: Home, articles: Path) -> None:
    install_models(home)
    set_up(home, sources=[str(articles)])
    made = workshop(home, make_writer=endless)
    desk = LocalDesk(made)
    synced(desk)
    outcome: list[BaseException | str] = []

    def ask() -> None:
        try:
            outcome.append(desk.ask(QUESTION).text)
        except RunError as error:
            outcome.append(error)

    asking = threading.Thread(target=ask)
    EndlessReading.begun.clear()
    asking.start()
    assert EndlessReading.begun.wait(60)
    desk.close()
    wait_until(lambda: outcome)
    asking.join()
    assert isinstance(outcome[0], RunError)
    assert "the serving process ended" in str(outcome[0])
    assert "repeat the command" in str(outcome[0])


def test_whoever_gave_a_question_up_ends_its_answer_and_its_wait(home: Home, articles: Path) -> None:
    install_models(home)
    set_up(home, sources=[str(articles)])
    line = WaitingLine(at_once=1)
    desk = LocalDesk(workshop(home, make_writer=endless), line=line)
    synced(desk)
    stop = [threading.Event(), threading.Event()]
    outcome: dict[int, str] = {}

    def ask(number: int) -> None:
        try:
            outcome[number] = desk.ask(QUESTION, stopped=stop[number].is_set).text
        except RunError as error:
            outcome[number] = str(error)

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(2)]
    EndlessReading.begun.clear()
    asking[0].start()
    assert EndlessReading.begun.wait(60)
    asking[1].start()
    wait_until(lambda: line.figures.waiting == 1)
    for number in (1, 0):
        stop[number].set()
        asking[number].join(60)
    assert "wants no answer" in outcome[0]
    assert outcome[1] == outcome[0]
    assert (line.figures.waiting, line.figures.answered) == (0, 0)
    desk.close()


def test_the_sources_of_the_user_are_left_alone_by_a_folder_of_its_own(
    home: Home, articles: Path, tmp_path: Path
) -> None:
    install_models(home)
    set_up(home, sources=[])
    for expected in ((2, 0, 0, 0), (0, 0, 0, 2)):  # the second time nothing is embedded again
        desk = LocalDesk(workshop(home, folder=articles))
        assert counts(synced(desk)) == expected
        desk.close()
    assert tomllib.loads(home.settings_file.read_text()) == {"sources": []}
    own = LocalDesk(workshop(home))
    assert own.articles() == []
    own.close()


def test_a_sync_of_one_source_leaves_the_articles_of_the_others_alone(
    desk: LocalDesk, home: Home, articles: Path, tmp_path: Path
) -> None:
    other, gone = tmp_path / "other", tmp_path / "gone"
    for folder in (other, gone):
        folder.mkdir()
        (folder / f"{folder.name}.md").write_text(f"The {folder.name} marsh is wide.")
    synced(desk, articles, other, gone)
    (articles / "heron.md").unlink()
    (other / "other.md").unlink()
    set_up(home, sources=[str(articles), str(other)])
    summary = desk.sync_sources([other.as_posix()], on_step=lambda *_: None)
    assert summary.sources == (other.as_posix(),)
    # What belongs to no source any more goes with any sync.
    assert counts(summary) == (0, 0, 2, 0)
    assert [row.path for row in desk.articles()] == ["heron.md", "stork.md"]
    whole = synced(desk)
    assert whole.sources == (articles.as_posix(), other.as_posix())
    assert [row.path for row in desk.articles()] == ["stork.md"]
