import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_samples import HOSTILE, tags, visible_text
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tiny_footnote import TinyWorkshop, install_models, set_up, wait_until, workshop, write_articles

from ui.home import Home
from ui.library.library_actions import LibraryActions
from ui.library.library_routes import library_routes
from ui.local_desk import LocalDesk
from ui.markup import Html
from ui.serving.page_requests import LARGEST_REQUEST
from ui.serving.serving import ServedSyncs, library_parts
from ui.settings.in_force import load_settings

pytestmark = [pytest.mark.whole, pytest.mark.usefixtures("tiny_catalogue")]

HERE = "http://127.0.0.1:7860"
CHANGING = [
    "sync",
    "preview",
    "sources/add",
    "sources/remove",
    "sources/schedule",
    "uploads?name=a.md",
    "uploads/check?name=a.md&size=1",
    "uploads/read",
    "uploads/remove",
]


class Shelf:
    """The Library page over a tiny library, as a browser that shows it would ask."""

    def __init__(self, home: Home, made: TinyWorkshop) -> None:
        self.home = home
        self.workshop = made
        self.desk = LocalDesk(made)
        self.syncs = ServedSyncs.of(made, self.desk)
        app = FastAPI()
        app.include_router(library_routes(LibraryActions(library_parts(made, self.desk, self.syncs))))
        self.web = TestClient(app, base_url=HERE, headers={"sec-fetch-site": "same-origin"})

    def parts(self) -> dict[str, str]:
        found: dict[str, str] = self.web.get("/library/parts").json()
        return found

    def told(self, part: str) -> str:
        return visible_text(self.parts()[part])

    def send(self, address: str, **body: str) -> tuple[int, dict[str, Any]]:
        answer = self.web.post(f"/library/{address}", json=body)
        return answer.status_code, answer.json()

    def upload(self, name: str, content: bytes) -> tuple[int, dict[str, Any]]:
        answer = self.web.post("/library/uploads", params={"name": name}, content=content)
        return answer.status_code, answer.json()

    def synced(self) -> None:
        wait_until(lambda: not self.web.get("/library/progress").json()["running"])

    @property
    def paths(self) -> list[str]:
        return [row.path for row in self.desk.articles()]

    @property
    def sources(self) -> tuple[str, ...]:
        return load_settings(self.home.settings_file).sources


@pytest.fixture
def shelf(home: Home, articles: Path) -> Iterator[Shelf]:
    install_models(home)
    set_up(home, sources=[str(articles)])
    made = Shelf(home, workshop(home))
    yield made
    made.desk.close()


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    shelf.syncs.runner.sync("command")
    return shelf


def test_the_page_shows_sources_articles_and_runs(filled: Shelf, articles: Path) -> None:
    page = filled.web.get("/library")
    assert page.status_code == 200
    shown = " ".join(visible_text(page.text).split())
    for words in ("The Heron model", "Marsh Press", "2026-03-01", "2 articles", "2 added", "by command"):
        assert words in shown
    assert str(articles) in shown
    assert re.search(r"Last \d\d:\d\d \| Next \d\d:\d\d|Next \d+ \w+ \d\d:\d\d", shown)


def test_the_page_names_no_other_host_and_runs_nothing_inline(filled: Shelf) -> None:
    page = filled.web.get("/library").text
    assert set(re.findall(r"https?://([^/\"'\s<>]+)", page)) == set()
    assert not any(name.startswith("on") for _, attributes in tags(page) for name in attributes)
    assert all(a.get("src") for name, a in tags(page) if name == "script")
    assert "style" not in {name for name, _ in tags(page)}
    assert "unsafe" not in filled.web.get("/library").headers["content-security-policy"]


def test_an_empty_library_says_what_to_do(shelf: Shelf) -> None:
    assert "Sync now" in shelf.told("empty")
    set_up(shelf.home, sources=[])
    told = shelf.told("empty")
    assert "upload files, or name a place" in told
    assert "No source yet" in shelf.told("sources")


def test_the_page_opens_without_a_library_and_says_what_is_wrong(home: Home, articles: Path) -> None:
    set_up(home, sources=[str(articles)])
    made = Shelf(home, workshop(home))
    page = made.web.get("/library")
    assert page.status_code == 200
    assert "footnote models fetch" in made.told("problem")
    assert str(articles) in made.told("sources")
    assert made.parts()["empty"] == ""
    assert made.web.get("/library/article?source=x&path=y").status_code == 503
    made.desk.close()


def test_a_sync_is_begun_and_ends_as_a_run_of_the_page(shelf: Shelf) -> None:
    assert shelf.send("sync") == (200, {"done": True})
    shelf.synced()
    assert shelf.paths == ["heron.md", "stork.md"]
    assert "from this page" in shelf.told("runs")
    assert "2 added" in shelf.told("runs")
    assert shelf.web.get("/library/progress").json()["ended"] == 1


def test_an_article_is_shown_by_source_and_path(filled: Shelf, articles: Path) -> None:
    where = {"source": articles.resolve().as_posix(), "path": "heron.md"}
    page = filled.web.get("/library/article", params=where)
    assert page.status_code == 200
    assert "needs 12 GB of memory" in visible_text(page.text)
    assert 'aria-label="Passage 1"' in page.text
    gone = filled.web.get("/library/article", params={**where, "path": "crane.md"})
    assert gone.status_code == 404
    assert "not in the library" in visible_text(gone.text)


def test_a_file_comes_in_is_read_and_leaves_again(filled: Shelf) -> None:
    assert filled.upload("crane.md", b"# The Crane\n\nA third bird.\n") == (
        200,
        {"name": "crane.md", "title": "The Crane"},
    )
    assert "waits for the next sync" in filled.told("rows")
    assert filled.send("uploads/read")[0] == 200
    filled.synced()
    assert "crane.md" in filled.paths
    assert filled.sources[-1] == filled.home.uploads.resolve().as_posix()
    assert "Uploads" in filled.told("sources")
    assert filled.send("uploads/remove", name="crane.md")[0] == 200
    filled.synced()
    assert "crane.md" not in filled.paths
    assert not (filled.home.uploads / "crane.md").exists()


def test_a_mailbox_comes_in_with_its_mails_and_leaves_whole(filled: Shelf) -> None:
    mails = b"".join(
        b"From ann@x.example Thu Mar  5 12:00:00 2026\nSubject: Letter %d\nMessage-ID: <%d@x>\n\n"
        b"The crane is tall, letter %d.\n\n" % (number, number, number)
        for number in (1, 2)
    )
    assert filled.upload("letters.mbox", mails) == (200, {"name": "letters.mbox", "title": "Letter 1"})
    assert filled.send("uploads/read")[0] == 200
    filled.synced()
    assert {"letters.mbox#1@x", "letters.mbox#2@x"} <= set(filled.paths)
    assert "waits for the next sync" not in filled.told("rows")
    assert 'data-name="letters.mbox"' in filled.parts()["rows"]
    assert filled.send("uploads/remove", name="letters.mbox")[0] == 200
    filled.synced()
    assert not any(path.startswith("letters") for path in filled.paths)
    for content, why in ((b"no mailbox at all", "does not begin like a mailbox"), (b"\n", "no mail in it")):
        status, told = filled.upload("letters.mbox", content)
        assert (status, why in told["error"], told["error"].startswith("letters.mbox: ")) == (422, True, True)


def test_a_file_that_is_refused_says_why_and_leaves_nothing(filled: Shelf) -> None:
    status, told = filled.upload("song.mp3", b"ID3")
    assert (status, "files of this kind are not read" in told["error"]) == (422, True)
    status, told = filled.upload("broken.txt", b"\x00\x01" * 20)
    assert (status, "binary" in told["error"]) == (422, True)
    status, told = filled.upload("../../up.md", b"# Up\n\nWords.\n")
    assert (status, told["name"]) == (200, "up.md")
    assert [file.name for file in filled.home.uploads.iterdir()] == ["up.md"]
    answer = filled.web.post("/library/uploads/check", params={"name": "a.md", "size": 2**40})
    assert "over the limit" in answer.json()["error"]
    answer = filled.web.post(
        "/library/uploads?name=a.md", content=b"x", headers={"content-length": str(2**40)}
    )
    assert answer.status_code == 422


def test_nothing_can_be_synced_from_an_upload_folder_that_is_not_there(shelf: Shelf) -> None:
    assert shelf.send("uploads/read")[0] == 422


def test_a_folder_is_previewed_and_taken(filled: Shelf, tmp_path: Path) -> None:
    place = write_articles(tmp_path / "more", {"crane.md": "# The Crane\n\nA third bird.\n"})
    status, told = filled.send("preview", place=str(place))
    assert status == 200
    assert "The Crane" in visible_text(told["preview"])
    assert len(filled.sources) == 1
    assert filled.send("sources/add", place=str(place)) == (200, {"done": True})
    filled.synced()
    assert filled.sources[-1] == place.resolve().as_posix()
    assert "crane.md" in filled.paths


def test_a_place_that_is_none_says_why_and_is_not_taken(filled: Shelf, tmp_path: Path) -> None:
    for address in ("preview", "sources/add"):
        status, told = filled.send(address, place=str(tmp_path / "missing"))
        assert (status, "no such folder or file" in told["error"]) == (422, True)
    assert len(filled.sources) == 1


def test_a_page_that_others_can_open_takes_no_folders_of_this_machine(home: Home, articles: Path) -> None:
    install_models(home)
    set_up(home, sources=[], host="0.0.0.0")
    made = Shelf(home, workshop(home))
    status, told = made.send("preview", place=str(articles))
    assert (status, "footnote sync PATH" in told["error"]) == (422, True)
    assert made.send("sources/add", place=str(articles))[0] == 422
    made.desk.close()


def test_a_removed_source_loses_its_articles_with_the_next_sync(filled: Shelf, articles: Path) -> None:
    place = filled.sources[0]
    assert filled.send("sources/remove", place=place)[0] == 200
    assert filled.sources == ()
    assert len(filled.paths) == 2
    assert filled.told("rows").count("leaves with the next sync") == 2
    filled.send("sync")
    filled.synced()
    assert filled.paths == []
    assert filled.send("sources/remove", place=place)[0] == 422


def test_a_source_that_is_away_is_told_and_keeps_its_articles(filled: Shelf, articles: Path) -> None:
    articles.rename(articles.with_name("away"))
    filled.send("sync")
    filled.synced()
    told = filled.told("sources")
    assert "not there now" in told
    assert "no such folder or file" in told
    assert "2 articles" in told
    assert "1 skipped" in filled.told("runs")


def test_a_sync_that_fails_is_told_among_the_runs(filled: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filled.workshop, "syncer", lambda: 1 / 0)
    filled.send("sync")
    filled.synced()
    told = filled.told("runs")
    assert "did not end" in told
    assert "details are in the log" in told


def test_what_changes_something_is_taken_from_the_page_alone(shelf: Shelf) -> None:
    shelf.web.headers.pop("sec-fetch-site")
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {},
    ):
        for address in CHANGING:
            body = {"place": "/etc", "name": "x"}
            answer = shelf.web.post(f"/library/{address}", json=body, headers=headers)
            assert answer.status_code == 403, (address, headers)
    assert not shelf.syncs.runner.progress.ended


def test_a_browser_that_names_only_the_origin_is_the_page_too(shelf: Shelf) -> None:
    shelf.web.headers.pop("sec-fetch-site")
    answer = shelf.web.post("/library/uploads/check?name=a.md&size=1", headers={"origin": HERE})
    assert answer.json() == {"name": "a.md"}


def test_looking_changes_nothing(shelf: Shelf) -> None:
    assert {shelf.web.get(f"/library/{address}").status_code for address in CHANGING} <= {404, 405}


def test_a_request_that_is_none_or_too_long_is_refused(shelf: Shelf) -> None:
    too_long = b'{"place": "' + b"x" * LARGEST_REQUEST + b'"}'
    for body, status in ((b"[]", 400), (b"{", 400), (b'{"place": 3}', 400), (too_long, 413)):
        assert shelf.web.post("/library/preview", content=body).status_code == status


def test_names_of_files_and_sources_are_text(filled: Shelf, tmp_path: Path) -> None:
    for text in HOSTILE:
        folder = tmp_path / text.replace("/", "∕")
        write_articles(folder, {"a.md": f"---\ntitle: {text!r}\n---\n\n# {text}\n\nWords.\n"})
        (folder / "b.txt").write_bytes(b"\x00\x01\x02")
        filled.send("sources/add", place=str(folder))
    filled.synced()
    assert len(filled.paths) == 2 + len(HOSTILE)
    for html in filled.parts().values():
        assert not any(name.startswith("on") for _, attributes in tags(html) for name in attributes)
        assert not {"script", "img", "h1"} & {name for name, _ in tags(html)}


def test_a_folder_is_synced_by_itself_when_a_file_comes_into_it(filled: Shelf, articles: Path) -> None:
    assert "folder, watched" in filled.told("sources")
    schedule = filled.syncs.schedule
    assert schedule._changed() == ()
    (articles / "crane.md").write_text("# The Crane\n\nA third bird.\n")
    assert schedule._changed() == ()  # it may still be written to
    wait_until(lambda: schedule.look(schedule._changed()))
    assert "crane.md" in filled.paths
    assert "after a change" in filled.told("runs")
    assert schedule._changed() == schedule._changed() == ()


def test_a_source_keeps_to_the_schedule_that_is_chosen_for_it(shelf: Shelf, articles: Path) -> None:
    place = str(articles)
    assert "Every 6 hours (as others)" in shelf.told("sources")
    assert shelf.send("sources/schedule", place=place, hours="1")[0] == 200
    assert '<option value="1" selected="">Every hour</option>' in shelf.parts()["sources"]
    assert load_settings(shelf.home.settings_file).every == {place: 1.0}
    assert shelf.send("sync")[0] == 200
    shelf.synced()
    now = shelf.told("sources")
    assert "Last" in now
    assert "Next" in now
    assert shelf.send("sources/schedule", place=place, hours="0")[0] == 200
    assert "Next by hand" in shelf.told("sources")
    assert shelf.send("sources/schedule", place=place, hours="")[0] == 200
    assert load_settings(shelf.home.settings_file).every == {}
    assert shelf.send("sources/schedule", place=place, hours="often")[0] == 422
    assert shelf.send("sources/schedule", place="/nowhere", hours="1")[0] == 422
    assert shelf.send("sources/schedule", place=place)[0] == 400


def test_were_escaping_to_fail_nothing_that_runs_would_leave(
    filled: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "<script>ran()</script><img src=x onerror=ran()>"
    folder = tmp_path / hostile.replace("/", "∕")
    write_articles(folder, {"a.md": f"---\ntitle: {hostile!r}\n---\n\n# {hostile}\n\nWords. {hostile}\n"})
    (folder / f"{hostile.replace('/', '∕')}.txt").write_bytes(b"\x00\x01\x02")
    filled.send("sources/add", place=str(folder))
    filled.synced()
    monkeypatch.setattr("ui.markup.text", Html)
    where = {"source": folder.as_posix(), "path": "a.md"}
    pieces = [
        *filled.parts().values(),
        filled.web.get("/library/progress").json()["line"],
        filled.send("preview", place=str(folder))[1]["preview"],
    ]
    pages = [filled.web.get("/library").text, filled.web.get("/library/article", params=where).text]
    assert 'class="reading"' in pages[1]
    for piece, scripts in [*((one, 0) for one in pieces), *((one, 2) for one in pages)]:
        found = tags(piece)
        assert [name for name, _ in found].count("script") == scripts
        assert not any(name.startswith("on") for _, attributes in found for name in attributes)


def test_the_pages_policy_lets_nothing_run_from_a_text(shelf: Shelf) -> None:
    for address in ("/library", "/library/article?source=a&path=b"):
        policy = shelf.web.get(address).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
