from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_footnote import ARTICLES, Ran, serving, set_up, workshop, write_articles

from ui.home import Home
from ui.local_desk import LocalDesk

pytestmark = pytest.mark.whole

Footnote = Callable[..., Ran]


@pytest.fixture
def synced(footnote: Footnote, articles: Path) -> Footnote:
    assert footnote("sync", articles).code == 0
    return footnote


def test_the_list_names_every_article(synced: Footnote, articles: Path) -> None:
    document = synced("articles", "--json").document
    assert set(document) == {"articles"}
    heron, stork = document["articles"]
    assert {
        name: heron[name] for name in ("article", "source", "title", "publisher", "published", "passages")
    } == {
        "article": "heron.md",
        "source": str(articles),
        "title": "The Heron model",
        "publisher": "Marsh Press",
        "published": "2026-03-01",
        "passages": 1,
    }
    assert stork["publisher"] is None
    assert heron["added"].endswith("+00:00")


def test_people_see_path_title_and_origin(synced: Footnote) -> None:
    assert synced("articles").out == (
        "heron.md\n"
        "  The Heron model (Marsh Press, 2026-03-01, 1 passage)\n"
        "stork.md\n"
        "  The Stork model (2026-02-01, 1 passage)\n"
        "\n"
        "articles: 2, passages: 2\n"
    )


def test_an_empty_library_says_what_to_do(footnote: Footnote, home: Home) -> None:
    added = "The library is empty. Add articles: footnote sync PATH, or footnote sync URL\n"
    assert footnote("articles").out == added
    set_up(home, sources=["/notes"])
    assert footnote("articles").out == "The library is empty. Run: footnote sync\n"
    assert footnote("articles", "--json").document == {"articles": []}


def test_one_article_comes_with_its_text_and_exact_passages(synced: Footnote) -> None:
    document = synced("articles", "heron.md", "--json").document
    assert document["article"] == "heron.md"
    assert document["text"].startswith("The Heron model\n\nThe Heron model needs")
    assert document["passages"]
    for one in document["passages"]:
        assert one["passage"] == document["text"][one["start"] : one["end"]]
    assert {"title", "publisher", "author", "url", "published", "language", "content_hash"} <= set(document)


def test_people_see_one_article_passage_by_passage(synced: Footnote) -> None:
    out = synced("articles", "heron.md").out
    assert out.startswith("The Heron model\nMarsh Press, 2026-03-01\n")
    assert "── passage 1, [0, 85)" in out
    assert "It was trained on bird calls." in out


@pytest.mark.parametrize("words", [("none.md",), ("none.md", "--json"), ("",), ("[/bold]",)])
def test_an_article_that_is_not_there_is_wrong_usage(synced: Footnote, words: tuple[str, ...]) -> None:
    ran = synced("articles", *words)
    assert (ran.code, ran.out) == (2, "")
    assert repr(words[0]) in ran.error


def test_a_path_in_two_sources_is_told_with_how_to_name_each(synced: Footnote, articles: Path) -> None:
    other = write_articles(articles.parent / "other", {"heron.md": ARTICLES["heron.md"]})
    synced("sync", other)
    # A terminal folds what is longer than itself, as a path may be.
    listed = "".join(synced("articles").out.split("\n"))
    assert f"{articles}/heron.md" in listed
    assert f"{other}/heron.md" in listed
    assert "/stork.md" not in listed
    ran = synced("articles", "heron.md", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert f"{articles}/heron.md" in ran.error
    assert f"{other}/heron.md" in ran.error
    one = synced("articles", f"{other}/heron.md", "--json").document
    assert (one["source"], one["article"]) == (str(other), "heron.md")


def test_it_is_handed_over_to_a_serving_process(synced: Footnote, home: Home) -> None:
    calls = (("articles", "--json"), ("articles", "heron.md", "--json"))
    alone = [synced(*words).document for words in calls]
    desk = LocalDesk(workshop(home))
    with serving(home, desk):
        assert desk.articles()
        beside = [synced(*words) for words in calls]
        missing = synced("articles", "none.md")
    desk.close()
    assert [ran.document for ran in beside] == alone
    assert all("asking the serving process" in ran.err for ran in beside)
    assert missing.code == 2


def test_a_server_file_left_by_a_killed_process_is_passed_over(synced: Footnote, home: Home) -> None:
    home.server_file.write_text('{"url": "http://127.0.0.1:9", "token": "t", "pid": 4194303}')
    ran = synced("articles", "--json")
    assert len(ran.document["articles"]) == 2
    assert ran.err == ""


def test_an_article_tells_where_else_it_was_published(footnote: Footnote, articles: Path) -> None:
    text = "The crane lifts the grain out of the ships, as it did before the war. Nobody knows why. " * 3
    (articles / "crane.md").write_text(f"# The crane\n\n{text}")
    (articles / "other.md").write_text(f"---\npublisher: The Other\n---\n# The crane\n\n{text}")
    assert footnote("sync", articles).code == 0
    (origin,) = footnote("articles", "crane.md", "--json").document["origins"]
    assert (origin["article"], origin["publisher"]) == ("other.md", "The Other")
    assert "also in other.md: The crane (The Other)" in footnote("articles", "crane.md").out
    reprint = footnote("articles", "other.md", "--json").document
    assert (reprint["duplicate_of"], reprint["passages"], reprint["origins"]) == ("crane.md", [], [])
    assert "the same text as crane.md" in footnote("articles").out


def test_a_name_with_a_line_end_stays_on_its_line(footnote: Footnote, articles: Path) -> None:
    (articles / "two\nlines.md").write_text("# Two lines\n\nA file may be called so.\n")
    (articles / "no\ntext.md").write_text("")
    lines = footnote("sync", articles).out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("skipped: no\\ntext.md: the file is empty")
    lines = footnote("articles").out.splitlines()
    assert "two\\nlines.md" in lines
    assert len(lines) == 8
