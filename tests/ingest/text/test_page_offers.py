"""Lists of other articles and boxes for a mail address go by what they say, whatever they are called."""

import pytest
from lxml import html

from ingest.text.page_offers import drop_offers

WORDS = (
    "<p>" + "The dam holds the water of three valleys, and has done so for longer than anybody knows. " * 4
)
CARD = "<a href='/x'><h4>gone</h4><p>How the water came into the valley, told by those who saw it.</p></a>"


def left(markup: str) -> str:
    body = html.document_fromstring(f"<html><body><main>{WORDS}</p>{markup}</main></body></html>").find(
        "body"
    )
    drop_offers(body)
    return str(body.text_content())


@pytest.mark.parametrize(
    "markup",
    [
        f"<div><h3>More from Copse Labs</h3>{CARD}{CARD}</div>",
        f"<section><div><h2>You might also like</h2></div><div>{CARD}</div></section>",
        f"<h3>Related reading</h3><div>{CARD}</div><ul><li><a>gone</a></li></ul>",
        f"<div><h3>Mehr zum Thema:</h3>{CARD}</div>",
        f"<div><h3>相关阅读</h3>{CARD}</div>",
        f"<div><h3>Читайте также</h3>{CARD}</div>",
        f"<div><h3>مقالات ذات صلة</h3>{CARD}</div>",
        "<div><h3>Stay in touch</h3><p>gone</p><div><input placeholder='you@example.com'></div></div>",
        "<div>gone: our best posts, once a month<input type='email'></div>",
    ],
)
def test_offers_go(markup: str) -> None:
    assert "gone" not in left(markup)


@pytest.mark.parametrize(
    "markup",
    [
        f"<div><h3>More about the dam</h3>{WORDS}kept</p></div>",
        f"<div><h3>Related work</h3>{CARD}kept</div>",
        "<h3>Read more</h3><p>kept, by the way</p>",
        f"<div>{WORDS}<input name='email'></p>kept</div>",
        "<div>kept<input type='search' name='words'></div>",
        "<div>kept<input type='hidden' name='email'></div>",
    ],
)
def test_text_stays(markup: str) -> None:
    assert "kept" in left(markup)


def test_a_page_that_is_a_list_of_articles_keeps_it() -> None:
    body = html.document_fromstring(f"<body><div><h2>Latest news</h2>{CARD * 9}</div></body>").find("body")
    drop_offers(body)
    assert body.text_content().count("gone") == 9
