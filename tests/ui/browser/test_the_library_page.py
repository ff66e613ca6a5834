"""The Library page in Chromium: what comes in, what is found, and what leaves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from page_steps import MOVING, PANDAS_WARNING, Site, Watched, ask, names_of_controls, visit
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tiny_site import tiny_site

from ui.chat.demo_page import demo_app, demo_parts
from ui.chat.demo_shelf import DemoShelf
from ui.settings.settings_file import change_setting

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)

CRANE = (
    "---\ntitle: The Crane\npublisher: Marsh Press\ndate: 2026-03-01\n---\n\n# The Crane\n\nA tall bird.\n"
)
STORK = "---\ntitle: The Stork\ndate: 2026-02-01\n---\n\n# The Stork\n\nIts nest is in Strasbourg.\n"


@dataclass
class Library:
    """The demo page with a library of the test's own."""

    site: Site
    shelf: DemoShelf
    folder: Path

    @property
    def url(self) -> str:
        return f"{self.site.url}library"

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    shelf = DemoShelf(tmp_path / "demo")
    shelf.wait()
    site = Site(lambda: demo_parts(tmp_path / "demo", pause=0.01), lambda parts: demo_app(parts, shelf))
    site.start()
    yield Library(site, shelf, tmp_path)
    site.stop()
    shelf.close()


@pytest.fixture
def shelf(context: BrowserContext, library: Library) -> Page:
    page = context.new_page()
    open_shelf(page, library.url)
    return page


def open_shelf(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#shown")).to_have_text(re.compile("article"))


def rows(page: Page) -> list[str]:
    return page.locator("#articles tbody tr td.title a").all_inner_texts()


def column(page: Page, name: str) -> list[str]:
    return page.locator(f"#articles tbody tr td.{name}").all_inner_texts()


def idle(page: Page) -> None:
    expect(page.get_by_role("button", name="Sync now")).to_be_enabled()


def test_files_come_in_by_the_button_and_a_refused_one_says_why(shelf: Page, library: Library) -> None:
    song = library.write("song.mp3", "ID3")
    empty = library.write("empty.md", "  ")
    shelf.locator("#files").set_input_files([library.write("crane.md", CRANE), song, empty])
    lines = shelf.locator("#uploading li")
    expect(lines.nth(0)).to_have_text("\u2068crane.md\u2069 added as “\u2068The Crane\u2069”")
    expect(lines.nth(1)).to_contain_text("files of this kind are not read; give")
    expect(lines.nth(2)).to_contain_text("empty.md: the file is empty")
    expect(shelf.locator("#articles")).to_contain_text("The Crane")
    row = shelf.locator("#articles tbody tr", has_text="The Crane")
    expect(row.locator(".state")).to_have_text("in the library")
    expect(shelf.locator("#sources")).to_contain_text("Uploads")
    expect(shelf.locator("#runs")).to_contain_text("1 added")


def test_files_come_in_by_drag_and_drop_wherever_they_are_dropped(shelf: Page) -> None:
    drop = """([name, text]) => {
        const carried = new DataTransfer();
        carried.items.add(new File([text], name));
        const options = { dataTransfer: carried, bubbles: true, cancelable: true };
        const place = document.querySelector("#runs");
        place.dispatchEvent(new DragEvent("dragover", options));
        const marked = "over" in document.querySelector("#drop").dataset;
        const opened = place.dispatchEvent(new DragEvent("drop", options));
        return [marked, opened];
    }"""
    assert shelf.evaluate(drop, ["crane.md", CRANE]) == [True, False]
    expect(shelf.locator("#articles")).to_contain_text("The Crane")


def test_an_uploaded_article_is_replaced_and_deleted_after_a_question(shelf: Page, library: Library) -> None:
    shelf.locator("#files").set_input_files(library.write("bird.md", CRANE))
    expect(shelf.locator("#articles")).to_contain_text("The Crane")
    idle(shelf)
    shelf.locator("#files").set_input_files(library.write("bird.md", STORK))
    expect(shelf.locator("#articles")).to_contain_text("The Stork")
    expect(shelf.locator("#articles")).not_to_contain_text("The Crane")
    idle(shelf)
    bin_ = shelf.get_by_role("button", name="Delete bird.md")
    bin_.click()
    expect(shelf.locator("#confirm-question")).to_have_text("Delete the file “\u2068bird.md\u2069”?")
    shelf.keyboard.press("Escape")
    expect(shelf.locator("#confirm")).to_be_hidden()
    expect(bin_).to_be_focused()
    bin_.click()
    shelf.get_by_role("button", name="Remove", exact=True).click()
    expect(shelf.locator("#articles")).not_to_contain_text("The Stork")
    assert not list(library.shelf.workshop.home.uploads.glob("*.md"))


def test_a_folder_is_previewed_before_it_is_taken_and_can_be_removed(shelf: Page, library: Library) -> None:
    library.write("birds/crane.md", CRANE)
    library.write("birds/broken.txt", "\x00\x01\x02")
    shelf.get_by_label("A folder, a file or an address").fill(str(library.folder / "birds"))
    shelf.keyboard.press("Enter")
    preview = shelf.get_by_role("region", name="Preview")
    for words in ("Folder, 2 articles", "The Crane", "Marsh Press", "1 March 2026", "A tall bird."):
        expect(preview).to_contain_text(words)
    expect(shelf.get_by_role("button", name="Add to the library")).to_be_focused()
    shelf.get_by_role("button", name="Cancel").click()
    expect(preview).to_be_hidden()
    expect(shelf.locator("#articles")).not_to_contain_text("The Crane")
    shelf.keyboard.press("Enter")
    shelf.get_by_role("button", name="Add to the library").click()
    expect(shelf.locator("#articles")).to_contain_text("The Crane")
    broken = shelf.locator("#articles tbody tr", has_text="broken.txt")
    expect(broken.locator(".state")).to_contain_text("skipped: binary data")
    shelf.locator("#runs summary").first.click()
    expect(shelf.locator("#runs details").first).to_contain_text("binary data")
    idle(shelf)
    shelf.get_by_role("button", name="Remove birds").click()
    expect(shelf.locator("#confirm")).to_contain_text("Its article leaves the library with the next sync")
    shelf.get_by_role("button", name="Remove", exact=True).click()
    expect(shelf.locator("#articles tbody tr", has_text="The Crane").locator(".state")).to_have_text(
        "leaves with the next sync"
    )
    shelf.get_by_role("button", name="Sync now").click()
    expect(shelf.locator("#articles")).not_to_contain_text("The Crane")
    expect(shelf.locator("#runs li").first).to_contain_text("1 removed")


def test_a_feed_is_previewed_by_way_of_its_page_and_taken(shelf: Page, library: Library) -> None:
    change_setting(library.shelf.workshop.home.settings_file, "allowed_networks", ["127.0.0.0/8"])
    words = "It rained for six hours, and nobody had foreseen that. " * 12
    with tiny_site() as site:
        link = f"{site.root}/rain"
        entry = f"<entry><title>On rain</title><id>{link}</id><link href='{link}'/></entry>"
        feed = site.put(
            "/feed",
            "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>The Weather</title>"
            f"<id>{site.root}/feed</id><updated>2026-03-01T00:00:00Z</updated>{entry}</feed>",
            "application/atom+xml",
        )
        alternate = "<link rel='alternate' type='application/atom+xml' href='/feed'>"
        for path, title in (("/", "Front page"), ("/rain", "On rain")):
            head = f"<title>{title}</title>{alternate if path == '/' else ''}"
            body = f"<article><h1>{title}</h1><p>{words}</p></article>"
            site.put(path, f"<html><head>{head}</head><body>{body}</body></html>")
        shelf.get_by_label("A folder, a file or an address").fill(f"{site.root}/")
        shelf.keyboard.press("Enter")
        preview = shelf.get_by_role("region", name="Preview")
        expect(preview).to_contain_text("Web page")
        preview.get_by_role("button", name=feed).click()
        expect(preview).to_contain_text("Feed, 1 article")
        expect(preview).to_contain_text("The Weather")
        expect(preview).to_contain_text("nobody had foreseen that")
        shelf.get_by_role("button", name="Add to the library").click()
        expect(shelf.locator("#articles")).to_contain_text("On rain")
        row = shelf.locator(".source-row", has_text="/feed")
        expect(row).to_contain_text("1 article")
        expect(row.locator(".facts")).to_contain_text("feed")


def test_a_place_that_is_none_is_told_at_the_field(shelf: Page) -> None:
    field = shelf.get_by_label("A folder, a file or an address")
    field.fill("/no/such/place")
    shelf.get_by_role("button", name="Preview").click()
    expect(shelf.locator("#place-error")).to_contain_text("no such folder or file")
    expect(field).to_be_focused()


def test_a_sync_shows_its_progress_and_what_changed_before_it(shelf: Page, library: Library) -> None:
    articles = library.folder / "demo" / "articles"
    file = articles / "notes" / "field-notes.txt"
    file.write_text(file.read_text().replace("European", "Nordic"))
    for number in range(40):
        (articles / f"bird-{number}.md").write_text(CRANE.replace("The Crane", f"Bird {number}"))
    shelf.reload()
    row = shelf.locator("#articles tbody tr", has_text="Field notes")
    expect(row.locator(".state")).to_contain_text("changed since")
    shelf.get_by_role("button", name="Sync now").click()
    expect(shelf.locator("#notice")).to_have_text("Sync ended")
    expect(row.locator(".state")).to_have_text("in the library")
    expect(shelf.locator("#shown")).to_have_text("44 articles")
    expect(shelf.locator("#runs li").first).to_contain_text("40 added, 1 changed, 3 unchanged")
    expect(shelf.locator("#line")).to_have_text(re.compile(r"^Last .*\d\d:\d\d \| Next .*\d\d:\d\d$"))


def test_the_table_is_sorted_by_each_column_and_says_so(shelf: Page) -> None:
    assert rows(shelf) == sorted(rows(shelf), key=str.lower)
    head = shelf.get_by_role("columnheader", name="Date")
    head.get_by_role("button").click()
    dates = [date for date in column(shelf, "published") if date]
    assert dates == sorted(dates)
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert column(shelf, "published") == [*sorted(dates, reverse=True), ""]
    shelf.get_by_role("columnheader", name="Passages").get_by_role("button").click()
    numbers = [int(number) for number in column(shelf, "passages")]
    assert numbers == sorted(numbers)
    expect(head).to_have_attribute("aria-sort", "none")
    assert "sort=passages" in shelf.url


def test_filters_narrow_the_table_and_are_kept_on_the_way_back(shelf: Page) -> None:
    shelf.get_by_label("Title", exact=True).fill("alder")
    expect(shelf.locator("#shown")).to_have_text("2 of 4 articles")
    shelf.get_by_label("From", exact=True).fill("2025-03-20")
    assert rows(shelf) == ["A week with Alder 3 on two cores"]
    shelf.get_by_label("To", exact=True).fill("2024")
    expect(shelf.locator(".nothing")).to_be_visible()
    shelf.get_by_role("button", name="Show all").click()
    expect(shelf.locator("#shown")).to_have_text("4 articles")
    shelf.get_by_label("Publisher").fill("harbour")
    assert rows(shelf) == ["How one bank moved its model"]
    shelf.get_by_role("link", name="How one bank moved its model").click()
    expect(shelf.get_by_role("heading", level=1)).to_have_text("How one bank moved its model")
    shelf.get_by_role("main").get_by_role("link", name="Library").click()
    expect(shelf.get_by_label("Publisher")).to_have_value("harbour")
    assert rows(shelf) == ["How one bank moved its model"]
    shelf.get_by_label("Publisher").fill("")
    shelf.get_by_label("Passages").fill("2")
    assert rows(shelf) == ["Alder 3: what changed"]
    shelf.get_by_label("State", exact=True).select_option("skipped")
    expect(shelf.locator(".nothing")).to_be_visible()


def test_an_article_is_read_with_its_passages_marked(shelf: Page) -> None:
    shelf.get_by_role("link", name="Alder 3: what changed").click()
    pieces = shelf.locator(".passage-piece")
    expect(pieces).to_have_count(3)
    tints = {str(one.evaluate("e => getComputedStyle(e).backgroundColor")) for one in pieces.all()}
    assert len(tints) == 2
    expect(pieces.nth(2)).to_contain_text("Running it")
    expect(pieces.nth(2)).to_contain_text("5.1 GB of memory")
    pieces.nth(1).get_by_role("link", name="Passage 2").click()
    assert shelf.url.endswith("#passage-2")


def test_two_thousand_articles_sort_and_filter_at_once(context: BrowserContext, library: Library) -> None:
    page = context.new_page()
    parts = """(count) => {
        const row = (n) => `<tr data-source="s" data-state="in">
            <td class="title"><a href="#">Note ${n * 7919 % count}</a></td>
            <td class="publisher">Press ${n % 17}</td><td class="published" data-key="20${10 + n % 16}">.</td>
            <td class="source">s</td><td class="passages" data-key="${n % 9}">${n % 9}</td>
            <td class="state in">in the library</td><td class="act"></td></tr>`;
        return Array.from({ length: count }, (_, n) => row(n)).join("");
    }"""
    made = str(page.evaluate(parts, 2000))

    def answer(route: object) -> None:
        real = route.fetch()  # type: ignore[attr-defined]
        before, _, rest = real.text().partition('<template id="rows"><table>')
        whole = f'{before}<template id="rows"><table>{made}{rest[rest.index("</table>") :]}'
        route.fulfill(response=real, body=whole)  # type: ignore[attr-defined]

    page.route(library.url, answer)
    open_shelf(page, library.url)
    expect(page.locator("#shown")).to_have_text("2,000 articles")
    took = page.evaluate(
        """() => { const began = performance.now();
        document.querySelector('[data-sort="publisher"]').click();
        document.querySelector("#articles").offsetHeight;
        return performance.now() - began; }"""
    )
    assert took < 1500
    page.get_by_label("Title", exact=True).fill("note 199")
    expect(page.locator("#shown")).to_have_text("12 of 2,000 articles")
    page.get_by_label("Title", exact=True).fill("")
    page.locator(".shelf-scroll").evaluate("e => { e.scrollTop = 5000; }")
    expect(page.locator("#articles tbody tr").nth(150)).to_be_attached()


@pytest.mark.parametrize("width", [1280, 1000, 390])
def test_a_source_has_room_for_its_name_and_its_interval(
    context: BrowserContext, library: Library, width: int
) -> None:
    change_setting(
        library.shelf.workshop.home.settings_file, "sources", [str(library.folder / ("notes-" * 12))]
    )
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(library.url)
    row = page.locator(".source-row").first
    expect(row).to_be_visible()
    shares = row.evaluate("e => e.querySelector('.what').clientWidth / e.clientWidth")
    assert shares > 0.5
    # As wide as its longest choice: what is cut off cannot be read anywhere.
    cut = """e => { const free = e.cloneNode(true); free.style.width = "auto"; document.body.append(free);
        const wanted = free.offsetWidth; free.remove(); return wanted - e.offsetWidth; }"""
    assert row.locator(".often").evaluate(cut) <= 0


def test_chat_and_library_lead_to_each_other(context: BrowserContext, library: Library) -> None:
    page = context.new_page()
    visit(page, library.site.url)
    expect(page.locator("#status")).to_contain_text(re.compile(r"Next sync (?:\d\d? \w{3} )?\d\d:\d\d"))
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Library")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Chat").click()
    expect(page.locator(".welcome")).to_be_visible()


def test_an_old_answer_keeps_its_words_and_says_that_the_article_changed(
    context: BrowserContext, library: Library
) -> None:
    page = context.new_page()
    visit(page, library.site.url)
    ask(page, MOVING)
    mark = page.locator("#latest .prose .mark").nth(1)
    mark.click()
    expect(page.locator("#source-panel mark")).to_contain_text("71 of 100 questions")
    expect(page.locator("#source-panel .since")).to_have_count(0)
    file = library.folder / "demo" / "articles" / "northfold" / "alder-3.md"
    file.write_text(file.read_text().replace("71 of 100", "72 of 100"))
    library.shelf.syncs.runner.sync("schedule")
    mark.click()
    expect(page.locator("#source-panel .since")).to_contain_text("changed since")
    expect(page.locator("#source-panel mark")).to_contain_text("71 of 100 questions")
    file.unlink()
    library.shelf.syncs.runner.sync("schedule")
    page.reload()
    page.locator("#latest .prose .mark").nth(1).click()
    expect(page.locator("#source-panel .since")).to_contain_text("removed since")
    expect(page.locator("#source-panel mark")).to_contain_text("71 of 100 questions")


def test_nobody_else_is_asked_and_nothing_complains(context: BrowserContext, library: Library) -> None:
    watched = Watched(context.new_page())
    page = watched.page
    open_shelf(page, library.url)
    page.locator("#files").set_input_files(library.write("crane.md", CRANE))
    expect(page.locator("#articles")).to_contain_text("The Crane")
    idle(page)
    page.get_by_role("link", name="The Crane").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The Crane")
    assert watched.hosts == {urlsplit(library.url).netloc}
    assert watched.complaints == []


def test_every_control_has_a_name_and_shows_its_focus(shelf: Page) -> None:
    seen = names_of_controls(shelf, 60)
    assert any("Choose files" in name for name in seen)
    assert "Title" in seen


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_page_fits_in_both_colour_schemes(browser: Browser, library: Library, scheme: str) -> None:
    made = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = made.new_page()
    open_shelf(page, library.url)
    fits = """[document.documentElement, document.querySelector(".shelf-scroll")]
        .every((part) => part.scrollWidth <= part.clientWidth + 1)
        && document.documentElement.scrollHeight <= window.innerHeight + 1"""
    assert page.evaluate(fits)
    library.write("birds/" + "x" * 120 + ".md", CRANE.replace("The Crane", "Crane" * 40))
    page.get_by_label("A folder, a file or an address").fill(str(library.folder / "birds"))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add to the library").click()
    expect(page.locator("#articles")).to_contain_text("CraneCrane")
    assert page.evaluate(fits)
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Publisher").fill("marsh")
    expect(page.locator("#shown")).to_have_text("1 of 5 articles")
    page.locator("#articles a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate(fits)
    background = str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    brightness = sum(int(number) for number in re.findall(r"\d+", background)[:3])
    assert (brightness < 150) is (scheme == "dark")
    made.close()


def test_a_footnote_leads_to_its_passage_on_the_articles_page(
    context: BrowserContext, library: Library
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 900, "height": 500})
    visit(page, library.site.url)
    ask(page, MOVING)
    page.locator("#latest .prose .mark").nth(1).click()
    page.get_by_role("link", name="Read the article in the library").click()
    expect(page.locator("h1")).to_have_text("Alder 3: what changed")
    cited = page.locator(".passage-piece:has(#cited)")
    expect(cited).to_contain_text("it answers 71 of 100 questions, where Alder 2 answered 58")
    expect(cited).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#latest .question")).to_have_text(MOVING)
