"""The metadata block at the head of a file."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.front_matter import FrontMatter, read_front_matter

FULL = """---
title: "Qwen3: Think Deeper, Act Faster"
date: 2025-04-29T00:30:00+08:00
author: Qwen Team
publisher: The Blog
url: https://blog.example/qwen3
lang: en
draft: false
weight: 3
---
# Heading
"""


def test_all_fields_are_read_and_the_body_begins_after_the_block() -> None:
    head = read_front_matter(FULL)
    assert head == FrontMatter(
        title="Qwen3: Think Deeper, Act Faster",
        published="2025-04-29",
        publisher="The Blog",
        author="Qwen Team",
        url="https://blog.example/qwen3",
        language="en",
        body_starts=len(FULL) - len("# Heading\n"),
    )


@pytest.mark.parametrize(
    "date",
    [
        "2025-04-29T23:30:00-07:00",
        "2025-04-29T00:30:00+08:00",
        "2025-04-29 23:59:59 -1100",
        "'2025-04-29'",
        "2025-04-29",
        "April 29, 2025",
        "29 Apr 2025",
        "2025/04/29",
    ],
)
def test_the_date_stays_the_authors_own_day(date: str) -> None:
    assert read_front_matter(f"---\ndate: {date}\n---\n").published == "2025-04-29"


@pytest.mark.parametrize(
    ("block", "author"),
    [
        ("author: Ann", "Ann"),
        ("Authors: [Ann, Bob]", "Ann, Bob"),
        ("authors:\n- Ann\n- Bob", "Ann, Bob"),
        ("authors:\n- name: Ann\n  url: x\n- name: Bob", "Ann, Bob"),
        ("author: {name: Ann}", "Ann"),
        ("author:\n", None),
        ("author: ''", None),
        ("author: null", None),
        ("author: ~", None),
        ("author: [null, Ann, 7]", "Ann, 7"),
        ("author: 2024-01-05", "2024-01-05"),
        ("author: {first: Ann}", None),
        ("author: NULL\nnote: a: b", None),
        ("author: 'null'", "null"),
        ("authors: [[Ann], {x: y}]", None),
        ("author: >\n  Ann\n  of Bern", "Ann of Bern"),
    ],
)
def test_authors_are_read_however_they_are_listed(block: str, author: str | None) -> None:
    assert read_front_matter(f"---\n{block}\ntitle: T\n---\n").author == author


@pytest.mark.parametrize(
    "date",
    ["20250429", "2025", "[]", "{year: 2025}", "true", "soon", "2025-02-30", "1745884800", "04/05/2025"],
)
def test_what_is_not_plainly_a_day_is_none(date: str) -> None:
    assert read_front_matter(f"---\ndate: {date}\ntitle: T\n---\n") == FrontMatter(
        title="T", body_starts=len(f"---\ndate: {date}\ntitle: T\n---\n")
    )


def test_other_names_for_the_same_fields_are_known() -> None:
    head = read_front_matter(
        "---\nTITLE: T\npublishDate: 2025-01-02\nsite: S\nby: B\nlink: L\nlanguage: de\n---\n"
    )
    assert head.title == "T"
    assert (head.published, head.publisher, head.author) == ("2025-01-02", "S", "B")
    assert (head.url, head.language) == ("L", "de")


def test_a_title_with_a_colon_that_is_not_quoted_is_read_all_the_same() -> None:
    head = read_front_matter("---\ntitle: Qwen3: Think Deeper\ndate: 2025-04-29\nauthor: 'Q'\n---\nText\n")
    assert (head.title, head.published, head.author) == ("Qwen3: Think Deeper", "2025-04-29", "Q")


@pytest.mark.parametrize(
    "block",
    [
        "title: Broken: a: b\n  - [unclosed\npublished: 2026-01-02\n---\n",
        "title: Broken: a: b\ntags:\n- x: [\n# a remark\npublished: 2026-01-02\n---\n",
        'title: "Broken: a: b\npublished: 2026-01-02\n:::\n---\n',
        "title: Broken: a: b\npublished: 2026-01-02\n",
    ],
    ids=["in a list", "in an entry", "in a strange line", "not closed"],
)
def test_of_metadata_that_is_broken_the_plain_lines_are_read(block: str) -> None:
    text = f"---\n{block}\nThe valve opens at 7 bar.\n"
    head = read_front_matter(text)
    assert (head.title, head.published) == ("Broken: a: b", "2026-01-02")
    assert text[head.body_starts :].strip() == "The valve opens at 7 bar."


def test_metadata_without_its_end_ends_at_the_first_empty_line_whatever_comes_later() -> None:
    text = "---\ntitle: Budget\ndate: 2026-01-01\n\nOne paragraph here.\n\n---\n\nSecond part.\n"
    head = read_front_matter(text)
    assert (head.title, head.published) == ("Budget", "2026-01-01")
    assert text[head.body_starts :].lstrip().startswith("One paragraph here.")


def test_toml_between_plus_signs_is_read_too() -> None:
    text = '+++\ntitle = "Qwen3"\ndate = 2025-04-29T23:30:00-07:00\nauthors = ["Ann", "Bob"]\n+++\nText\n'
    head = read_front_matter(text)
    assert (head.title, head.published, head.author) == ("Qwen3", "2025-04-29", "Ann, Bob")
    assert text[head.body_starts :] == "Text\n"
    assert read_front_matter("+++\ndate = 2025-04-29\n+++\n").published == "2025-04-29"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Text without any.",
        "# Title\n\n---\ntitle: no\n---\n",
        " ---\ntitle: no\n---\n",
        "---\ntitle: never closed\n",
        "---\nJust a sentence between two lines.\n---\n",
        "---\n- a\n- list\n---\n",
        "---\nA: sentence: with colons.\nAnd another without\n---\n",
        "----\ntitle: no\n----\n",
        "+++\nno toml\n+++\n",
        "---\nNote: a letter begins so.\n\nDear all,\n",
        "---\ntitle: a sentence\ngoes on here.\n\nAnd here.\n",
        "---\n# Notes\nDate: 2026-03-01\n- Anna proposed to cut it.\n\nNext.\n",
        "---\nTitle: Bread\nFlour: 500 g\nWater: 300 ml\n\nMix all.\n",
        "---\nUpdated: 2026-05-01\n- Fixed: the login\n- Raised the fee\n---\n",
        "---\nDate: the fruit of the palm is eaten dried.\n\nIt is sweet.\n",
        "---\nDate: 3 May 2026\nDear Anna,\nthe price is 5 euros: pay now.\nSubject: price\n---\n",
        "---\n# Release: 2.0\nDate: 2026-03-01\n- fixed: the crash\n- new: dark mode\n---\n",
        "---\n---\n",
        "---\n\n---\n",
        "---\n" + "A line of a long text: with a colon.\n" * 2000 + "---\n",
    ],
)
def test_what_is_no_metadata_is_text(text: str) -> None:
    assert read_front_matter(text) == FrontMatter()


@pytest.mark.parametrize(
    "block",
    [
        "title: &a [*a]",
        "title: " + "[" * 3000,
        "a: &a [l, l]\n"
        + "".join(f"{n}: &{n} [*{m}, *{m}]\n" for m, n in zip("abcdefghi", "bcdefghij", strict=True))
        + "title: *j",
        'title: "half \\ud800 of a character"',
        "title: !!python/object/apply:os.system ['exit 1']",
        "? [a, b]\n: c\ntitle: x",
        "title: \x07",
        "title: 'open",
        "\ttitle: x",
    ],
    ids=range(9),
)
def test_hostile_metadata_neither_fails_nor_swells(block: str) -> None:
    began = time.thread_time()
    head = read_front_matter(f"---\n{block}\n---\nText\n")
    assert len(head.title or "") < 4000
    (head.title or "").encode()
    assert time.thread_time() - began < 2


@given(st.text(), st.sampled_from(["---", "+++"]))
def test_any_block_is_read_without_failing(block: str, fence: str) -> None:
    text = f"{fence}\n{block}\n{fence}\nbody"
    assert 0 <= read_front_matter(text).body_starts <= len(text)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30))
def test_a_quoted_title_comes_out_as_it_was_put_in(title: str) -> None:
    quoted = title.replace("'", "''")
    assert read_front_matter(f"---\ntitle: '{quoted}'\n---\n").title == title
