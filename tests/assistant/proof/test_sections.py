"""Code is told from the section on what was asked about."""

from dataclasses import replace

import pytest
from tiny_library import article, passages_of

from assistant.finding.quote import Quote, quotes_of
from assistant.proof.sections import stands_under_another
from index_store.passage import Passage

ASKED = "Which address do I set to use Heron 3 from Marsh Desk?"
NOTES = article(
    "heron.md",
    "Ask for a key first.\n\nexport NEST_URL=https://nest.example/desk\n\nnest_url='https://nest.example/plain'",
    title="Heron 3 arrives",
)


def sections(*headings: str) -> list[Passage]:
    return [
        replace(passage, headings=(heading,))
        for passage, heading in zip(passages_of(NOTES), headings, strict=True)
    ]


def quoted(passage: Passage) -> list[Quote]:
    return quotes_of(passage)


def test_code_of_another_section_is_not_told_of_what_has_its_own() -> None:
    first, desk, plain = sections("Keys", "Marsh Desk", "Plain calls")
    shown = [first, desk, plain]
    assert stands_under_another(ASKED, quoted(plain), shown) == "Marsh Desk"
    assert stands_under_another(ASKED, quoted(desk), shown) is None
    assert stands_under_another(ASKED, quoted(first), shown) is None, "it is no code"


def test_without_a_section_of_its_own_any_may_tell() -> None:
    shown = sections("Keys", "Calls", "Plain calls")
    assert stands_under_another(ASKED, quoted(shown[2]), shown) is None


def test_what_the_title_names_tells_no_section_from_another() -> None:
    shown = sections("Keys", "Heron 3", "Plain calls")
    assert stands_under_another("Which address do I set for Heron 3?", quoted(shown[2]), shown) is None


@pytest.mark.parametrize("code", ["pip install --pre", "see https://nest.example", "nest = 1", "`nest`"])
def test_addresses_assignments_options_and_marked_words_are_code(code: str) -> None:
    passages = passages_of(article("heron.md", f"Use `marsh`.\n\n{code}", title="Notes"))
    shown = [replace(passages[0], headings=("Marsh Desk",)), passages[1]]
    assert stands_under_another(ASKED, quoted(passages[1]), shown) == "Marsh Desk"


@pytest.mark.parametrize(
    ("own", "told"), [("Nothing here.", "`nest`"), ("Use `marsh`.", "It fell (p = 0.03).")]
)
def test_a_section_without_code_of_its_own_and_a_formula_take_nothing_back(own: str, told: str) -> None:
    passages = passages_of(article("heron.md", f"{own}\n\n{told}", title="Notes"))
    shown = [replace(passages[0], headings=("Marsh Desk",)), passages[1]]
    assert stands_under_another(ASKED, quoted(passages[1]), shown) is None
