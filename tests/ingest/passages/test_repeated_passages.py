"""What an article, or a whole site, says twice is indexed once; what differs in meaning is kept."""

from hypothesis import given
from hypothesis import strategies as st
from test_splitter import KINDS, TEXTS, article
from tiny_shelf import Shelf, counted

from index_store.article import Block
from index_store.passage import Passage
from index_store.passage_store import ComparedArticle, Likeness
from index_store.sentences import sentences
from ingest.passages.blocks_of_passage import blocks_within
from ingest.passages.indexed_passages import indexed_passages
from ingest.passages.repeated_passages import without_repeats
from ingest.passages.shared_blocks import block_numbers, blocks_to_leave_out
from ingest.passages.splitter import ArticleSplitter, passages_of

SPLITTER = ArticleSplitter()
FILLER = " ".join(
    f"The harbour keeps {number} cranes for the ships of company {number}." for number in range(9)
)
POINTS = [
    "Nordbank moved its models to its own machines in March 2026.",
    "The Heron model answers nine questions in ten without any help.",
    "Nobody there would go back to what they had before.",
]
NEWS = "Our editors choose what matters most, and you get it every week, free of charge."
CALL = "Subscribe to our newsletter, and never miss a story."


def test_a_list_of_takeaways_that_the_body_repeats_is_not_indexed() -> None:
    whole = article(
        ("heading", "Key Takeaways"),
        *(("item", point) for point in POINTS),
        ("heading", "The move"),
        ("paragraph", f"{POINTS[0]} {FILLER}"),
        ("paragraph", f"{FILLER.replace('harbour', 'airport')} {POINTS[1]}"),
        ("paragraph", f"{FILLER.replace('harbour', 'station')} {POINTS[2]}"),
    )
    texts = [passage.text for passage in indexed_passages(whole, SPLITTER)]
    assert not any(text.startswith("Key Takeaways") for text in texts)
    for point in POINTS:
        assert sum(point in text for text in texts) == 1


def test_takeaways_that_say_more_than_the_body_stay() -> None:
    whole = article(
        ("heading", "Key Takeaways"),
        *(("item", point) for point in POINTS),
        ("heading", "The move"),
        ("paragraph", f"{POINTS[0]} {FILLER}"),
        ("paragraph", f"{POINTS[1].replace('nine', 'eight')} {FILLER.replace('harbour', 'airport')}"),
        ("paragraph", f"{POINTS[2]} {FILLER.replace('harbour', 'station')}"),
    )
    assert indexed_passages(whole, SPLITTER) == list(passages_of(whole, SPLITTER))


def test_of_a_paragraph_that_stands_twice_the_first_stays() -> None:
    twice = FILLER + " It is so."
    whole = article(
        ("paragraph", twice), ("paragraph", FILLER.replace("cranes", "boats")), ("paragraph", twice)
    )
    all_passages = passages_of(whole, SPLITTER)
    kept = indexed_passages(whole, SPLITTER)
    assert len(kept) < len(all_passages)
    assert [passage.ordinal for passage in kept] == list(range(len(kept)))
    assert kept[0].start == 0
    for sentence in FILLER.split(". "):
        assert any(sentence.rstrip(".") in passage.text for passage in kept)


def test_the_same_words_under_another_products_heading_are_another_statement() -> None:
    same = "It is free for everybody. Banks may change it as they like. " * 4
    whole = article(
        ("heading", "Heron", 2), ("paragraph", same), ("heading", "Stork", 2), ("paragraph", same)
    )
    assert indexed_passages(whole, SPLITTER) == list(passages_of(whole, SPLITTER))


def test_the_same_table_twice_stays() -> None:
    rows = "\n".join(f"Model {number} | {number} GB" for number in range(30))
    whole = article(("table", rows), ("table", rows))
    assert indexed_passages(whole, SPLITTER) == list(passages_of(whole, SPLITTER))


@given(st.lists(st.tuples(st.sampled_from(KINDS), TEXTS, st.integers(1, 6)), max_size=10))
def test_what_stays_has_every_sentence_of_what_goes(blocks: list[tuple[str, str, int]]) -> None:
    whole = article(*blocks)  # type: ignore[arg-type]
    passages = passages_of(whole, SPLITTER)
    kept = without_repeats(whole, passages)
    assert [passage for passage in passages if passage in kept] == kept
    # What a passage is under is read with it: a heading need not stand in its text.
    text = "\n".join("\n".join((one.title, *one.headings, one.lead, one.text)) for one in kept)
    for passage in passages:
        for sentence in sentences(passage.text) if passage not in kept else ():
            assert sentence in text


def site(**texts: str) -> list[ComparedArticle]:
    found = []
    for name, text in texts.items():
        one = article(*(("paragraph", block) for block in text.split("\n\n")), path=f"{name}.md")
        likeness = Likeness(None, block_numbers(one))
        found.append(ComparedArticle(one.key, one.source, one.path, None, None, likeness))
    return found


def about(number: int, *blocks: str) -> str:
    return "\n\n".join((FILLER.replace("harbour", f"harbour of town {number}"), *blocks))


def left_out(*texts: str) -> list[int]:
    """How many blocks are left out in each article."""
    return [
        len(found)
        for found in blocks_to_leave_out(site(**{f"a{n}": t for n, t in enumerate(texts)})).values()
    ]


def test_what_a_site_prints_everywhere_is_kept_once_and_its_calls_nowhere() -> None:
    assert left_out(about(1, NEWS), about(2, NEWS), about(3, NEWS)) == [0, 1, 1]
    assert left_out(about(1, CALL), about(2, CALL), about(3, CALL)) == [1, 1, 1]


def test_what_two_articles_share_or_few_of_many_is_no_boilerplate() -> None:
    assert left_out(about(1, CALL), about(2, CALL)) == [0, 0]
    few = [about(number, CALL) for number in range(3)]
    assert left_out(*few, *(about(number) for number in range(3, 9))) == [1, 1, 1] + [0] * 6
    assert left_out(*few, *(about(number) for number in range(3, 10))) == [0] * 10


def test_a_block_with_a_figure_or_a_name_of_its_own_is_no_boilerplate() -> None:
    for block in (
        "The Heron is sold by us alone, and you may try it here.",
        "Now read by 7500 people in town.",
    ):
        assert left_out(*(about(number, block) for number in range(4))) == [0, 0, 0, 0]


def test_articles_of_a_series_keep_what_they_share() -> None:
    shared = [FILLER.replace("harbour", f"{thing} of the town") for thing in ("market", "school", "bridge")]
    assert left_out(*("\n\n".join((f"Part {number} of it all.", *shared)) for number in range(5))) == [0] * 5


def test_short_blocks_count_only_below_the_same_heading() -> None:
    found = []
    for number in range(4):
        one = article(
            ("heading", f"option {number}"),
            ("paragraph", "Default: none."),
            ("paragraph", FILLER),
            path=str(number),
        )
        found.append(
            ComparedArticle(one.key, "s", one.path, None, None, Likeness(None, block_numbers(one)[:1]))
        )
    assert not any(blocks_to_leave_out(found).values())


def test_boilerplate_stays_in_the_text_and_leaves_the_index_as_articles_come_and_go(shelf: Shelf) -> None:
    def alone() -> list[str]:
        texts = [
            (row.path, passage.text)
            for row in shelf.library.articles()
            for passage in shelf.library.store.passages(row.key)
        ]
        return sorted(path for path, text in texts if text.strip().endswith(NEWS) and "cranes" not in text)

    def write(number: int) -> None:
        shelf.write(f"{number}.md", f"{about(number)}\n\n# The paper\n\n{NEWS}")

    write(1)
    write(2)
    shelf.sync()
    assert alone() == ["1.md", "2.md"]
    write(3)
    assert counted(shelf.sync().plan) == {"add": 1, "change": 1, "keep": 1}
    assert alone() == ["1.md"]
    stored = shelf.library.find("3.md")
    assert stored is not None
    assert NEWS in stored.article.text
    (shelf.folder / "1.md").unlink()
    write(4)
    shelf.sync()
    assert alone() == ["2.md"]
    (shelf.folder / "2.md").unlink()
    shelf.sync()
    assert alone() == ["3.md", "4.md"]
    assert counted(shelf.plan()) == {"keep": 2}


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=12),
    st.integers(0, 30),
    st.integers(1, 9),
)
def test_the_blocks_of_a_passage_are_those_that_share_text_with_it(
    sizes: list[tuple[int, int]], start: int, length: int
) -> None:
    blocks, at = [], 0
    for gap, size in sizes:
        blocks.append(Block("paragraph", at + gap, at + gap + size))
        at += gap + size
    passage = Passage("id", "s", "a", "T", "", start, start + length, 0)
    expected = [one for one in blocks if one.start < passage.end and passage.start < one.end]
    assert list(blocks_within(blocks, passage)) == expected
