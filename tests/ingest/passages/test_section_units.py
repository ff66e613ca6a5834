"""What leans on the words before it, and what does not."""

import pytest

from index_store.article import BlockKind
from ingest.passages.section_units import begins_mid_thought, sections_of
from ingest.text.clean_text import CleanText


@pytest.mark.parametrize(
    "text",
    ["However, it pays.", "It is open.", "Second, the licence.", "and so on", "These models are open."],
)
def test_some_openings_lean_on_what_stands_before(text: str) -> None:
    assert begins_mid_thought(text)


@pytest.mark.parametrize(
    "text", ["Gemma 4 is open.", "Italy pays.", "Thesis", "Sound models", "4 bits are enough.", "模型", ""]
)
def test_others_stand_by_themselves(text: str) -> None:
    assert not begins_mid_thought(text)


def test_short_sentences_and_lines_are_taken_together() -> None:
    out = CleanText()
    out.add("code", "\n".join("a" for _ in range(600)))
    (section,) = sections_of(out.text, out.blocks, target=110, limit=170)
    assert 60 <= len(section.units) <= 100


@pytest.mark.parametrize(
    ("sizes", "together"), [([5, 5, 5], [["A0", "A1", "A2"]]), ([5, 90, 5], [["A0"], ["A1"], ["A2"]])]
)
def test_only_small_sections_are_put_together(sizes: list[int], together: list[list[str]]) -> None:
    out = CleanText()
    for number, size in enumerate(sizes):
        out.add("heading", f"A{number}", 1)
        kind: BlockKind = "paragraph"
        out.add(kind, "word " * size)
    found = [
        [
            name
            for name in ("A0", "A1", "A2")
            if name in out.text[section.units[0].start : section.units[-1].end]
        ]
        for section in sections_of(out.text, out.blocks, target=110, limit=170)
    ]
    assert found == together
