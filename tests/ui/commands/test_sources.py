import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_footnote import Ran, serving, set_up, workshop, write_articles

from ui.home import Home
from ui.local_desk import LocalDesk
from ui.settings.in_force import load_settings

pytestmark = pytest.mark.whole

Footnote = Callable[..., Ran]
FEED = "https://news.example/feed"


def listed(home: Home) -> tuple[str, ...]:
    return load_settings(home.settings_file).sources


@pytest.fixture
def synced(footnote: Footnote, articles: Path) -> Footnote:
    assert footnote("sync", articles).code == 0
    return footnote


def test_the_sources_are_listed_with_what_the_library_has_of_each(
    synced: Footnote, home: Home, articles: Path
) -> None:
    set_up(home, sources=[str(articles), FEED], every={})
    assert synced("sources", "list", "--json").document == {
        "sources": [
            {"source": str(articles), "place": str(articles), "kind": "folder", "articles": 2,
             "hours": 6.0, "watched": True},
            {"source": FEED, "place": FEED, "kind": "address", "articles": 0, "hours": 6.0, "watched": False},
        ]
    }  # fmt: skip
    shown = synced("sources", "list").out
    assert FEED in shown
    assert "folder" in shown


def test_without_sources_it_is_said_how_to_add_one(footnote: Footnote) -> None:
    assert "footnote sync PATH" in footnote("sources", "list").out
    assert footnote("sources", "list", "--json").document == {"sources": []}


def test_a_source_is_removed_and_its_articles_leave_with_the_next_sync(
    synced: Footnote, home: Home, articles: Path
) -> None:
    ran = synced("sources", "remove", articles)
    assert ran.code == 0
    assert ran.out == (
        f"{articles} is no source any more; "
        "its 2 articles leave the library with the next sync: footnote sync\n"
    )
    assert listed(home) == ()
    assert len(synced("articles", "--json").document["articles"]) == 2
    assert synced("sync", "--json").document["deleted"] == 2
    assert (articles / "heron.md").is_file()
    changes = [one for one in synced("log", "--json").document["entries"] if one["kind"] == "source"]
    assert [(one["action"], one["name"], one["via"]) for one in changes] == [
        ("added", str(articles), "command"),
        ("removed", str(articles), "command"),
    ]


def test_a_source_is_meant_in_any_spelling_and_also_when_it_is_gone(
    synced: Footnote, home: Home, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write_articles(articles.parent / "other", {"crane.md": "# Crane\n\nA third bird.\n"})
    set_up(home, sources=[str(articles), str(other), FEED, "starter"])
    shutil.rmtree(other)
    monkeypatch.chdir(articles.parent)
    for given, place in (
        ("articles/", str(articles)),
        ("./other", str(other)),
        ("HTTPS://news.example:443/feed", FEED),
        ("starter", "starter"),
    ):
        assert synced("sources", "remove", given, "--json").document["place"] == place
    assert listed(home) == ()


@pytest.mark.parametrize("place", ["/nowhere", "", "ftp://a.example/x", "~nobody-of-that-name", "caf\udce9"])
def test_what_is_none_of_the_sources_is_wrong_usage(synced: Footnote, home: Home, place: str) -> None:
    before = listed(home)
    ran = synced("sources", "remove", place)
    assert (ran.code, ran.out) == (2, "")
    assert repr(place) in ran.error
    assert listed(home) == before


def test_sources_of_the_environment_are_told_where_they_are_set(
    synced: Footnote, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_SOURCES", f'["{articles}"]')
    for words in (("sources", "remove", articles), ("sync", articles.parent)):
        ran = synced(*words)
        assert (ran.code, "FOOTNOTE_SOURCES" in ran.error) == (2, True)


def test_it_is_handed_over_to_a_serving_process(
    synced: Footnote, home: Home, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(articles.parent)
    desk = LocalDesk(workshop(home))
    with serving(home, desk):
        assert synced("sources", "list", "--json").document["sources"][0]["articles"] == 2
        ran = synced("sources", "remove", "articles", "--json")
        wrong = synced("sources", "remove", "articles")
        assert synced("sync", "--json").document["deleted"] == 2
    desk.close()
    assert ran.document == {"source": str(articles), "place": str(articles), "articles": 2}
    assert "asking the serving process" in ran.err
    assert (wrong.code, "none of the sources" in wrong.error) == (2, True)
    assert listed(home) == ()


def test_a_source_goes_also_where_the_library_cannot_be_opened(
    synced: Footnote, home: Home, articles: Path
) -> None:
    shutil.rmtree(home.models / "all-MiniLM-L6-v2")
    ran = synced("sources", "list")
    assert (ran.code, str(articles.name) in ran.out) == (0, True)
    assert "warning: the articles cannot be counted" in ran.err
    ran = synced("sources", "remove", articles)
    assert (ran.code, "its articles leave the library" in ran.out) == (0, True)
    assert listed(home) == ()
