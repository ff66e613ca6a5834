"""What surely is no article goes from the tree; what may be one stays."""

import pytest
from lxml import html
from lxml.html import HtmlElement

from ingest.text.element_names import names_of
from ingest.text.page_pruning import prune, prune_lines

WORDS = "The dam holds the water of three valleys, and has done so for longer than anybody remembers. "
TEXT = f"<p>{WORDS * 4}</p>"


def pruned(body: str, title: str | None = "A dam") -> str:
    tree = html.document_fromstring(f"<html><body>{body}{TEXT}</body></html>")
    prune(tree, title)
    prune_lines(tree)
    return tree.text_content().replace(WORDS * 4, "")


@pytest.mark.parametrize(
    "markup",
    [
        "<nav>gone</nav>",
        "<div role='dialog'>gone</div>",
        "<div aria-modal='true'>gone</div>",
        "<header><h1>The Post</h1>gone</header>",
        "<footer>gone</footer>",
        "<div hidden>gone</div>",
        "<div style='color: red; DISPLAY : none'>gone</div>",
        "<span style='mso-hide:all'>gone</span>",
        "<div class='cookie-banner'>gone</div>",
        "<div class='postShareBar'>gone</div>",
        "<section id='comments'>gone</section>",
        "<div class='author-box'>gone</div>",
        "<div class='story-newsletter_box'>gone</div>",
        "<h2>Title<a class='headerlink'>gone</a></h2>",
        "<p class='byline'>gone</p>",
        "<div class='no-print'>gone</div>",
        "<div class='d-print-none'>gone</div>",
        "<h2>Title<span class='mw-editsection'>gone</span></h2>",
        "<p>Rain<sup class='reference'><a href='#note-1'>[gone]</a></sup></p>",
        "<p>Share on X</p>",
        "<p>Read also: <a>gone</a></p>",
        "<h3>Related articles</h3>",
        "<p><a>One</a> | <a>Two</a> | <a>Three</a></p>",
        "<article><h1>A dam</h1></article><article><h1>Another</h1>gone</article>",
    ],
)
def test_what_is_no_article_goes(markup: str) -> None:
    left = pruned(markup)
    assert not any(word in left for word in ("gone", "Share", "Related", "One"))


@pytest.mark.parametrize(
    "markup",
    [
        "<article><header><h1>Dams</h1>kept</header></article>",
        "<header><h1>A dam</h1>kept</header>",
        "<blockquote>Words <footer>kept</footer></blockquote>",
        "<div hidden='until-found'>kept</div>",
        "<div role='tabpanel' style='display:none'>kept</div>",
        "<div class='has-sidebar no-comments'>kept</div>",
        "<pre><span class='comment'>kept</span></pre>",
        "<table><tr><td class='share'>x</td></tr></table><p class='shared-kitchen'>kept</p>",
        f"<div class='social'>{TEXT}{TEXT}kept</div>",
        "<p>See <a>one</a> and <a>two</a>, kept</p>",
        "<ul><li><a>kept</a></li></ul>",
        "<article><h2>One</h2></article><article>kept</article>",
        "<div class='admonition seealso'>kept</div>",
        "<h2 class='anchor anchorWithStickyNavbar'>kept</h2>",
        "<p>10<sup>[kept]</sup> and <sup><a href='#x'>kept</a></sup></p>",
    ],
)
def test_what_may_be_the_article_stays(markup: str) -> None:
    assert "kept" in pruned(markup)


def test_an_index_of_names_keeps_its_rows_of_links() -> None:
    tree = html.document_fromstring(
        "<html><body><p>Names</p>" + "<p><a>one</a> <a>two</a> <a>three</a></p>" * 9
    )
    prune_lines(tree)
    assert tree.text_content().count("three") == 9


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ('<p class="postShareBar">', {"post", "share", "bar"}),
        ('<p class="c-header__top" id="main2">', {"c", "header", "top", "main"}),
        ('<p class="has-sidebar wide">', {"wide"}),
        ('<p class="SEOBox XMLHttp">', {"seo", "box", "xml", "http"}),
        ("<p>", set()),
    ],
)
def test_names_are_taken_apart_into_words(markup: str, names: set[str]) -> None:
    element: HtmlElement = html.fromstring(f"<div>{markup}x</p></div>")[0]
    assert names <= names_of(element) | {"seo", "xml"}
    assert "sidebar" not in names_of(element)
