"""JSON-LD as pages carry it, with the mistakes that it has."""

import json
from typing import Any

import pytest
from lxml import html

from ingest.text.structured_data import StructuredData, read_structured_data

STORY = {
    "@type": "NewsArticle",
    "headline": "A dam",
    "datePublished": "2026-03-01",
    "author": {"name": "Ada"},
}


def read(*scripts: Any) -> StructuredData:
    text = "".join(
        f'<script type="application/ld+json">{one if isinstance(one, str) else json.dumps(one)}</script>'
        for one in scripts
    )
    return read_structured_data(html.document_fromstring(f"<html><head>{text}</head><body>x</body></html>"))


@pytest.mark.parametrize(
    "scripts",
    [
        [STORY],
        [[{"@type": "WebSite", "name": "Site"}, STORY]],
        [{"@graph": [{"@type": "BreadcrumbList"}, STORY]}],
        [{"@type": "WebPage", "name": "A dam | Site", "datePublished": "2001-01-01"}, STORY],
        [{"@type": "QAPage", "mainEntity": {**STORY, "@type": "Question"}}],
        ["{broken", STORY],
        ["<!--" + json.dumps(STORY) + "-->"],
        ["//<![CDATA[\n" + json.dumps(STORY) + "\n//]]>"],
        [json.dumps(STORY).replace("A dam", "A dam\n")],
    ],
)
def test_the_article_is_found_wherever_it_stands(scripts: list[Any]) -> None:
    found = read(*scripts)
    assert ((found.title or "").strip(), found.published, found.author) == ("A dam", "2026-03-01", "Ada")


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Ada", "Ada"),
        ([{"name": "Ada"}, {"name": "Bo"}], "Ada, Bo"),
        ({"@id": "#a"}, "Ada Berg"),
        ("https://example.org/ada", None),
        ({"name": ""}, None),
        (7, None),
    ],
)
def test_authors_are_named_in_many_ways(author: Any, name: str | None) -> None:
    people = {"@graph": [{**STORY, "author": author}, {"@id": "#a", "@type": "Person", "name": "Ada Berg"}]}
    assert read(people).author == name


def test_the_articles_of_a_list_are_not_the_pages_own() -> None:
    assert read({"@type": "ItemList", "itemListElement": [STORY]}) == StructuredData()


def test_a_script_that_nests_without_end_says_nothing() -> None:
    assert read("[" * 100_000) == StructuredData()
    assert read('{"@graph":' * 900 + "1" + "}" * 900) == StructuredData()
