"""A text that several sources hold is searched once, and nothing of it is lost when one of them goes."""

import random
from pathlib import Path

import pytest
from test_same_article import TEXT
from tiny_shelf import Shelf, counted

from index_store.errors import LibraryUnreachable
from index_store.passage_store import Origin

OTHER_FIGURE = TEXT.replace("12 GB", "16 GB")


def page(text: str = TEXT, **facts: str) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in facts.items())
    return f"---\ntitle: The Heron model\n{head}---\n{text}"


def kept(shelf: Shelf) -> list[str]:
    """The articles that are searched."""
    return [row.path for row in shelf.library.articles() if row.passages]


def found(shelf: Shelf) -> set[str]:
    return {hit.passage.article for hit in shelf.library.search("Which banks ran the Heron model?", 50)}


def origins(shelf: Shelf, path: str) -> list[str]:
    return [origin.article for origin in shelf.library.origins(f"{shelf.source.id}\n{path}")]


def test_a_reprint_is_listed_but_neither_embedded_nor_found_twice(shelf: Shelf) -> None:
    shelf.write("a.md", page())
    passages = shelf.sync().passages_written
    shelf.write("b.md", page(TEXT.replace("licence", "license"), publisher="The Other"))
    report = shelf.sync()
    assert counted(report.plan) == {"add": 1, "keep": 1}
    assert (report.passages_written, shelf.embedder.embedded) == (0, passages)
    assert shelf.paths() == ["a.md", "b.md"]
    assert (kept(shelf), found(shelf)) == (["a.md"], {"a.md"})
    assert counted(shelf.plan()) == {"keep": 2}


def test_the_kept_one_tells_where_else_it_was_published(shelf: Shelf) -> None:
    shelf.write("a.md", page())
    shelf.sync()
    assert origins(shelf, "a.md") == []
    shelf.write("c.md", page())
    shelf.write("b.md", page(publisher="The Other", url="https://other.example/heron"))
    shelf.sync()
    key = f"{shelf.source.id}\nb.md"
    assert shelf.library.origins(key) == (
        Origin("a.md", "The Heron model", None, None, None),
        Origin("c.md", "The Heron model", None, None, None),
    )
    assert shelf.library.origins(f"{shelf.source.id}\na.md") == ()


def test_a_text_with_another_figure_stays_an_article_of_its_own(shelf: Shelf) -> None:
    shelf.write("a.md", page())
    shelf.write("b.md", page(OTHER_FIGURE))
    shelf.sync()
    assert kept(shelf) == ["a.md", "b.md"]
    assert any("16 GB" in text for text in shelf.texts())


@pytest.mark.parametrize(
    ("facts", "best"),
    [
        ([{}, {"date": "2026-03-05"}, {"date": "2026-03-04"}], 2),
        ([{"date": "2026-03-04"}, {"date": "2026-03-04", "url": "https://x.example/"}, {}], 1),
        ([{}, {"url": "https://x.example/"}, {}], 1),
        ([{}, {}, {}], 0),
    ],
)
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_first_published_is_kept_in_whatever_order_they_come(
    shelf: Shelf, facts: list[dict[str, str]], best: int, order: tuple[int, ...]
) -> None:
    for number in order:
        shelf.write(f"{number}.md", page(**facts[number]))
        shelf.sync()
    assert kept(shelf) == [f"{best}.md"]
    assert counted(shelf.plan()) == {"keep": 3}


def test_when_the_kept_one_goes_another_takes_its_place_in_the_same_sync(shelf: Shelf) -> None:
    for name in "abc":
        shelf.write(f"{name}.md", page())
    shelf.sync()
    assert origins(shelf, "a.md") == ["b.md", "c.md"]
    (shelf.folder / "a.md").unlink()
    assert counted(shelf.sync().plan) == {"change": 2, "delete": 1}
    assert (kept(shelf), found(shelf), origins(shelf, "b.md")) == (["b.md"], {"b.md"}, ["c.md"])


def test_when_the_kept_one_changes_another_takes_its_place_in_the_same_sync(shelf: Shelf) -> None:
    for name in "abc":
        shelf.write(f"{name}.md", page())
    shelf.sync()
    shelf.write("a.md", page(OTHER_FIGURE))
    shelf.sync()
    assert kept(shelf) == ["a.md", "b.md"]
    assert (origins(shelf, "a.md"), origins(shelf, "b.md")) == ([], ["c.md"])


def test_a_reprint_that_changes_becomes_an_article_of_its_own(shelf: Shelf) -> None:
    for name in "ab":
        shelf.write(f"{name}.md", page())
    shelf.sync()
    shelf.write("b.md", page(OTHER_FIGURE))
    shelf.sync()
    assert kept(shelf) == ["a.md", "b.md"]
    shelf.write("b.md", page())
    shelf.sync()
    assert kept(shelf) == ["a.md"]
    assert not any("16 GB" in text for text in shelf.texts())


def test_a_chain_of_likeness_ends_the_same_however_it_came(shelf: Shelf, tmp_path: Path) -> None:
    # b is like a and like c, which say that they were printed on different days.
    note = "This article was first published on {} May 2026."
    texts = {name: f"{TEXT}\n\n{note.format(day)}" for name, day in (("a.md", 3), ("c.md", 4))}
    texts["b.md"] = TEXT
    for number in range(4):
        names = random.Random(number).sample(sorted(texts), 3)
        one = Shelf(tmp_path / f"shelf{number}")
        for name in names:
            one.write(name, page(texts[name]))
            one.sync()
        assert kept(one) == ["a.md", "c.md"]
        (one.folder / "a.md").unlink()
        one.sync()
        assert kept(one) == ["b.md"]
        one.client.close()


def test_a_source_that_is_taken_away_leaves_its_reprints_searched(shelf: Shelf, tmp_path: Path) -> None:
    other = Shelf(tmp_path / "other")
    other.write("x.md", page())
    shelf.write("a.md", page(date="2026-03-04"))
    shelf.sync(shelf.source, other.source)
    assert kept(shelf) == ["a.md"]
    (shelf.folder / "a.md").unlink()
    shelf.sync(shelf.source, other.source)
    assert kept(shelf) == ["x.md"]
    other.client.close()


def test_a_reprint_of_what_cannot_be_written_waits_with_it(shelf: Shelf) -> None:
    shelf.write("a.md", page(date="2026-03-04"))
    shelf.write("b.md", page())
    shelf.embedder.refuses = "Nordbank"
    assert {step.path for step in shelf.sync().failed} == {"a.md", "b.md"}
    shelf.embedder.refuses = None
    assert counted(shelf.sync().plan) == {"add": 2}
    assert kept(shelf) == ["a.md"]


@pytest.mark.parametrize("writes", range(1, 7))
def test_a_sync_that_died_between_two_articles_is_finished_by_the_next(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    shelf.write("b.md", page())
    shelf.sync()
    shelf.write("a.md", page(date="2026-03-04"))
    shelf.write("c.md", page())
    replace = shelf.library.store.replace
    left = [writes]

    def dies(*arguments: object, **options: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        replace(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(shelf.library.store, "replace", dies)
    try:
        shelf.sync()
    except KeyboardInterrupt:
        assert writes <= 3
    assert found(shelf)  # at any moment
    monkeypatch.undo()
    shelf.sync()
    assert (kept(shelf), origins(shelf, "a.md")) == (["a.md"], ["b.md", "c.md"])
    assert counted(shelf.plan()) == {"keep": 3}


def test_an_unchanged_library_is_not_compared_at_all(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ab":
        shelf.write(f"{name}.md", page())
    shelf.sync()

    def refuse() -> None:
        raise LibraryUnreachable("nothing has to be compared")

    monkeypatch.setattr(shelf.library.store, "compared", refuse)
    assert counted(shelf.sync().plan) == {"keep": 2}


def test_only_texts_that_may_be_one_are_read_for_it(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(8):
        shelf.write(f"{number}.md", page(f"Number {number}. {TEXT}"))
    shelf.sync()
    read: list[str] = []
    article = shelf.library.store.article
    monkeypatch.setattr(shelf.library.store, "article", lambda key: read.append(key) or article(key))
    shelf.write("a.md", page(f"Number 3. {TEXT}"))
    shelf.sync()
    assert {key.partition("\n")[2] for key in read} == {"3.md"}
    assert kept(shelf) == [f"{number}.md" for number in range(8)]


def test_what_an_earlier_version_took_for_reprints_is_looked_at_again_once(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.passages.repetitions.same_article", lambda one, other: True)
    monkeypatch.setattr("ingest.passages.repetitions.essence_of", lambda article: "alike")
    shelf.write("a.md", page())
    shelf.write("b.md", page(TEXT.replace("quickly", "slowly")))
    shelf.write("c.md", page())
    shelf.sync()
    shelf.library.store.set_state({"repetitions": "settled"})
    monkeypatch.undo()
    assert kept(shelf) == ["a.md"]
    assert counted(shelf.sync().plan) == {"change": 3}
    assert kept(shelf) == ["a.md", "b.md"]
    assert any("slowly" in text for text in shelf.texts())
    monkeypatch.setattr(shelf.library.store, "compared", lambda: pytest.fail("nothing has to be compared"))
    assert counted(shelf.sync().plan) == {"keep": 3}
