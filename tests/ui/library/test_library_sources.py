import json
from pathlib import Path

import pytest
from tiny_footnote import set_up, workshop

from index_store.errors import UsageError
from ui.home import Home
from ui.library.library_sources import LibrarySources
from ui.settings.in_force import load_settings
from ui.settings.source_places import source_id

pytestmark = pytest.mark.usefixtures("tiny_catalogue")


@pytest.fixture
def sources(home: Home) -> LibrarySources:
    set_up(home, sources=["starter"])
    return LibrarySources(
        home.settings_file,
        uploads=home.uploads,
        starter=Path("/starter"),
        kinds=lambda: {"https://news.example/feed": "feed"}.get,
    )


def listed(home: Home) -> tuple[str, ...]:
    return load_settings(home.settings_file).sources


def test_each_source_is_told_with_its_kind_and_where_its_files_lie(
    sources: LibrarySources, home: Home, tmp_path: Path
) -> None:
    folder, file, box = tmp_path / "notes", tmp_path / "one.md", tmp_path / "letters.mbox"
    folder.mkdir()
    file.write_text("# One\n")
    box.write_text("From a@b\n")
    home.uploads.mkdir(parents=True)
    missing = tmp_path / "gone"
    set_up(home, sources=["starter", *map(str, (folder, file, box, home.uploads, missing))])
    assert [(one.name, one.kind, one.folder) for one in sources.listed()] == [
        ("Starter library", "comes with Footnote", Path("/starter")),
        ("notes", "folder", folder),
        ("one.md", "file", tmp_path),
        ("letters.mbox", "mailbox", tmp_path),
        ("Uploads", "files added on this page", home.uploads),
        ("gone", "not there now", None),
    ]
    assert [one.id for one in sources.listed()[:2]] == ["starter", folder.resolve().as_posix()]


def test_a_place_is_added_once(sources: LibrarySources, home: Home, tmp_path: Path) -> None:
    place = tmp_path.resolve().as_posix()
    sources.add(place)
    sources.add(place)
    sources.add(f"{place}/.")
    assert listed(home) == ("starter", place)


def test_a_place_is_removed_and_the_others_stay(sources: LibrarySources, home: Home, tmp_path: Path) -> None:
    sources.add(tmp_path.as_posix())
    sources.remove("starter")
    assert listed(home) == (tmp_path.as_posix(),)
    with pytest.raises(UsageError, match="none of the sources"):
        sources.remove("starter")


def test_sources_of_the_environment_are_not_changed_in_vain(
    sources: LibrarySources, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_SOURCES", json.dumps(["starter"]))
    for change in (lambda: sources.add(tmp_path.as_posix()), lambda: sources.remove("starter")):
        with pytest.raises(UsageError, match="FOOTNOTE_SOURCES"):
            change()
    assert "sources" in home.settings_file.read_text()


def test_an_address_is_told_without_its_scheme_and_with_its_kind_where_that_is_known(
    sources: LibrarySources, home: Home
) -> None:
    set_up(home, sources=["https://www.news.example/feed", "https://NEWS.example/feed", "http://b.example/"])
    assert [(one.name, one.kind, one.folder) for one in sources.listed()] == [
        ("news.example/feed", "address", None),
        ("news.example/feed", "feed", None),
        ("b.example", "address", None),
    ]
    sources.add("https://news.example/feed")
    assert len(listed(home)) == 3


def test_a_source_is_known_as_the_sync_knows_it(home: Home, tmp_path: Path) -> None:
    places = ("starter", tmp_path.as_posix(), f"{tmp_path}/./", "https://NEWS.example:443/feed")
    set_up(home, sources=list(places))
    made = workshop(home)
    assert {source_id(place) for place in places} == {
        source.id for source in made.intake.sources(load_settings(home.settings_file))
    }


def test_a_source_is_given_hours_of_its_own_which_go_with_it(sources: LibrarySources, home: Home) -> None:
    feed = "https://news.example/feed"
    sources.add(feed)
    assert [(one.hours, one.usual_hours) for one in sources.listed()] == [(None, 6.0)] * 2
    sources.schedule(feed, 1.0)
    assert [one.hours for one in sources.listed()] == [None, 1.0]
    sources.remove(feed)
    assert load_settings(home.settings_file).every == {}
    with pytest.raises(UsageError, match="none of the sources"):
        sources.schedule(feed, 1.0)
    with pytest.raises(UsageError, match="give 0 to 8760"):
        sources.schedule("starter", -1)
