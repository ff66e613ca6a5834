"""Text of articles, files and models that tries to be more than text, all of it at once, in Chromium."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from chat_samples import HOSTILE, answer, citation, sentence
from hostile_text import PAYLOADS, REORDERING, WAYS
from page_steps import PANDAS_WARNING, Site, Watched, ask, visit
from playwright.sync_api import BrowserContext, Page, expect

from assistant.answer import Claim, Disagreement, Withdrawn
from assistant.events import (
    AnswerEvent,
    AnswerFinished,
    QuestionUnderstood,
    SentenceChecked,
    TextWritten,
    Turn,
)
from ui.chat.chat_parts import ChatParts
from ui.chat.demo_page import demo_app, demo_parts
from ui.chat.demo_shelf import DemoShelf
from ui.markup import shown

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)

TEXTS = (*HOSTILE, *PAYLOADS)
QUESTION = WAYS["an event"][0]
CANARY = """
    window.ran = () => { window.top.hasRun = true; };
    window.alert = window.confirm = window.prompt = window.ran;
    window.broken = [];
    document.addEventListener("securitypolicyviolation", (event) => window.broken.push(event.blockedURI));
"""
# What only markup from elsewhere would have, and links that tell where they were followed from.
FOREIGN = """() => Array.from(document.querySelectorAll(
    "#app :is(script, style, img, iframe, object, embed, video, audio, base, meta, link, math, marquee),"
    + "#app :is([onerror], [onload], [onclick], [onfocus], [onmouseover], [src], [srcdoc], [action]),"
    + "#app a:not([href]), #app a[href*=script\\\\:]"
), (element) => element.outerHTML)"""
LINKS = "Array.from(document.querySelectorAll('#app a[target]'), (a) => [a.href, a.rel, a.referrerPolicy])"


class HostileAnswers:
    """An assistant whose every word, and whose articles' every word, would rather be code."""

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        sources = tuple(
            citation(
                number,
                title=text,
                publisher=text,
                published=text,
                heading=text,
                article=text,
                url=text if number % 2 else f"https://weather.example/{number}",
                passage=f"before {text} after",
                quote=text,
            )
            for number, text in enumerate(TEXTS, start=1)
        )
        said = tuple(sentence(one.title, one.number) for one in sources)
        claims = tuple(Claim(one.title, one.number) for one in sources)
        yield QuestionUnderstood(" ".join(TEXTS))
        for one, source in zip(said, sources, strict=True):
            yield TextWritten(one.text + " ")
            yield SentenceChecked(one, (source,))
        yield AnswerFinished(
            answer(
                question=question,
                standalone_question=" ".join(TEXTS),
                sentences=said,
                citations=sources,
                missing=" ".join(TEXTS),
                withdrawn=tuple(Withdrawn(text, text) for text in TEXTS),
                disagreements=(Disagreement(" ".join(TEXTS), claims),),
            )
        )


def write_hostile_articles(folder: Path) -> None:
    """An article for each text, which has it wherever an article has something, in its file's name too."""
    for number, text in enumerate(TEXTS):
        name = re.sub(r"[/\x00\ud800-\udfff]", "\u2215", text)[:60].strip(". ")
        file = folder / f"{number} {name}.md"
        facts = dict.fromkeys(("title", "publisher", "author", "date", "url"), text)
        front = "".join(f"{name}: {json.dumps(value)}\n" for name, value in facts.items())
        file.write_text(f"---\n{front}---\n\n# {text}\n\n{text}\n\n```\n{text}\n```\n", encoding="utf-8")
    (folder / "no article <img src=x onerror=ran()>.txt").write_bytes(b"\x00\x01\x02")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Chat and library, with nothing in them but such text."""
    articles = tmp_path / "articles" / WAYS["out of an attribute"][0]
    articles.mkdir(parents=True)
    write_hostile_articles(articles)
    shelf = DemoShelf(tmp_path)
    shelf.wait()

    def parts() -> ChatParts:
        made = demo_parts(tmp_path, pause=0)
        return replace(made, answers=HostileAnswers(), examples=TEXTS[:8])

    made = Site(parts, lambda shown: demo_app(shown, shelf))
    made.start()
    yield made
    made.stop()
    shelf.close()


def nothing_happened(watched: Watched, site: Site, where: str) -> None:
    """Nothing ran, was asked for elsewhere, led away or was stopped by a policy: it was all text."""
    page = watched.page
    page.wait_for_timeout(300)
    assert page.evaluate("window.hasRun") is None
    assert page.evaluate("window.broken") == []
    assert watched.complaints == []
    assert watched.hosts == {f"127.0.0.1:{site.port}"}
    assert re.match(where, page.url.removeprefix(site.url))
    assert page.evaluate(FOREIGN) == []
    for address, relation, policy in page.evaluate(LINKS):
        assert re.match(r"https?://", address)
        assert (relation, policy) == ("noopener noreferrer", "no-referrer")
    assert not REORDERING & set(page.locator("#app").inner_text())


def test_what_articles_and_models_say_is_never_run(context: BrowserContext, site: Site) -> None:
    watched = Watched(context.new_page())
    page = watched.page
    page.add_init_script(CANARY)
    visit(page, site.url)
    nothing_happened(watched, site, "$")
    ask(page, QUESTION)
    for text in HOSTILE:
        expect(page.locator("#latest .prose")).to_contain_text(text)
        expect(page.locator("#latest .missing")).to_contain_text(text)
    for way in WAYS.values():
        number = TEXTS.index(way[0]) + 1
        page.locator(f'#latest .prose .mark[data-number="{number}"]').click()
        expect(page.locator("#source-panel .number")).to_have_text(str(number))
        expect(page.locator("#source-panel mark")).to_have_text(shown(way[0]))
        expect(page.locator("#source-panel blockquote")).to_have_text(f"before {shown(way[0])} after")
    nothing_happened(watched, site, r"\?c=")
    rename(page, WAYS["an event"][1])
    page.reload()
    expect(page.locator("#latest .prose")).to_contain_text(HOSTILE[0])
    nothing_happened(watched, site, r"\?c=")


def rename(page: Page, title: str) -> None:
    entry = page.locator("#sidebar .conversation").first
    entry.hover()
    entry.locator('[data-action="rename"]').click()
    entry.locator("input").fill(title)
    entry.locator("input").press("Enter")
    expect(page.locator("#sidebar .conversation a").first).to_have_text(title)


def test_what_files_and_articles_are_called_is_never_run(context: BrowserContext, site: Site) -> None:
    watched = Watched(context.new_page())
    page = watched.page
    page.add_init_script(CANARY)
    page.goto(f"{site.url}library")
    expect(page.locator("#shown")).to_contain_text("articles")
    expect(page.locator("#runs")).to_contain_text("<img src=x onerror=ran()>")
    page.locator('[data-action="more-rows"]').scroll_into_view_if_needed()
    page.locator('[data-action="remove-source"]').first.click()
    expect(page.locator("#confirm-question")).to_be_visible()
    page.locator('[data-action="close-dialog"]').click()
    nothing_happened(watched, site, "library")
    page.locator("#place").fill(WAYS["an event"][0])
    page.locator("#place").press("Enter")
    expect(page.locator("#place-error")).to_contain_text(WAYS["an event"][0])
    # That there is no such place comes as an answer with a status, which the browser notes.
    assert [one for one in watched.complaints if "422" not in one] == []
    watched.complaints.clear()
    nothing_happened(watched, site, "library")
    for text in (WAYS["an event"][0], WAYS["out of an element"][0]):
        page.goto(f"{site.url}library")
        page.locator("#articles").get_by_role("link", name=text, exact=True).first.click()
        expect(page.locator("article.reading h1")).to_have_text(text)
        expect(page.locator(".passage-text").first).to_contain_text(text)
        nothing_happened(watched, site, "library/article")


def test_words_from_right_to_left_do_not_move_the_words_behind_them(
    context: BrowserContext, site: Site
) -> None:
    """A date behind a Hebrew name stands to the right of it, as behind any other."""
    page = context.new_page()
    visit(page, site.url)
    placed = page.evaluate(
        """() => {
            const line = document.createElement("p");
            line.innerHTML = "<bdi>\u05d0\u05d1\u05d2</bdi> · <time>18 March 2025</time>";
            document.querySelector("#conversation").append(line);
            const place = (tag) => line.querySelector(tag).getBoundingClientRect();
            return [place("bdi").right, place("time").left];
        }"""
    )
    assert placed[0] < placed[1]
