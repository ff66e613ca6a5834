from pathlib import Path

import pytest
from tiny_footnote import set_up

from index_store.errors import UsageError
from ui.home import Home
from ui.library.source_list import SourceList
from ui.settings.in_force import load_settings

pytestmark = pytest.mark.usefixtures("tiny_catalogue")

FEED = "https://news.example/feed"


@pytest.fixture
def heard() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def sources(home: Home, heard: list[tuple[str, str]]) -> SourceList:
    set_up(home, sources=["starter"])
    return SourceList(home.settings_file, on_change=lambda change, name: heard.append((change, name)))


def listed(home: Home) -> tuple[str, ...]:
    return load_settings(home.settings_file).sources


def test_what_is_new_is_listed_once_and_heard_of(
    sources: SourceList, home: Home, tmp_path: Path, heard: list[tuple[str, str]]
) -> None:
    place = tmp_path.as_posix()
    assert sources.missing((place, f"{place}/.", "starter")) == (place,)
    assert listed(home) == ("starter",)
    assert sources.add((place, place, "starter", FEED)) == (place, FEED)
    assert sources.add((place,)) == ()
    assert listed(home) == ("starter", place, FEED)
    assert heard == [("added", place), ("added", FEED)]


def test_a_source_in_two_spellings_goes_in_one_step(
    sources: SourceList, home: Home, heard: list[tuple[str, str]]
) -> None:
    set_up(home, sources=["HTTPS://news.example/feed", "starter", FEED])
    assert sources.remove("https://news.example:443/feed") == "HTTPS://news.example/feed"
    assert listed(home) == ("starter",)
    assert heard == [("removed", "HTTPS://news.example/feed")]


def test_its_hours_go_with_it(sources: SourceList, home: Home) -> None:
    sources.add((FEED,))
    home.settings_file.write_text(f'sources = ["{FEED}"]\n[every]\n"{FEED}" = 1\n')
    sources.remove(FEED)
    assert load_settings(home.settings_file).every == {}


@pytest.mark.parametrize("place", ["", "/nowhere", "~nobody-of-that-name", "\0", "ftp://a.example"])
def test_what_is_none_of_the_sources_is_told_so(sources: SourceList, home: Home, place: str) -> None:
    with pytest.raises(UsageError, match="none of the sources"):
        sources.remove(place)
    assert listed(home) == ("starter",)
