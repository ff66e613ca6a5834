"""HTML trees to blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.clean_text import CleanText
from ingest.text.html_blocks import HtmlBlocks, parse_fragment

TAGS = (
    "p div h1 h3 ul li table tr td th pre code blockquote b i a br hr span sup sub s dl dt dd details".split()
)
SCRAPS = st.sampled_from(
    [f"<{tag}>" for tag in TAGS]
    + [f"</{tag}>" for tag in TAGS]
    + [
        "<html>",
        "</html>",
        "<body>",
        "<head>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?xml?>",
        "<x:y>",
        "&#0;",
        "&lt;",
    ]
    + ["word ", "7", "| a | b |\n", "\n", "é"]
)


def blocks(markup: str) -> list[tuple[str, str]]:
    out = CleanText()
    HtmlBlocks(out).write(parse_fragment(markup))
    return [(block.kind, out.text[block.start : block.end]) for block in out.blocks]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h1>A</h1><h3>B <i>b</i></h3>", [("heading", "A"), ("heading", "B b")]),
        ("<p>A <b>bold</b><i>er</i> <a href='#'>link</a>.</p>", [("paragraph", "A bolder link.")]),
        ("<p>one<p>two", [("paragraph", "one"), ("paragraph", "two")]),
        ("<div>a<p>b</p>c<br>d</div>e", [("paragraph", text) for text in ("a", "b", "c d", "e")]),
        ("<p>a</p><hr>b", [("paragraph", "a"), ("paragraph", "b")]),
        ("<ul><li>a<ul><li>b<li>c</ul><li>d</ul>", [("item", text) for text in "abcd"]),
        ("<ol><li><p>a</p><p>b</p></ol>", [("item", "a"), ("item", "b")]),
        ("<dl><dt>Term<dd>Meaning</dl>", [("item", "Term"), ("item", "Meaning")]),
        ("<blockquote><p>a</p><p>b</p></blockquote>c", [("quote", "a"), ("quote", "b"), ("paragraph", "c")]),
        ("<blockquote><ul><li>a</ul></blockquote>", [("item", "a")]),
        ("<pre><code>x = 1\n  y = 2\n</code></pre>", [("code", "x = 1\n  y = 2")]),
        ("<pre>\n    <pre>x\n  y</pre>\n </pre>", [("code", "x\n  y")]),
        ("<pre>a <pre>b</pre></pre>", [("code", "a b")]),
        ("<details><summary>S</summary>Inner</details>", [("paragraph", "S"), ("paragraph", "Inner")]),
        ("<figure><img alt='no'><figcaption>C</figcaption></figure>", [("paragraph", "C")]),
        ("<a href='#'><div>in a link</div></a>", [("paragraph", "in a link")]),
        ("<span><p>a</p> b</span>", [("paragraph", "a"), ("paragraph", "b")]),
        ("<p>a &amp; &lt;b&gt; &eacute;&nbsp;c</p>", [("paragraph", "a & <b> é c")]),
        ("<html><body><p>whole page</p></body></html>", [("paragraph", "whole page")]),
        ("", []),
        ("<p> </p><h2></h2>&nbsp;", []),
    ],
)
def test_structure_becomes_blocks(markup: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(markup) == expected


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        "<noscript>turn it on</noscript>",
        "<template><p>not yet</p></template>",
        "<svg><text>drawn</text></svg>",
        "<nav><ul><li>Home</li></ul></nav>",
        "<button>Push</button>",
        "<!-- a remark -->",
        "<?php echo 'x' ?>",
        "<iframe>inner</iframe>",
        "<del>taken back</del>",
        "<s>struck</s>",
    ],
)
def test_what_is_no_text_of_the_article_stays_out_but_not_what_follows_it(markup: str) -> None:
    assert blocks(f"<p>a {markup} b</p>c") == blocks("<p>a  b</p>c")
    assert blocks(f"{markup}after") == [("paragraph", "after")]


def test_a_form_stays_out() -> None:
    assert blocks("<form><p>Your name</p><input value=x></form><p>after</p>") == [("paragraph", "after")]


@pytest.mark.parametrize(
    ("markup", "rows"),
    [
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b\n1 | 2"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a | b\nc | d"),
        ("<table><thead><tr><th>a</thead><tbody><tr><td>1</tbody></table>", "a\n1"),
        ("<table><tr><td>a<br>b</td><td><p>c</p><p>d</p></td></tr></table>", "a b | c d"),
        ("<table><tr><td></td><td> </td></tr><tr><td></td><td>x</td></tr></table>", " | x"),
        (
            "<table><tr><td><table><tr><td>inner</td></tr></table></td><td>outer</td></tr></table>",
            "inner | outer",
        ),
        ("<table><caption>no row</caption></table>", None),
    ],
)
def test_a_table_is_a_line_for_each_row(markup: str, rows: str | None) -> None:
    assert blocks(markup) == ([("table", rows)] if rows else [])


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>6</sup> tokens", "10^6 tokens"),
        ("<b>10</b><sup>-3</sup>", "10^-3"),
        ("in 2024<sup>1</sup>.", "in 2024^1."),
        ("80.8% <sup>1</sup>", "80.8% 1"),
        ("the 13<sup>th</sup>", "the 13th"),
        ("growth<sup>[2]</sup>", "growth[2]"),
        ("H<sub>2</sub>O", "H2O"),
    ],
)
def test_a_raised_figure_does_not_join_the_number_before_it(markup: str, text: str) -> None:
    assert blocks(f"<p>{markup}</p>") == [("paragraph", text)]
    assert blocks(f"<table><tr><td>{markup}</td></tr></table>") == [("table", text)]


def test_rows_of_bars_in_running_text_are_a_table() -> None:
    assert blocks("<p>| a | b |\n|---|\n| 1 | 2 |</p>") == [("table", "a | b\n1 | 2")]
    assert blocks("<p>| only one row |</p>") == [("paragraph", "| only one row |")]
    assert blocks("<p>| a |\nand more</p>") == [("paragraph", "| a | and more")]


@given(st.lists(SCRAPS, max_size=30).map("".join))
def test_any_markup_gives_blocks_that_tell_their_words(markup: str) -> None:
    for kind, text in blocks(markup):
        assert text.strip()
        assert kind in ("heading", "paragraph", "item", "table", "code", "quote")


def test_endless_nesting_does_no_harm() -> None:
    for tag in ("div", "span", "b", "ul", "blockquote", "table"):
        blocks(f"<{tag}>" * 3000 + "deep")
