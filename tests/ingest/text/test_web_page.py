"""Saved web pages: the article stays, the page around it goes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article_file import ArticleReader
from ingest.text.clean_text import CleanText
from ingest.text.page_facts import WebPageFacts
from ingest.text.web_page import WebPageReader

STORY = """<h1>Banks move off Llama</h1>
<p class="byline">By Ada Berg</p>
<p>Three large banks said this week that they will replace Llama 3 with models under the Apache licence,
after their lawyers read the terms of the community licence again.</p>
<h2>What they run today</h2>
<p>All three run the models on their own machines.<br>None of them sends customer data outside.</p>
<ul><li>The first bank serves 4,000 advisers.</li><li>The second uses it for letters:
<ul><li>complaints</li><li>reminders</li></ul></li></ul>
<blockquote><p>We could not explain the licence to our auditors.</p></blockquote>
<h2>What it costs</h2>
<table><thead><tr><th>Bank</th><th>Model</th><th>Memory</th></tr></thead>
<tbody><tr><td>North</td><td>Qwen3 8B</td><td>11.5 GB</td></tr></tbody></table>
<p>The move takes about six weeks, most of it spent on tests with the banks' own questions, the three said
in a joint note on Monday.</p>
<pre><code>serve --model qwen3-8b
  --threads 8</code></pre>"""

HEAD = """<meta charset="utf-8"><title>Banks move off Llama | The Ledger Post</title>
<meta property="og:title" content="Banks move off Llama">
<meta property="og:site_name" content="The Ledger Post">
<meta name="author" content="Ada Berg">
<meta property="article:published_time" content="2026-04-13T23:30:00-07:00">
<link rel="canonical" href="https://ledger.example/2026/banks-move">
<style>.nav { color: red }</style><script>var tracking = "do not read me";</script>"""

PAGE = f"""<!DOCTYPE html>
<html lang="en-GB"><head>{HEAD}</head>
<body>
<div id="cookie-banner" class="cookie-consent"><p>We use cookies to improve your experience. Accept them?</p>
<button>Accept all</button></div>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav></header>
<main><article>{STORY}</article>
<div class="share-bar"><a href="#">Share on X</a><a href="#">Share on LinkedIn</a></div>
<aside class="related"><h3>Related articles</h3>
<ul><li><a href="/a">Ten gadgets for spring</a></li></ul></aside>
<section id="comments" class="comments"><h3>Comments</h3>
<p>First! Great read, thanks for sharing.</p></section>
</main>
<footer><p>Copyright 2026 The Ledger Post. All rights reserved.</p>
<a href="/privacy">Privacy policy</a></footer>
</body></html>"""


def read(markup: str) -> tuple[WebPageFacts, list[tuple[str, str]]]:
    out = CleanText()
    facts = WebPageReader().write(markup, out)
    return facts, [(block.kind, out.text[block.start : block.end]) for block in out.blocks]


def test_the_story_is_kept_whole_and_in_order() -> None:
    assert read(PAGE)[1] == [
        ("heading", "Banks move off Llama"),
        (
            "paragraph",
            "Three large banks said this week that they will replace Llama 3 with models under the Apache "
            "licence, after their lawyers read the terms of the community licence again.",
        ),
        ("heading", "What they run today"),
        (
            "paragraph",
            "All three run the models on their own machines. None of them sends customer data outside.",
        ),
        ("item", "The first bank serves 4,000 advisers."),
        ("item", "The second uses it for letters:"),
        ("item", "complaints"),
        ("item", "reminders"),
        ("quote", "We could not explain the licence to our auditors."),
        ("heading", "What it costs"),
        ("table", "Bank | Model | Memory\nNorth | Qwen3 8B | 11.5 GB"),
        (
            "paragraph",
            "The move takes about six weeks, most of it spent on tests with the banks' own questions, the "
            "three said in a joint note on Monday.",
        ),
        ("code", "serve --model qwen3-8b\n  --threads 8"),
    ]


@pytest.mark.parametrize(
    "furniture",
    "cookies|Accept all|Home|News|Share|Related|gadgets|Comments|First!|Copyright|Privacy|tracking".split(
        "|"
    ),
)
def test_the_page_around_the_story_stays_out(furniture: str) -> None:
    assert not any(furniture in text for _, text in read(PAGE)[1])


def test_the_page_tells_about_itself_and_its_day_is_the_authors_own() -> None:
    assert read(PAGE)[0] == WebPageFacts(
        title="Banks move off Llama",
        published="2026-04-13",
        publisher="The Ledger Post",
        author="Ada Berg",
        url="https://ledger.example/2026/banks-move",
        language="en-GB",
    )


@pytest.mark.parametrize(
    "markup",
    [
        '<meta name="date" content="2026-04-13">',
        '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle", '
        '"headline": "B", "datePublished": "2026-04-13T23:30:00-11:00"}</script>',
        '<meta property="article:published_time" content="2026-04-13T00:15:00+13:00">',
    ],
)
def test_the_day_is_found_where_pages_keep_it(markup: str) -> None:
    assert read(f"<html><head>{markup}</head><body>{STORY}</body></html>")[0].published == "2026-04-13"


def test_a_page_that_says_nothing_about_itself_is_not_guessed_at() -> None:
    facts = read(f"<html><body>{STORY.replace('By Ada Berg', '')}</body></html>")[0]
    assert (facts.published, facts.publisher, facts.author, facts.url) == (None, None, None, None)


def test_a_page_too_short_to_judge_is_taken_whole() -> None:
    facts, blocks = read("<html><head><title>Note</title></head><body><p>Short.</p></body></html>")
    assert facts.title == "Note"
    assert blocks == [("paragraph", "Short.")]
    assert read("No tags at all.")[1] == [("paragraph", "No tags at all.")]


WORDS = "The bank reads the licence of the model once more, and again the month after that. "


@pytest.mark.parametrize(
    "page",
    [
        PAGE.replace("<main>", "<div>").replace("</main>", "</div>").replace("article>", "div>"),
        PAGE.replace("<main>", "").replace("</main>", "").replace("<article>", "").replace("</article>", ""),
        PAGE.replace("<article>", '<div class="post-content">').replace("</article>", "</div>"),
    ],
    ids=["plain divisions", "straight in the body", "a named division"],
)
def test_the_story_is_kept_whole_however_the_page_is_built(page: str) -> None:
    assert read(page)[1] == read(PAGE)[1]


def test_a_page_as_a_wiki_or_a_word_processor_saves_it_keeps_its_structure() -> None:
    page = f"""<html><body><div id="sidebar"><h3>Navigation</h3><ul><li><a href="a">One</a></li></ul></div>
<div class="WordSection1"><h1>Runbook</h1><p>{WORDS * 3}</p><h2>Steps</h2><ol><li>Stop the server.</li>
<li>Copy the weights.</li></ol><p>{WORDS * 2}</p></div><div id="footer">Powered by Wiki</div></body></html>"""
    assert read(page)[1] == [
        ("heading", "Runbook"),
        ("paragraph", (WORDS * 3).strip()),
        ("heading", "Steps"),
        ("item", "Stop the server."),
        ("item", "Copy the weights."),
        ("paragraph", (WORDS * 2).strip()),
    ]


def test_code_in_a_sentence_stays_in_it_and_a_listing_stays_a_listing() -> None:
    page = f"""<article><p>Use <code>pip install</code> and press <kbd>Enter</kbd>. {WORDS * 3}</p>
<ul><li>Run <code>make</code> now</li></ul><pre>one = 1
two = 2</pre><p>{WORDS}</p><pre><code>three</code></pre></article>"""
    assert read(page)[1] == [
        ("paragraph", f"Use pip install and press Enter. {WORDS * 3}".strip()),
        ("item", "Run make now"),
        ("code", "one = 1\ntwo = 2"),
        ("paragraph", WORDS.strip()),
        ("code", "three"),
    ]


@pytest.mark.parametrize(
    "listing",
    [
        "<pre><code><span>one<br></span><span>two<br></span></code></pre>",
        "<pre><div>one</div><div>two</div></pre>",
        "<table><tr><td class='linenos'><pre>1\n2</pre></td><td><pre>one\ntwo</pre></td></tr></table>",
        "<pre><button>Copy</button><span>one</span>\n<span>two</span></pre>",
    ],
)
def test_a_listing_keeps_its_lines_however_they_are_marked(listing: str) -> None:
    page = f"<article><p>{WORDS * 3}</p>{listing}<p>{WORDS}</p></article>"
    assert read(page)[1][1] == ("code", "one\ntwo")


def test_of_several_posts_none_is_lost_and_a_repeated_title_is() -> None:
    posts = "".join(
        f"<div class='post'><h3>Re: A dam</h3><div class='content'><p>{n}. {WORDS * 2}</p></div></div>"
        for n in range(1, 6)
    )
    page = f"<html><head><title>A dam</title></head><body><h2>A dam</h2>{posts}</body></html>"
    assert [text[:2] for _, text in read(page)[1]] == ["A ", *(f"{n}." for n in range(1, 6))]


def test_the_few_words_before_the_title_are_no_text() -> None:
    page = f"<title>A dam</title><main><div>Old version</div><h1>A dam</h1><p>{WORDS * 3}</p></main>"
    assert [kind for kind, _ in read(page)[1]] == ["heading", "paragraph"]


def test_a_short_page_keeps_its_headings() -> None:
    short = "<h3>A</h3><p>One is said.</p><h5>B</h5><p>Two is said.</p>"
    expected = [
        ("heading", "A"),
        ("paragraph", "One is said."),
        ("heading", "B"),
        ("paragraph", "Two is said."),
    ]
    assert read(short)[1] == expected
    assert read(f"<html><body><nav>Home</nav>{short}</body></html>")[1] == expected


def test_a_page_that_names_its_encoding_as_xml_is_read() -> None:
    page = f'<?xml version="1.0" encoding="iso-8859-1"?>\n{PAGE}'
    assert read(page) == read(PAGE)


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "   ",
        "<html></html>",
        "<!-- only a remark -->",
        "<?php echo 1; ?>",
        "</html>",
        "<title>t</title>",
        "<>",
    ],
)
def test_a_page_without_text_has_no_blocks(markup: str) -> None:
    assert read(markup)[1] in ([], [("paragraph", "<>")])


def test_a_raised_figure_survives_the_extraction() -> None:
    page = PAGE.replace("about six weeks", "about 10<sup>6</sup> weeks")
    assert any("about 10^6 weeks" in text for _, text in read(page)[1])


def test_the_same_page_read_again_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE)
    reader = ArticleReader()
    first = reader.read(file, source="s", path="page.html")
    for _ in range(3):
        assert reader.read(file, source="s", path="page.html") == first


TAGS = "p /p div article table tr td html body head title meta svg math a !-- !DOCTYPE ?xml".split()
SCRAPS = [*(f"<{tag}>" for tag in TAGS), "-->", "<![CDATA[", "]]>", "&#1;", "words ", "Longer text. " * 30]


@given(st.lists(st.sampled_from(SCRAPS), max_size=20).map("".join))
def test_any_page_is_read_without_failing(markup: str) -> None:
    facts, _ = read(markup)
    assert facts.published is None


def test_what_stands_before_the_first_heading_stays_where_the_head_tells_no_title() -> None:
    body = "<p>Plan</p><p>We move in June.</p><h1>Order of teams</h1><p>Each team has a week to itself.</p>"
    assert read(f"<body>{body}</body>")[1][:2] == [("paragraph", "Plan"), ("paragraph", "We move in June.")]
    told = read(f"<title>Order of teams</title><body>{body}</body>")[1]
    assert told[0] == ("heading", "Order of teams")


def test_a_sentence_before_the_title_is_no_furniture() -> None:
    lead = "Nine banks have begun to run their models themselves again."
    page = f"<p>{lead}</p><h1>A return</h1><p>{lead * 3}</p>"
    assert ("paragraph", lead) in read(f"<title>A return</title><body><article>{page}</article>")[1]
