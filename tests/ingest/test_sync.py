"""Bringing a library up to date with its sources: what is planned, what is done, what is left alone."""

import os
from pathlib import Path

import pytest
from tiny_shelf import READER, Shelf, counted

from ingest import sync
from ingest.articles_aside import ArticlesAside
from ingest.folder_source import FolderSource
from ingest.sync import LibrarySync
from ingest.sync_plan import Step


def test_new_articles_are_added_and_found(shelf: Shelf) -> None:
    shelf.write("a.md", "# Harbour\n\nShips unload grain.")
    shelf.write("sub/b.txt", "Snow closes the mountain road.")
    report = shelf.sync()
    assert counted(report.plan) == {"add": 2}
    assert (report.failed, report.passages_written) == ((), 2)
    assert shelf.paths() == ["a.md", "sub/b.txt"]
    assert shelf.library.search("Which ships unload grain?", 1)[0].passage.article == "a.md"


def test_a_second_sync_embeds_and_writes_nothing(shelf: Shelf) -> None:
    for number in range(5):
        shelf.write(f"{number}.md", f"Text number {number}.")
    shelf.sync()
    embedded, before = shelf.embedder.embedded, shelf.library.articles()
    report = shelf.sync()
    assert counted(report.plan) == {"keep": 5}
    assert report.passages_written == 0
    assert shelf.embedder.embedded == embedded
    assert shelf.library.articles() == before


def test_only_what_changed_is_embedded_again(shelf: Shelf) -> None:
    shelf.write("a.md", "Old text.")
    shelf.write("b.md", "Other text.")
    shelf.sync()
    embedded = shelf.embedder.embedded
    shelf.write("a.md", "New text.")
    assert counted(shelf.sync().plan) == {"change": 1, "keep": 1}
    assert shelf.embedder.embedded == embedded + 1
    assert shelf.texts() == {"New text.", "Other text."}


def sections(*texts: str) -> str:
    return "\n\n".join(f"## Section {text}\n\n" + f"This part tells of {text}. " * 40 for text in texts)


def test_of_a_changed_article_only_the_changed_passages_are_embedded_again(shelf: Shelf) -> None:
    shelf.write("a.md", sections("ships", "grain", "snow", "roads"))
    passages = shelf.sync().passages_written
    assert shelf.embedder.embedded == passages > 4
    shelf.write("a.md", sections("ships", "grain and bread", "snow", "roads"))
    report = shelf.sync()
    assert report.passages_written == passages
    assert shelf.embedder.embedded - passages <= 2
    assert 0 < report.characters_embedded < 3000
    shelf.write("a.md", "---\nauthor: Ann\n---\n" + sections("ships", "grain and bread", "snow", "roads"))
    embedded = shelf.embedder.embedded
    assert counted(shelf.sync().plan) == {"change": 1}
    assert shelf.embedder.embedded == embedded


def test_a_renamed_article_and_a_reprint_that_takes_its_place_are_not_embedded_again(shelf: Shelf) -> None:
    text = "# A\n\n" + sections("ships", "grain")
    shelf.write("a.md", text)
    shelf.sync()
    embedded = shelf.embedder.embedded
    (shelf.folder / "a.md").rename(shelf.folder / "b.md")
    assert counted(shelf.sync().plan) == {"add": 1, "delete": 1}
    shelf.write("c.md", text)
    shelf.sync()
    (shelf.folder / "b.md").unlink()
    assert counted(shelf.sync().plan) == {"change": 1, "delete": 1}
    assert shelf.embedder.embedded == embedded
    assert shelf.paths() == ["c.md"]
    assert shelf.library.search("ships", 1)[0].passage.article == "c.md"


def test_a_touched_file_with_the_same_text_is_kept(shelf: Shelf) -> None:
    shelf.write("a.md", "# A\n\nText.")
    shelf.sync()
    shelf.write("a.md", "# A\n\n\n\nText.   \n")
    assert counted(shelf.plan()) == {"keep": 1}


@pytest.mark.parametrize(
    "head", ["title: Another", "date: 2025-01-01", "author: Ann", "url: https://x.example/"]
)
def test_a_change_of_the_metadata_alone_is_a_change(shelf: Shelf, head: str) -> None:
    shelf.write("a.md", "---\ntitle: T\n---\nText.")
    shelf.sync()
    shelf.write("a.md", f"---\ntitle: T\n{head}\n---\nText.")
    assert counted(shelf.sync().plan) == {"change": 1}
    assert counted(shelf.plan()) == {"keep": 1}


def test_a_deleted_file_is_taken_out(shelf: Shelf) -> None:
    shelf.write("a.md", "Ships unload grain.")
    shelf.write("b.md", "Snow falls.")
    shelf.sync()
    (shelf.folder / "a.md").unlink()
    assert counted(shelf.sync().plan) == {"delete": 1, "keep": 1}
    assert shelf.paths() == ["b.md"]
    assert [hit.passage.article for hit in shelf.library.search("ships grain", 5)] == ["b.md"]


def test_a_renamed_file_moves_its_article(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    shelf.sync()
    (shelf.folder / "a.md").rename(shelf.folder / "b.md")
    assert counted(shelf.sync().plan) == {"add": 1, "delete": 1}
    assert shelf.paths() == ["b.md"]
    assert shelf.library.store.count() == 1


def test_what_is_no_article_is_skipped_with_its_reason_and_the_rest_goes_in(shelf: Shelf) -> None:
    shelf.write("good.md", "Text.")
    shelf.write("empty.md", "")
    shelf.write("README.md", "About this folder.")
    (shelf.folder / "image.md").write_bytes(b"\x89PNG\x00\x00")
    os.symlink("/", shelf.folder / "root.md")
    report = shelf.sync()
    assert counted(report.plan) == {"add": 1, "skip": 3}
    whys = {step.path: step.why for step in report.plan.of("skip")}
    assert set(whys) == {"empty.md", "README.md", "image.md"}
    assert all(why and why.startswith(f"{path}: ") for path, why in whys.items())
    assert shelf.paths() == ["good.md"]


def test_an_article_that_cannot_be_read_any_more_stays_as_it_was(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    shelf.sync()
    (shelf.folder / "a.md").write_bytes(b"\x00\x01")
    assert counted(shelf.sync().plan) == {"skip": 1}
    assert shelf.texts() == {"Text."}


def test_articles_of_a_source_that_is_away_stay(shelf: Shelf, tmp_path: Path) -> None:
    shelf.write("a.md", "Text.")
    shelf.sync()
    shelf.folder.rename(tmp_path / "unplugged")
    report = shelf.sync()
    assert counted(report.plan) == {"skip": 1}
    assert "no such folder" in (report.plan.steps[0].why or "")
    assert shelf.paths() == ["a.md"]
    (tmp_path / "unplugged").rename(shelf.folder)
    assert counted(shelf.sync().plan) == {"keep": 1}


def test_articles_of_a_source_that_is_not_named_stay(shelf: Shelf, tmp_path: Path) -> None:
    other = FolderSource(tmp_path / "other", READER)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.md").write_text("Other text.")
    shelf.write("a.md", "Text.")
    shelf.sync(shelf.source, other)
    assert counted(shelf.sync(other).plan) == {"keep": 1}
    assert sorted(shelf.paths()) == ["a.md", "b.md"]


def test_the_same_path_in_two_sources_is_two_articles(shelf: Shelf, tmp_path: Path) -> None:
    other = FolderSource(tmp_path / "other", READER)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.md").write_text("Other text.")
    shelf.write("a.md", "Text.")
    assert counted(shelf.sync(shelf.source, other).plan) == {"add": 2}
    assert shelf.paths() == ["a.md", "a.md"]
    (shelf.folder / "a.md").unlink()
    assert counted(shelf.sync(shelf.source, other).plan) == {"delete": 1, "keep": 1}
    assert shelf.texts() == {"Other text."}


def test_the_same_text_in_two_files_is_two_articles(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    shelf.write("b.md", "Text.")
    assert shelf.sync().passages_written == 2
    (shelf.folder / "a.md").unlink()
    shelf.sync()
    assert shelf.library.search("Text.", 5)[0].passage.article == "b.md"


def test_a_source_that_is_named_twice_is_looked_at_once(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    again = FolderSource(shelf.folder / ".", READER)
    assert counted(shelf.plan(shelf.source, again)) == {"add": 1}


def test_planning_changes_nothing(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    assert counted(shelf.plan()) == counted(shelf.plan()) == {"add": 1}
    assert (shelf.paths(), shelf.embedder.embedded, shelf.library.store.state()) == ([], 0, {})


def test_an_article_whose_writing_fails_is_told_and_tried_again(shelf: Shelf) -> None:
    for name in ("a", "b", "c"):
        shelf.write(f"{name}.md", f"Text of {name}.")
    shelf.embedder.refuses = "Text of b"
    report = shelf.sync()
    assert [(step.path, step.why) for step in report.failed] == [("b.md", "the server is away; start it")]
    assert shelf.paths() == ["a.md", "c.md"]
    assert report.passages_written == 2
    shelf.embedder.refuses = None
    assert counted(shelf.sync().plan) == {"add": 1, "keep": 2}
    assert shelf.paths() == ["a.md", "b.md", "c.md"]


def test_a_change_whose_writing_fails_leaves_the_old_text(shelf: Shelf) -> None:
    shelf.write("a.md", "Old text.")
    shelf.sync()
    shelf.write("a.md", "New text.")
    shelf.embedder.refuses = "New"
    assert len(shelf.sync().failed) == 1
    assert shelf.texts() == {"Old text."}


def test_another_way_of_splitting_does_everything_anew(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write("a.md", "Text.")
    shelf.sync()
    monkeypatch.setattr(sync, "PIPELINE_VERSION", "next")
    assert counted(shelf.sync().plan) == {"change": 1}
    assert counted(shelf.plan()) == {"keep": 1}
    assert shelf.library.store.count() == 1


def test_a_killed_removal_does_not_make_an_article_look_kept(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write("a.md", "Text.")
    shelf.sync()
    (shelf.folder / "a.md").unlink()
    delete = shelf.client.delete

    def dies_at_the_record(collection: str, *arguments: object, **options: object) -> object:
        if collection.endswith("-articles"):
            raise KeyboardInterrupt
        return delete(collection, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(shelf.client, "delete", dies_at_the_record)
    with pytest.raises(KeyboardInterrupt):
        shelf.sync()
    monkeypatch.undo()
    shelf.write("a.md", "Text.")  # it is back before the next sync
    shelf.sync()
    assert shelf.texts() == {"Text."}
    assert shelf.library.search("Text.", 1)


def test_leftovers_of_a_killed_write_are_cleared_away(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    shelf.sync()
    for point in shelf.client.scroll("test-articles", limit=10)[0]:
        if (point.payload or {}).get("kind") != "state":
            shelf.client.delete("test-articles", [point.id])
    shelf.write("a.md", "Changed text.")
    shelf.sync()
    assert shelf.library.store.count() == 1
    assert shelf.texts() == {"Changed text."}


def test_each_change_is_announced_before_it_is_made(shelf: Shelf) -> None:
    shelf.write("a.md", "A.")
    shelf.write("b.md", "B.")
    shelf.sync()
    shelf.write("a.md", "A, changed.")
    (shelf.folder / "b.md").unlink()
    shelf.write("c.md", "C.")
    heard: list[tuple[str, str, int, int]] = []

    def listen(step: Step, done: int, total: int) -> None:
        heard.append((step.action, step.path, done, total))

    LibrarySync(shelf.library, shelf.splitter).carry_out(shelf.plan(), listen)
    assert heard == [("change", "a.md", 0, 3), ("add", "c.md", 1, 3), ("delete", "b.md", 2, 3)]


def test_the_time_of_the_last_sync_is_kept(shelf: Shelf) -> None:
    shelf.sync()
    assert shelf.library.store.state()["last_sync"]


def test_a_passage_that_is_stored_is_a_span_of_the_article_that_is_stored(shelf: Shelf) -> None:
    shelf.write(
        "a.md", "# Heading\n\n" + "The bank reads the licence once more. " * 60 + "\n\n- one\n- two\n"
    )
    shelf.sync()
    stored = shelf.library.find("a.md")
    assert stored is not None
    passages = shelf.library.store.passages(stored.article.key)
    assert len(passages) > 2
    assert [passage.id for passage in passages] == list(stored.passage_ids)
    for passage in passages:
        assert stored.article.text[passage.start : passage.end] == passage.text


def test_half_a_character_in_an_article_stops_no_sync(shelf: Shelf) -> None:
    shelf.write("a.md", '---\ntitle: "half \\ud800"\n---\nText &#xD800; here.')
    shelf.write("b.md", "Text.")
    assert counted(shelf.sync().plan) == {"add": 2}


def test_a_plan_that_is_put_aside_on_the_disk_is_carried_out_like_any_other(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.sync.ArticlesAside", lambda: ArticlesAside(characters=0))
    for number in range(4):
        shelf.write(f"{number}.md", f"# Text {number}\n\nThis is text number {number} of the shelf.")
    plan = shelf.plan()
    assert plan.characters > 100
    report = LibrarySync(shelf.library, shelf.splitter).carry_out(plan)
    assert (report.failed, report.passages_written) == ((), 4)
    assert counted(shelf.plan()) == {"keep": 4}
    (shelf.folder / "0.md").rename(shelf.folder / "4.md")
    assert counted(shelf.sync().plan) == {"add": 1, "delete": 1, "keep": 3}
    assert shelf.embedder.embedded == 4


def test_the_time_of_a_plan_counts_what_is_new_in_a_changed_article_and_no_reprint(shelf: Shelf) -> None:
    shelf.write("a.md", sections("ships", "grain", "snow", "roads"))
    syncer = LibrarySync(shelf.library, shelf.splitter)
    whole = syncer.seconds_for(shelf.plan())
    shelf.sync()
    assert syncer.seconds_for(shelf.plan()) == 0
    shelf.write("a.md", sections("ships", "grain and bread", "snow", "roads"))
    shelf.write("b.md", sections("ships", "grain and bread", "snow", "roads"))
    plan = shelf.plan()
    assert counted(plan) == {"add": 1, "change": 1}
    assert 0 < syncer.seconds_for(plan) < whole / 2
