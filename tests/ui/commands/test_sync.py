import re
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_footnote import (
    Ran,
    leaves_when_waited_for,
    serving,
    set_up,
    wait_until,
    workshop,
    write_articles,
)

from index_store.errors import LibraryUnreachable
from index_store.library import Library
from ui.desk import SyncSummary
from ui.home import Home
from ui.library.sync_runs import SyncRuns
from ui.local_desk import LocalDesk

pytestmark = pytest.mark.whole

Footnote = Callable[..., Ran]


def sources(home: Home) -> list[str]:
    listed: list[str] = tomllib.loads(home.settings_file.read_text())["sources"]
    return listed


def test_a_named_folder_is_read_and_remembered(footnote: Footnote, home: Home, articles: Path) -> None:
    ran = footnote("sync", articles, "--json")
    assert ran.code == 0
    summary = ran.document
    counts = ("added", "changed", "deleted", "kept", "articles", "passages")
    assert [summary[name] for name in counts] == [2, 0, 0, 0, 2, 2]
    assert summary["dry_run"] is False
    assert summary["seconds"] > 0
    assert sources(home) == [str(articles)]
    again = footnote("sync", "--json").document
    assert [again[name] for name in counts] == [0, 0, 0, 2, 2, 2]


def test_people_see_one_line(footnote: Footnote, articles: Path) -> None:
    ran = footnote("sync", articles)
    assert ran.out.startswith("2 added, 0 changed, 0 deleted, 0 unchanged, 0 skipped in ")
    assert ran.out.endswith(": 2 articles, 2 passages in the library\n")


def test_a_named_folder_without_articles_is_told(footnote: Footnote, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = footnote("sync", articles, tmp_path / "empty")
    assert ran.code == 0
    assert f"warning: source {str(tmp_path / 'empty')!r} holds no article (.docx, " in ran.err
    assert str(articles) not in ran.err
    assert "warning" not in footnote("sync", articles).err


def test_a_dry_run_says_what_would_be_done(footnote: Footnote, home: Home, articles: Path) -> None:
    (articles / "empty.md").write_text("")
    ran = footnote("sync", articles, "--dry-run")
    *steps, outcome = ran.out.splitlines()
    assert steps == [
        "add     heron.md",
        "add     stork.md",
        "skipped: empty.md: the file is empty; add some text, or leave it out",
    ]
    counts, _, time = outcome.partition(" It would take ")
    assert counts == (
        "A sync would give: 2 added, 0 changed, 0 deleted, 0 unchanged, 1 skipped. Nothing was changed."
    )
    assert re.fullmatch(r"less than a second\.|about \d+ s\.", time)
    document = footnote("sync", articles, "--dry-run", "--json").document
    assert document["dry_run"] is True
    assert document["seconds"] is None
    assert sources(home) == []
    assert footnote("articles", "--json").document == {"articles": []}


def test_several_places_and_single_files_are_taken(footnote: Footnote, home: Home, articles: Path) -> None:
    other = write_articles(articles.parent / "other", {"crane.md": "# Crane\n\nA third bird.\n"})
    ran = footnote("sync", articles / "heron.md", other, "--json")
    assert ran.document["added"] == 2
    assert sources(home) == [str(articles / "heron.md"), str(other)]


def test_a_dry_run_over_several_folders_names_each(footnote: Footnote, articles: Path) -> None:
    other = write_articles(articles.parent / "other")
    lines = footnote("sync", articles, other / "heron.md", "--dry-run").out.splitlines()
    assert lines[:3] == [f"add     {name}" for name in (
        f"{articles}/heron.md", f"{articles}/stork.md", f"{other}/heron.md",
    )]  # fmt: skip


@pytest.mark.parametrize("place", ["nowhere", "", "ftp://a.example/post"])
def test_a_place_that_cannot_be_read_is_wrong_usage(
    footnote: Footnote, home: Home, articles: Path, place: str
) -> None:
    ran = footnote("sync", articles, place)
    assert (ran.code, ran.out) == (2, "")
    assert repr(place) in ran.error
    assert sources(home) == []


@pytest.mark.parametrize("words", [("--dry-run",), ("somewhere",)])
def test_a_rebuild_stands_alone(footnote: Footnote, words: tuple[str, ...]) -> None:
    ran = footnote("sync", "--rebuild", *words)
    assert ran.code == 2
    assert "--rebuild" in ran.error


def test_a_rebuild_reads_everything_anew(footnote: Footnote, articles: Path) -> None:
    footnote("sync", articles)
    document = footnote("sync", "--rebuild", "--json").document
    assert (document["added"], document["kept"], document["articles"]) == (2, 0, 2)


def test_a_rebuild_with_a_source_away_is_refused(footnote: Footnote, articles: Path) -> None:
    footnote("sync", articles)
    articles.rename(articles.with_name("away"))
    ran = footnote("sync", "--rebuild")
    assert ran.code == 2
    assert str(articles) in ran.error
    assert len(footnote("articles", "--json").document["articles"]) == 2


def test_an_article_that_cannot_be_written_makes_it_a_failure(
    footnote: Footnote, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LibraryUnreachable("the disk is full; make room")

    with monkeypatch.context() as patch:
        patch.setattr(Library, "put", broken)
        ran = footnote("sync", articles, "--json")
    assert ran.code == 1
    assert ran.document["failed"][0]["why"] == "the disk is full; make room"
    assert "articles that could not be written: 2; the first: the disk is full" in ran.error
    assert footnote("sync", "--json").document["added"] == 2


def test_names_with_brackets_and_odd_letters_are_told_as_they_are(footnote: Footnote, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "odd", {"[/bold] 鳥.md": "# A\n\nText.\n", "[x.txt": "Some text.\n"})
    ran = footnote("sync", folder)
    assert ran.code == 0
    assert "add [/bold] 鳥.md" in ran.err
    (folder / "[x.txt").write_bytes(b"")
    assert "[x.txt: the file is empty" in footnote("sync", "--dry-run").out


def test_it_is_handed_over_to_a_serving_process(
    footnote: Footnote, home: Home, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(articles.parent)
    desk = LocalDesk(workshop(home))
    with serving(home, desk):
        assert desk.articles() == []
        planned = footnote("sync", "articles", "--dry-run", "--json")
        ran = footnote("sync", "articles", "--json")
        wrong = footnote("sync", "nowhere")
        rebuilt = footnote("sync", "--rebuild")
        assert len(desk.articles()) == 2
    desk.close()
    assert planned.document["added"] == 2
    assert ran.document["added"] == 2
    assert "asking the serving process" in ran.err
    assert "reading the sources: 50 % (add stork.md)" in ran.err
    assert sources(home) == [str(articles)]
    assert (wrong.code, wrong.out) == (2, "")
    assert rebuilt.code == 2
    assert "stop the serving process" in rebuilt.error


def test_a_library_that_another_process_reads_is_told_before_anything_large_is_loaded(
    footnote: Footnote, home: Home, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    footnote("sync", articles)
    holder = workshop(home)
    assert len(holder.library.articles()) == 2
    leaves_when_waited_for(holder, monkeypatch)
    ran = footnote("sync")
    assert ran.code == 0
    waits = [line for line in ran.err.splitlines() if "in use" in line]
    assert waits == [f"library {home.user_library} is in use by another process: waiting up to 60 s"]


def test_a_serving_process_takes_up_sources_written_since_it_started(
    footnote: Footnote, home: Home, articles: Path
) -> None:
    desk = LocalDesk(workshop(home))
    with serving(home, desk):
        set_up(home, sources=[str(articles)])
        assert footnote("sync", "--json").document["added"] == 2
    desk.close()


def test_two_syncs_at_once_both_end_well(footnote: Footnote, home: Home, articles: Path) -> None:
    desk = LocalDesk(workshop(home))
    other = write_articles(articles.parent / "other", {"crane.md": "# Crane\n\nA third bird.\n"})
    summaries: list[SyncSummary] = []
    with serving(home, desk):
        beside = threading.Thread(
            target=lambda: summaries.append(desk.sync([str(other)], dry_run=False, on_step=lambda *_: None))
        )
        beside.start()
        ran = footnote("sync", articles, "--json")
        beside.join()
        wait_until(lambda: summaries)
        assert len(desk.articles()) == 3
    desk.close()
    assert ran.code == 0
    assert set(sources(home)) == {str(articles), str(other)}


def test_a_sync_by_command_is_kept_among_the_runs(footnote: Footnote, home: Home, articles: Path) -> None:
    footnote("sync", articles, "--dry-run")
    footnote("sync", articles)
    (run,) = SyncRuns(home.sync_runs).listed()
    assert (run.why, run.added, run.completed) == ("command", 2, True)
