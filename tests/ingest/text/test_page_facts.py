"""What a page tells of itself is found where pages keep it, and nothing is guessed."""

import pytest
from lxml import html

from ingest.text.page_facts import WebPageFacts, read_page_facts

TEXT = (
    "<p>The dam holds the water of three valleys, and has done so for longer than anybody can remember.</p>"
)


def read(body: str, head: str = "", attributes: str = "") -> WebPageFacts:
    page = f"<html {attributes}><head>{head}</head><body>{body}</body></html>"
    return read_page_facts(html.document_fromstring(page))


def test_a_page_that_tells_nothing_has_no_facts() -> None:
    assert read(TEXT) == WebPageFacts()


@pytest.mark.parametrize(
    "markup",
    [
        '<time datetime="2026-03-04T23:00:00-08:00">yesterday</time>',
        '<time class="published">4 March 2026</time>',
        '<span itemprop="datePublished" content="2026-03-04">new</span>',
        "<div>Published 4 March 2026</div>",
        "<div>4. März 2026, 07:30</div>",
        "<div>Publié le 4 mars 2026</div>",
        "<div>04.03.2026, 07:30</div>",
        "<div>发布时间：2026年3月4日</div>",
        "<div>4 марта 2026</div>",
        "<div>نشر في 4 مارس 2026</div>",
        "<div>4 de marzo de 2026</div>",
        "<p>Mar 4, 2026 · Updated Mar 9, 2026</p>",
    ],
)
def test_the_day_stands_near_the_title_in_many_forms(markup: str) -> None:
    assert read(f"<h1>A dam</h1>{markup}{TEXT}").published == "2026-03-04"


@pytest.mark.parametrize(
    "markup",
    [
        f"{TEXT}<p>It was opened on 4 March 2026.</p>",
        f"<aside><time datetime='2026-03-04'>x</time></aside>{TEXT}",
        f"{TEXT}<div class='comments'><time class='published' datetime='2026-03-04'>x</time></div>",
        "<div>Version 4.3.20.26</div>",
        "<div>Updated 4 March 2026</div>",
        "<footer>© 2026 The site, 4 March 2026</footer>",
    ],
)
def test_a_day_in_the_text_or_of_others_is_not_the_pages(markup: str) -> None:
    assert read(f"<h1>A dam</h1>{markup}{TEXT}").published is None


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ("", '<meta property="article:modified_time" content="2026-03-09T00:10:00+01:00">'),
        ("", '<meta property="og:updated_time" content="2026-03-09">'),
        ("<p>Last updated on Mar 9, 2026.</p>", ""),
        ("<p>Zuletzt geändert am 9. März 2026</p>", ""),
        ("<footer><div>Updated <time datetime='2026-03-09'>last week</time></div></footer>", ""),
        ("<p>Published 4 March 2026 · Updated 9 March 2026</p>", ""),
        ("<p>更新时间：2026年3月9日</p>", ""),
    ],
)
def test_the_day_of_the_last_change_is_learned(body: str, head: str) -> None:
    assert read(f"<h1>A dam</h1>{body}{TEXT}", head).updated == "2026-03-09"


@pytest.mark.parametrize(
    ("title", "heading", "found", "publisher"),
    [
        ("A dam | The Post", "A dam", "A dam", None),
        ("A dam - News - The Post", "A dam", "A dam", None),
        ("The Post: a dam", "The Post: a dam", "The Post: a dam", None),
        ("A dam - The Post", "<a href='/'>The Post</a>", "A dam", "The Post"),
        ("Keyboard - Manual", "Help</h1><h1>Keyboard", "Keyboard", None),
        ("A dam", "Something else", "A dam", None),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(
    title: str, heading: str, found: str, publisher: str | None
) -> None:
    facts = read(f"<h1>{heading}</h1>{TEXT}", f"<title>{title}</title>")
    assert (facts.title, facts.publisher) == (found, publisher)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<a rel='author' href='/ada'>Ada Berg</a>", "Ada Berg"),
        ("<p class='byline'>By Ada Berg</p>", "Ada Berg"),
        ("<div class='c-author'>Von Ada Berg</div>", "Ada Berg"),
        ("<div class='author'>作者：沈若岚</div>", "沈若岚"),
        ("<span itemprop='author'><a>Ada</a><b>4,471</b></span>", "Ada"),
        ("<section class='author-rules'><p>Authors are to be named in full.</p></section>", None),
        ("<div class='comments'><span class='author'>moorhen</span></div>", None),
        ("<p>By Ada Berg</p>", None),
    ],
)
def test_an_author_is_one_who_is_marked_as_such(body: str, name: str | None) -> None:
    assert read(f"<h1>A dam</h1>{body}{TEXT}").author == name


@pytest.mark.parametrize(
    ("head", "attributes", "language"),
    [
        ("", 'lang="de-AT"', "de-AT"),
        ("", 'xml:lang="ru"', "ru"),
        ('<meta http-equiv="content-language" content="zh">', "", "zh"),
        ('<meta property="og:locale" content="fr_FR">', "", "fr-FR"),
        ("", 'lang="%LANG%"', None),
        ("", "", None),
    ],
)
def test_the_language_is_what_the_page_names(head: str, attributes: str, language: str | None) -> None:
    assert read(TEXT, head, attributes).language == language


def test_the_day_in_the_pages_address_counts_when_nothing_else_tells_it() -> None:
    head = '<link rel="canonical" href="https://example.org/2026/03/04/dam/">'
    assert read(f"<h1>A dam</h1>{TEXT}", head).published == "2026-03-04"


def test_the_holder_of_the_rights_is_the_publisher_when_the_page_shows_the_name_elsewhere() -> None:
    footer = "<p>© 1999-2026 Deepwater Institute. All rights reserved.</p>"
    assert read(f"<b>Deepwater Institute</b>{TEXT}{footer}").publisher == "Deepwater Institute"
    assert read(f"{TEXT}{footer}").publisher is None


def test_names_that_begin_with_the_last_one_are_turned_round() -> None:
    head = "".join(f"<meta name='citation_author' content='{name}'>" for name in ("Holm, Ida", "Lund, B. C."))
    assert read(TEXT, head).author == "Ida Holm, B. C. Lund"
    assert read(TEXT, "<meta name='author' content='Ida Holm, Bea Lund'>").author == "Ida Holm, Bea Lund"


def test_chinese_pages_part_the_name_of_the_site_with_signs_of_their_own() -> None:
    for sign in ("_", "-", " - "):
        facts = read("<h1>小模型的回归</h1>", f"<title>小模型的回归{sign}海港日报</title>")
        assert facts.title == "小模型的回归"
    assert read("<h1>Rain</h1>", "<title>Rain-proof</title>").title == "Rain-proof"
