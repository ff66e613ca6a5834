"""What is remembered of addresses: whole, or not at all."""

from pathlib import Path

import pytest

from ingest.web.fetch_memory import FetchMemory, PageMemory
from ingest.web.web_fetcher import Validators

PAGE = PageMemory(
    "https://a.example/p", "abc", 1.5, Validators("https://a.example/p", '"1"'), "mark", "empty"
)


def test_what_was_saved_is_there_the_next_time(tmp_path: Path) -> None:
    file = tmp_path / "new" / "fetched.json"
    memory = FetchMemory(file)
    known = memory.source("https://a.example/")
    known.kind, known.validators = "feed", Validators("https://a.example/", None, "yesterday")
    known.pages[PAGE.path] = PAGE
    memory.save()
    assert FetchMemory(file).source("https://a.example/") == known
    assert [one.name for one in file.parent.iterdir()] == ["fetched.json"]


def test_nothing_is_written_before_something_was_asked(tmp_path: Path) -> None:
    FetchMemory(tmp_path / "fetched.json").save()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"a": 1}', b"\xff", b'{"a":{"pages":{"u":{"path":1}}}}']
)
def test_a_damaged_file_is_dropped(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "fetched.json"
    file.write_bytes(content)
    memory = FetchMemory(file)
    assert memory.source("a").pages == {}
    memory.save()
    assert FetchMemory(file).source("a").kind is None


def test_sources_that_are_no_longer_there_are_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "fetched.json"
    memory = FetchMemory(file)
    for address in ("a", "b"):
        memory.source(address).kind = "page"
    memory.save()
    memory.forget_others(["b"])
    again = FetchMemory(file)
    assert (again.source("a").kind, again.source("b").kind) == (None, "page")


def test_a_disk_that_refuses_costs_nothing_but_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = FetchMemory(tmp_path / "file" / "fetched.json")
    memory.source("a").kind = "page"
    memory.save()
