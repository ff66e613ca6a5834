from pathlib import Path

import pytest

from index_store.errors import UsageError
from ui.settings.source_places import STARTER, source_place


def test_a_source_place_is_absolute_wherever_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "articles").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    expected = (tmp_path / "articles").resolve().as_posix()
    for name in ("articles", "./articles/", "~/articles", str(tmp_path / "articles" / ".." / "articles")):
        assert source_place(name) == expected


def test_the_starter_library_is_a_place_even_beside_a_folder_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / STARTER).mkdir()
    monkeypatch.chdir(tmp_path)
    assert source_place(STARTER) == STARTER
    assert source_place(f"./{STARTER}") == str((tmp_path / STARTER).resolve())


def test_an_address_is_kept_in_its_one_spelling() -> None:
    assert source_place("HTTPS://A.example:443/feed#top") == "https://a.example/feed"
    with pytest.raises(UsageError, match="user or a password") as caught:
        source_place("https://ann:secret@a.example/")
    assert "secret" not in str(caught.value)


def test_an_address_without_its_beginning_is_advised_of_it() -> None:
    for place, advised in (("a.example/feed", True), ("news.a.example", True), ("notes/2026", False)):
        with pytest.raises(UsageError) as caught:
            source_place(place)
        assert ("https://" in str(caught.value)) is advised


@pytest.mark.parametrize(
    "place", ["", " ", "nowhere", "~nobody-of-that-name/x", "ftp://a.example/b", "a\0b", "x" * 5000]
)
def test_a_place_that_is_not_there_is_refused_by_its_name(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        source_place(place)
    assert repr(place) in str(caught.value)
