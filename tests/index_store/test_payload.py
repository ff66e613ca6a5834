"""What goes into Qdrant comes out of it, and what is no passage or article is told of."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import article, passages

from index_store.article import Article, Block
from index_store.errors import LibraryDamaged
from index_store.passage import Passage
from index_store.passage_store import StoredArticle
from index_store.payload import (
    SUMMARY_FIELDS,
    article_from,
    article_payload,
    passage_from,
    passage_payload,
    summary_from,
)

WORDS = st.text()
MAYBE = st.none() | WORDS
PLACES = st.integers(0, 10**9)
BLOCKS = st.builds(
    Block,
    st.sampled_from(["heading", "paragraph", "item", "table", "code", "quote"]),
    PLACES,
    PLACES,
    st.integers(0, 6),
)
ARTICLES = st.builds(
    Article,
    *(WORDS,) * 4,
    st.lists(BLOCKS, max_size=3).map(tuple),
    *(MAYBE,) * 6,
    st.lists(PLACES, max_size=3).map(tuple),
)
STORED = st.builds(StoredArticle, ARTICLES, WORDS, WORDS, st.lists(WORDS, max_size=3).map(tuple), WORDS)
PASSAGES = st.builds(
    Passage,
    *(WORDS,) * 5,
    *(PLACES,) * 3,
    st.lists(WORDS, max_size=3).map(tuple),
    *(MAYBE,) * 3,
    st.none() | PLACES,
    WORDS,
    st.lists(st.tuples(PLACES, PLACES), max_size=3).map(tuple),
)


def as_json(payload: dict[str, Any]) -> dict[str, Any]:
    """What a server gives back of a payload."""
    returned: dict[str, Any] = json.loads(json.dumps(payload))
    return returned


@given(PASSAGES)
def test_a_passage_survives_the_way_there_and_back(passage: Passage) -> None:
    payload = passage_payload(passage)
    assert passage_from(passage.id, as_json(payload)) == passage
    assert payload["article_key"] == passage.article_key


@given(STORED)
def test_an_article_survives_the_way_there_and_back(stored: StoredArticle) -> None:
    assert article_from(as_json(article_payload(stored))) == stored


@given(STORED)
def test_a_summary_needs_no_more_than_its_own_fields(stored: StoredArticle) -> None:
    payload = article_payload(stored)
    summary = summary_from({name: payload[name] for name in SUMMARY_FIELDS})
    assert summary.key == stored.article.key
    assert summary.content_hash == stored.content_hash
    assert summary.passages == len(stored.passage_ids)


def test_a_passage_and_its_article_have_the_same_key() -> None:
    one = article("a.md", "Text.", source="somewhere")
    assert passages(one)[0].article_key == one.key


@pytest.mark.parametrize("payload", [None, {}, {"text": "x"}, {"article_key": "k", "headings": None}])
@pytest.mark.parametrize("read", [lambda it: passage_from("id", it), article_from, summary_from])
def test_what_is_neither_is_damaged(
    read: Callable[[dict[str, Any] | None], object], payload: dict[str, Any] | None
) -> None:
    with pytest.raises(LibraryDamaged, match="--rebuild") as caught:
        read(payload)
    assert "\n" not in str(caught.value)


def test_a_passage_of_a_later_version_is_damaged_rather_than_misread() -> None:
    payload = {**passage_payload(passages(article("a.md", "Text."))[0]), "new_field": 1}
    with pytest.raises(LibraryDamaged, match="another version"):
        passage_from("id", payload)


def test_what_was_stored_before_there_were_pages_is_still_read() -> None:
    one = article("a.md", "Text.")
    stored = article_payload(StoredArticle(one, "hash", "1", (), "now"))
    del stored["pages"], stored["updated"]
    assert article_from(stored).article == one
    passage = passages(one)[0]
    assert "page_breaks" not in passage_payload(passage)
    assert passage_from(passage.id, passage_payload(passage)).page_at(0) is None


@pytest.mark.parametrize("breaks", [5, ["x"], [[1]], [["a", "b"]]])
def test_page_breaks_that_are_none_are_damage(breaks: object) -> None:
    payload = {**passage_payload(passages(article("a.md", "Text."))[0]), "page_breaks": breaks}
    with pytest.raises(LibraryDamaged):
        passage_from("id", payload)


def test_an_article_whose_blocks_are_cut_short_is_damaged() -> None:
    stored = StoredArticle(article("a.md", "Text."), "hash", "1", (), "now")
    payload = {**article_payload(stored), "blocks": [["paragraph"]]}
    with pytest.raises(LibraryDamaged):
        article_from(payload)
