import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chat_samples import HOSTILE, tags, visible_text
from desk_of_syncs import NOON, skip

from index_store.passage_store import ArticleSummary
from ui.desk import SyncStep
from ui.library.article_rows import ArticleRow, article_rows, reason
from ui.library.article_table import source_options, table_html
from ui.library.library_sources import ListedSource
from ui.library.sync_runs import SyncRun

BEGAN = NOON.isoformat()


def summary(path: str, source: str, **changes: object) -> ArticleSummary:
    return ArticleSummary(
        f"{source}\n{path}", source, path, path.title(), "Marsh Press", "2026-03-01", "0", "1", 4, BEGAN
    )


def run(*left_out: object) -> SyncRun:
    return SyncRun("page", BEGAN, BEGAN, left_out=tuple(left_out))  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("kept.md", "changed.md"):
        (tmp_path / name).write_text("text")
        os.utime(tmp_path / name, (NOON.timestamp() - 60,) * 2)
    return tmp_path


def rows(folder: Path, *names: str, runs: tuple[SyncRun, ...] = (), **rest: object) -> dict[str, ArticleRow]:
    source = ListedSource(str(folder), str(folder), "Notes", "folder", folder)
    made = article_rows(
        [summary(name, str(folder)) for name in names],
        [source],
        runs,
        uploads=Path("/uploads"),
        **rest,  # type: ignore[arg-type]
    )
    return {row.path: row for row in made}


def test_an_article_is_in_the_library_with_what_is_known_of_it(folder: Path) -> None:
    row = rows(folder, "kept.md", runs=(run(),))["kept.md"]
    assert (row.state, row.title, row.source_name) == ("in", "Kept.Md", "Notes")
    assert (row.passages, row.held, row.publisher, row.published) == (4, True, "Marsh Press", "2026-03-01")


def test_a_reprint_names_the_article_that_is_searched_in_its_place(folder: Path) -> None:
    first, again = summary("kept.md", str(folder)), summary("changed.md", str(folder))
    source = ListedSource(str(folder), str(folder), "Notes", "folder", folder)
    reprint = replace(again, duplicate_of=first.key, passages=0)
    made = article_rows([first, reprint], [source], (run(),), uploads=Path("/uploads"))
    assert [(row.state, row.why) for row in made] == [("in", None), ("same", "Kept.Md")]
    assert "same text as: Kept.Md" in visible_text(table_html(made, NOON))


def test_a_file_that_changed_after_the_last_sync_is_told(folder: Path) -> None:
    os.utime(folder / "changed.md", (NOON.timestamp() + 90,) * 2)
    found = rows(folder, "kept.md", "changed.md", "gone.md", runs=(run(),))
    assert {path: row.state for path, row in found.items()} == {
        "kept.md": "in",
        "changed.md": "changed",
        "gone.md": "removed",
    }
    assert found["changed.md"].since == datetime(2026, 3, 5, 12, 1, 30, tzinfo=UTC)


def test_a_folder_that_is_away_says_nothing_about_its_articles(folder: Path) -> None:
    found = rows(folder / "away", "kept.md", runs=(run(),))
    assert found["kept.md"].state == "in"


def test_what_the_last_sync_left_out_is_a_row_with_the_reason(folder: Path) -> None:
    left_out = (skip("bad.txt", source=str(folder)), skip("kept.md", "it is locked", source=str(folder)))
    away = skip("", "no such folder", source=str(folder))
    found = rows(folder, "kept.md", runs=(run(*left_out, away), run(skip("old.txt", source=str(folder)))))
    assert set(found) == {"kept.md", "bad.txt"}
    assert (found["bad.txt"].held, found["bad.txt"].why) == (False, "binary data")
    assert (found["kept.md"].state, found["kept.md"].why, found["kept.md"].held) == (
        "skipped",
        "it is locked",
        True,
    )


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("a.pdf", "a.pdf: it is locked"),
        ("", "https://x.example/feed: it is locked"),
        ("", "source https://x.example/feed: it is locked"),
        ("https://x.example/a", "https://x.example/a: it is locked"),
        ("a.pdf", "it is locked"),
    ],
)
def test_a_reason_does_not_say_the_name_again_that_stands_beside_it(path: str, why: str) -> None:
    assert reason(SyncStep("skip", "https://x.example/feed", path, why)) == "it is locked"


def test_a_run_that_did_not_end_tells_nothing_of_the_articles(folder: Path) -> None:
    broken_off = SyncRun("page", BEGAN, BEGAN, completed=False)
    found = rows(folder, "kept.md", runs=(broken_off, run(skip("bad.txt", source=str(folder)))))
    assert found["bad.txt"].state == "skipped"


def test_articles_of_a_source_that_is_listed_no_more_leave(folder: Path) -> None:
    made = article_rows(
        [summary("a.md", "/srv/letters")], [], (run(skip("b.md", source="/srv/letters")),), uploads=folder
    )
    assert [(row.path, row.state, row.source_name) for row in made] == [("a.md", "leaving", "letters")]


def test_uploads_can_be_deleted_and_wait_for_the_sync_that_reads_them(folder: Path) -> None:
    own = ListedSource(str(folder), str(folder), "Uploads", "files", folder)
    bad = skip("bad.md", source=str(folder))
    made = article_rows(
        [summary("kept.md", str(folder))],
        [own],
        (run(bad),),
        uploads=folder,
        uploaded=["bad.md", "kept.md", "new.md"],
    )
    assert [(row.path, row.state, row.upload) for row in made] == [
        ("kept.md", "in", "kept.md"),
        ("bad.md", "skipped", "bad.md"),
        ("new.md", "waiting", "new.md"),
    ]


def test_uploads_wait_also_where_their_folder_is_no_source_yet() -> None:
    made = article_rows([], [], (), uploads=Path("/uploads"), uploaded=["new.md"])
    assert [(row.source, row.state) for row in made] == [("/uploads", "waiting")]


def test_the_table_is_one_with_heads_that_sort_and_links_that_lead_to_the_article() -> None:
    html = table_html(
        [
            ArticleRow("/a b", "Notes", "x&y.md", "Of x & y", publisher="P", published="2026-03", passages=4),
            ArticleRow("/a b", "Notes", "bad.txt", "bad.txt", "skipped", held=False, why="binary"),
            ArticleRow("/a b", "Notes", "c.md", "C", "changed", since=NOON),
        ],
        NOON,
    )
    heads = [a for name, a in tags(html) if name == "th"]
    assert len(heads) == 7
    assert [a.get("aria-sort") for a in heads[:6]] == ["none"] * 6
    assert all(a["scope"] == "col" for a in heads)
    links = [a["href"] for name, a in tags(html) if name == "a"]
    assert links[0] == "/library/article?source=%2Fa+b&path=x%26y.md"
    assert len(links) == 2
    shown = visible_text(html)
    assert "skipped: binary" in shown
    assert "changed since 12:00" in shown
    assert "4 passages" in shown


def test_every_filter_has_a_label() -> None:
    found = tags(table_html([], NOON))
    fields = [a["id"] for name, a in found if name in ("input", "select")]
    assert len(fields) == 8
    assert fields == [a["for"] for name, a in found if name == "label"]


def test_the_choice_of_sources_has_each_once_by_name() -> None:
    made = [ArticleRow(id, name, "p", "t") for id, name in (("2", "beta"), ("1", "Alpha"), ("2", "beta"))]
    assert [a["value"] for name, a in tags(source_options(made)) if name == "option"] == ["", "1", "2"]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_an_article_becomes_markup(text: str) -> None:
    row = ArticleRow(text, text, text, text, "skipped", text, text, 1, True, None, text, text)
    html = table_html([row], NOON)
    allowed = (
        "form div label input select option p table caption thead tr th button span tbody template td a"
        " time svg path bdi"
    )
    assert {name for name, _ in tags(html)} <= set(allowed.split())
    assert not any(name.startswith("on") for _, attributes in tags(html) for name in attributes)


def test_what_one_source_left_out_stands_until_that_source_is_looked_at_again(folder: Path) -> None:
    own = replace(run(skip("kept.md", "binary data", str(folder))), sources=(str(folder),))
    other = replace(run(), sources=("https://news.example/feed",))
    assert rows(folder, "kept.md", runs=(other, own))["kept.md"].state == "skipped"
    again = replace(run(), sources=(str(folder),))
    assert rows(folder, "kept.md", runs=(again, other, own))["kept.md"].state == "in"
