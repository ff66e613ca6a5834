"""Clean text is what its blocks say, span by span."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.article import BlockKind
from ingest.text.clean_text import CleanText, fold

KINDS: list[BlockKind] = ["heading", "paragraph", "item", "table", "code", "quote"]
TEXTS = st.one_of(
    st.text(max_size=60), st.text(st.sampled_from("ab \n\t\u00a0\u00ad\u200b\u2028|."), max_size=30)
)


@given(st.lists(st.tuples(st.sampled_from(KINDS), TEXTS), max_size=8))
def test_every_block_is_its_span_and_nothing_stands_between_blocks(
    added: list[tuple[BlockKind, str]],
) -> None:
    out = CleanText()
    for kind, text in added:
        out.add(kind, text)
    at = 0
    for block in out.blocks:
        assert at <= block.start < block.end
        assert not out.text[at : block.start].strip()
        words = out.text[block.start : block.end]
        assert words.strip("\n") == words
        assert words.strip()
        at = block.end
    assert at == len(out.text)


@given(st.lists(st.tuples(st.sampled_from(KINDS), TEXTS), max_size=8))
def test_what_is_clean_stays_as_it_is(added: list[tuple[BlockKind, str]]) -> None:
    once = CleanText()
    for kind, text in added:
        once.add(kind, text)
    twice = CleanText()
    for block in once.blocks:
        twice.add(block.kind, once.text[block.start : block.end], block.level)
    assert (twice.text, twice.blocks) == (once.text, once.blocks)


@given(st.text())
def test_folding_leaves_one_line_without_runs_of_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == folded.strip()
    assert len(folded.split()) == len(folded.split(" ")) or not folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\u00a0b\tc\nd", "a b c d"),
        ("infor\u00admation", "information"),
        ("a\u200bb", "a b"),
        ("\ufeffstart", "start"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("word\u2060joiner", "wordjoiner"),
        ("It\x92s \x93so\x94\x85", "It’s “so”…"),
        ("a\x81b", "ab"),
        ("family 👨\u200d👩\u200d👧", "family 👨\u200d👩\u200d👧"),
    ],
)
def test_what_shows_nothing_does_not_part_or_turn_words(text: str, words: str) -> None:
    assert fold(text) == words
    out = CleanText()
    out.add("paragraph", text)
    assert out.text == words


def test_code_keeps_its_lines_and_its_indents() -> None:
    out = CleanText()
    out.add("code", "\n\ndef f():\n\n\treturn\u00a01   \n\n")
    assert out.text == "def f():\n\n    return 1"


def test_items_of_a_list_stand_close_and_all_else_apart() -> None:
    out = CleanText()
    for kind in ("paragraph", "item", "item", "paragraph", "table", "table"):
        out.add(kind, "x")
    assert out.text == "x\n\nx\nx\n\nx\n\nx\n\nx"


def test_nothing_is_no_block() -> None:
    out = CleanText()
    for kind in KINDS:
        out.add(kind, " \n\u00a0\u00ad ")
    assert (out.text, out.blocks) == ("", ())


def test_a_heading_as_long_as_a_paragraph_is_one() -> None:
    out = CleanText()
    out.add("heading", "A heading", level=2)
    out.add("heading", "A long story. " * 30, level=2)
    assert [(block.kind, block.level) for block in out.blocks] == [("heading", 2), ("paragraph", 0)]


@given(st.text(st.sampled_from("a \n\t\x1c\u2028\u3000\u00a0\u00ad|")))
def test_a_line_is_its_words_with_a_space_between_them(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert "".join(folded.split()) == fold("".join(text.split())).replace(" ", "")
