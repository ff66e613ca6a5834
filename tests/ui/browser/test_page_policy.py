"""The pages' policies in Chromium: what they need and what they forbid."""

import pytest
from page_steps import MEMORY, PANDAS_WARNING, Site, Watched, ask, visit
from playwright.sync_api import BrowserContext, Route, expect

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)

# What markup could bring in, were it not escaped: a script, an event, a style, a picture, a frame, a form.
BROUGHT_IN = """() => {
    const brought = document.createElement("div");
    document.body.append(brought);
    brought.innerHTML = `
        <img src="https://leak.example/a.png" onerror="window.ran()">
        <p style="color: red" id="styled">styled</p>
        <iframe src="https://leak.example/"></iframe>
        <form action="https://leak.example/" id="away"></form>`;
    for (const [tag, text] of [["script", "window.ran()"], ["style", "#styled { color: red }"]]) {
        const element = document.createElement(tag);
        element.textContent = text;
        brought.append(element);
    }
    document.querySelector("#away").submit();
    return getComputedStyle(document.querySelector("#styled")).color;
}"""


@pytest.mark.parametrize("place", ["", "library"])
def test_what_is_brought_into_a_page_does_nothing(context: BrowserContext, shelved: Site, place: str) -> None:
    watched = Watched(context.new_page())
    page = watched.page
    page.add_init_script("window.ran = () => { window.hasRun = true; };")
    page.goto(shelved.url + place)
    expect(page.locator("#latest .welcome, #articles")).to_be_visible(timeout=60_000)
    assert watched.complaints == []
    assert page.evaluate(BROUGHT_IN) != "rgb(255, 0, 0)"
    # By itself: a locator would wait for the form to lead away, which it does not.
    assert page.evaluate("document.querySelector('#styled') !== null")
    page.wait_for_timeout(500)
    assert page.evaluate("window.hasRun") is None
    assert page.url == shelved.url + place
    assert watched.answered == {f"127.0.0.1:{shelved.port}"}
    assert all("Content Security Policy" in one or "ERR_BLOCKED" in one for one in watched.complaints)
    assert len(watched.complaints) >= 5


def test_the_chat_is_not_drawn_at_all_without_eval(context: BrowserContext, site: Site) -> None:
    """Why the policy has 'unsafe-eval'. If this fails, Gradio can do without: take it out."""

    def stricter(route: Route) -> None:
        answer = route.fetch()
        policy = answer.headers["content-security-policy"].replace(" 'unsafe-eval'", "")
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": policy})

    watched = Watched(context.new_page())
    watched.page.route(site.url, stricter)
    watched.page.goto(site.url)
    expect(watched.page.locator("gradio-app")).to_be_attached()
    watched.page.wait_for_timeout(2000)
    assert watched.page.locator("#latest .welcome").count() == 0
    assert any("unsafe-eval" in one for one in watched.complaints)


def test_the_nonce_of_a_page_is_used_once(context: BrowserContext, site: Site) -> None:
    page = context.new_page()
    policies = {page.goto(site.url).headers["content-security-policy"] for _ in range(2)}  # type: ignore[union-attr]
    assert len(policies) == 2


def test_no_page_shows_this_one_in_a_frame(context: BrowserContext, site: Site) -> None:
    page = context.new_page()
    page.set_content(f'<iframe src="{site.url}"></iframe>')
    page.wait_for_timeout(1000)
    assert [frame.title() for frame in page.frames[1:]] != ["Footnote"]


def test_the_pages_own_work_breaks_no_policy(context: BrowserContext, shelved: Site) -> None:
    watched = Watched(context.new_page())
    visit(watched.page, shelved.url)
    ask(watched.page, MEMORY)
    watched.page.locator("#latest .prose .mark").first.click()
    expect(watched.page.locator("#source-panel mark")).to_be_visible()
    watched.page.goto(shelved.url + "library")
    watched.page.locator("#articles td.title a").first.click()
    expect(watched.page.locator("article.reading")).to_be_visible()
    assert watched.complaints == []
    assert watched.hosts == {f"127.0.0.1:{shelved.port}"}
