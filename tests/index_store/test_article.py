"""When two articles are the same one, and when they say the same."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from synthetic import article

from index_store.article import Article, Block

ONE = article("a.md", "Some text.", publisher="P", author="A", url="https://a/", published="2025-01-01")


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"text": "Some text!"},
        {"publisher": "Q"},
        {"publisher": None},
        {"author": "B"},
        {"url": "https://b/"},
        {"published": "2025-01-02"},
        {"published": None},
        {"pages": (0, 5)},
    ],
    ids=str,
)
def test_whatever_a_reader_could_notice_changes_the_hash(change: dict[str, Any]) -> None:
    assert replace(ONE, **change).content_hash != ONE.content_hash


def test_the_day_of_an_update_alone_is_no_other_content() -> None:
    assert replace(ONE, updated="2025-01-02").content_hash == ONE.content_hash


def test_the_hash_does_not_depend_on_where_the_article_lies() -> None:
    assert replace(ONE, source="other", path="b.md").content_hash == ONE.content_hash


def test_the_hash_tells_which_field_a_value_stands_in() -> None:
    assert article("a.md", "T.", publisher="x").content_hash != article("a.md", "T.", author="x").content_hash


def test_the_key_is_source_and_path_whatever_the_article_says() -> None:
    assert replace(ONE, text="Else.", title="Else").key == ONE.key
    assert replace(ONE, source="other").key != ONE.key
    assert replace(ONE, path="b.md").key != ONE.key


def test_articles_cannot_be_changed_by_who_holds_them() -> None:
    bare = Article("s", "p", "t", "text", (Block("paragraph", 0, 4),))
    with pytest.raises(AttributeError):
        bare.text = "other"  # type: ignore[misc]


def test_a_sign_stands_on_the_last_page_that_began_before_it() -> None:
    paged = replace(ONE, pages=(0, 5, 5, 10))
    assert [paged.page_at(offset) for offset in (0, 4, 5, 9)] == [1, 1, 3, 3]  # the second page is empty
    assert ONE.page_at(0) is None


def test_the_hash_stays_what_it_was_however_long_the_text() -> None:
    """Another one would have every library written anew."""
    text = "Some words, möglichst viele. " * 100_000
    parts = ["A title", "P", "A", "https://a/", "2025-01-01", text, "0,7"]
    whole = replace(ONE, title="A title", text=text, pages=(0, 7))
    assert whole.content_hash == sha256("\x1f".join(parts).encode()).hexdigest()
    assert Article("s", "p", "T", "").content_hash == sha256(b"T" + b"\x1f" * 5).hexdigest()
