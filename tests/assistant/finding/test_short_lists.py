"""A short list is quoted with the line that leads to it; tables, code and long lists are left as they are."""

import pytest

from assistant.finding.quote import quotes_of
from assistant.finding.short_lists import short_lists
from index_store.passage import Passage


def lists_in(text: str) -> list[str]:
    """The lists of an article that is one passage, each in one line."""
    passage = Passage("1", "notes", "a.md", "A", text, start=7, end=7 + len(text), ordinal=0)
    found = list(short_lists(quotes_of(passage)))
    assert all(one.text == text[one.start - 7 : one.end - 7] for one in found)
    return [one.in_line for one in found]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_list_is_quoted_with_its_lead(between: str) -> None:
    text = f"A hole was closed. Fixed versions:{between}kubelet 1.31.6\nkubelet 1.32.2\nThat is all it says."
    assert lists_in(text) == ["Fixed versions: kubelet 1.31.6; kubelet 1.32.2; That is all it says."]


def test_items_may_end_as_clauses_do() -> None:
    text = "Before that, the ship must:\n\nsend its data sheet;\npass a test; and\nname an officer."
    assert lists_in(text) == [
        "Before that, the ship must: send its data sheet; pass a test; and name an officer."
    ]


def test_an_empty_line_ends_it() -> None:
    text = "It has two causes:\n\nThe network is parted\nThe store is down\n\nNobody can tell which."
    assert lists_in(text) == ["It has two causes: The network is parted; The store is down"]


@pytest.mark.parametrize(
    "text",
    [
        "One item is none:\n\nThe store is down\n\nNobody can tell.",
        "Install it:\n\npip install footnote --upgrade\ncurl -L https://a.example",
        "The query:\n\nSELECT name,\nFROM cars",
        "The plans:\n\nPlan | Seats\nPlus | 12\nPro | 20",
        "Two lists:\n\nFirst:\nSecond:\n",
        "Nothing leads to it.\n\nThe network is parted\nThe store is down",
        f"A long one:\n\n{'word ' * 50}\n{'word ' * 50}",
        "",
    ],
)
def test_what_is_no_short_list_is_none(text: str) -> None:
    assert lists_in(text) == []
