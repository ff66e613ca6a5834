"""Articles to passages: exact spans, sound sizes, the article's own structure; and as a LlamaIndex part."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.node_parser import TokenTextSplitter
from llama_index.core.schema import Document, MetadataMode, TextNode
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.core.vector_stores import SimpleVectorStore

from index_store.article import Article, BlockKind
from index_store.passage import Passage
from ingest.passages.splitter import ArticleSplitter, document_of, passages_of
from ingest.passages.token_count import count_tokens
from ingest.text.clean_text import CleanText

SENTENCE = "The bank reads the licence of the model once more. "  # 11 tokens
KINDS: list[BlockKind] = ["heading", "paragraph", "item", "table", "code", "quote"]
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [SENTENCE * 3, SENTENCE * 30, "x" * 900, "字" * 400, "word " * 300, "_" * 5000, ". " * 90]
    ),
)


def article(*blocks: tuple[BlockKind, str] | tuple[BlockKind, str, int], path: str = "a.md") -> Article:
    out = CleanText()
    for kind, text, *level in blocks:
        out.add(kind, text, *(level or [1 if kind == "heading" else 0]))
    return Article("shelf", path, "A title", out.text, out.blocks, published="2025-04-29", url="https://x/")


def split(*blocks: tuple[BlockKind, str] | tuple[BlockKind, str, int]) -> tuple[Passage, ...]:
    return passages_of(article(*blocks), ArticleSplitter())


@given(st.lists(st.tuples(st.sampled_from(KINDS), TEXTS, st.integers(1, 6)), max_size=10))
def test_passages_are_exact_spans_that_cover_the_text_in_order(
    blocks: list[tuple[BlockKind, str, int]],
) -> None:
    whole = article(*blocks)
    passages = passages_of(whole, ArticleSplitter())
    at = 0
    for ordinal, passage in enumerate(passages):
        assert passage.text == whole.text[passage.start : passage.end]
        assert passage.text.strip()
        assert at <= passage.start < passage.end
        assert not whole.text[at : passage.start].strip()
        assert passage.ordinal == ordinal
        assert count_tokens(passage.text) <= 2 * ArticleSplitter().limit
        at = passage.end
    assert not whole.text[at:].strip()
    assert len({passage.id for passage in passages}) == len(passages)


def test_short_neighbours_of_a_section_share_a_passage() -> None:
    passages = split(("heading", "Results"), ("paragraph", SENTENCE), ("item", "one"), ("item", "two"))
    assert [passage.text for passage in passages] == [f"Results\n\n{SENTENCE.strip()}\n\none\ntwo"]


def test_a_section_is_cut_into_even_parts() -> None:
    paragraphs: list[tuple[BlockKind, str]] = [("paragraph", SENTENCE * 2)] * 10
    passages = split(*paragraphs)
    assert [count_tokens(passage.text) for passage in passages] == [110, 110]


def test_long_paragraphs_are_cut_between_sentences() -> None:
    passages = split(("paragraph", SENTENCE * 40))
    assert len(passages) >= 3
    for passage in passages:
        assert passage.text.startswith("The bank")
        assert passage.text.endswith("more.")
        assert count_tokens(passage.text) <= ArticleSplitter().limit


def test_long_tables_and_code_are_cut_between_lines() -> None:
    rows = "\n".join(f"Model {number} | {number} GB | licence {number}" for number in range(60))
    for passage in split(("table", rows)):
        for line in passage.text.split("\n"):
            assert line in rows.split("\n")


def test_a_heading_begins_a_passage_and_never_ends_one() -> None:
    blocks: list[tuple[BlockKind, str]] = []
    for number in range(8):
        blocks += [("heading", f"Section {number}"), ("paragraph", SENTENCE * (4 + number))]
    passages = split(*blocks)
    for passage in passages:
        assert not passage.text.rstrip().split("\n")[-1].startswith("Section")
    assert sum(passage.text.startswith("Section") for passage in passages) == 8


def test_a_passage_knows_the_headings_above_it() -> None:
    passages = split(
        ("paragraph", SENTENCE * 8),
        ("heading", "Results", 1),
        ("heading", "Speed", 2),
        ("paragraph", SENTENCE * 8),
        ("heading", "Cost", 2),
        ("paragraph", SENTENCE * 8),
        ("heading", "Outlook", 1),
        ("paragraph", SENTENCE * 8),
    )
    assert [passage.headings for passage in passages] == [
        (),
        ("Results", "Speed"),
        ("Results", "Cost"),
        ("Outlook",),
    ]
    assert passages[0].heading is None
    assert passages[1].heading == "Speed"


def test_very_small_sections_are_put_together() -> None:
    blocks: list[tuple[BlockKind, str]] = []
    for number in range(6):
        blocks += [("heading", f"Q{number}"), ("paragraph", "Yes.")]
    assert len(split(*blocks)) == 1


def test_the_headings_of_a_passage_hold_for_every_sentence_in_it() -> None:
    passages = split(
        ("heading", "Costs", 1),
        ("heading", "Licence", 2),
        ("paragraph", "It is free."),
        ("heading", "Hosting", 2),
        ("paragraph", "It is dear."),
        ("heading", "Outlook", 1),
        ("paragraph", SENTENCE * 8),
    )
    assert [(passage.headings, "Licence" in passage.text) for passage in passages] == [
        (("Costs",), True),
        (("Outlook",), False),
    ]


@given(st.lists(st.tuples(st.sampled_from([3, 20, 60, 130, 300]), st.integers(1, 3)), max_size=12))
def test_a_passage_stands_under_all_its_headings_or_holds_the_inner_ones(
    sections: list[tuple[int, int]],
) -> None:
    blocks: list[tuple[BlockKind, str, int]] = []
    for number, (words, level) in enumerate(sections):
        blocks += [("heading", f"Head{number}", level), ("paragraph", f"s{number} " * words, 0)]
    path: dict[int, str] = {}
    paths = []
    for number, (_, level) in enumerate(sections):
        path = {above: name for above, name in path.items() if above < level} | {level: f"Head{number}"}
        paths.append(tuple(path.values()))
    for passage in split(*blocks):
        for number, whole in enumerate(paths):
            if f"s{number} " in f"{passage.text} ":
                assert passage.headings == whole[: len(passage.headings)]
                assert passage.headings == whole or f"Head{number}\n" in passage.text


def test_a_list_is_kept_with_the_line_that_leads_to_it() -> None:
    passages = split(
        ("paragraph", SENTENCE * 9),
        ("paragraph", "The bank wants three things:"),
        ("item", SENTENCE * 3),
        ("item", SENTENCE * 3),
    )
    assert passages[-1].text.startswith("The bank wants three things:")
    assert [passage.lead for passage in passages] == ["", ""]


def test_a_list_that_is_cut_is_read_with_the_line_that_leads_to_it() -> None:
    items: list[tuple[BlockKind, str]] = [("item", SENTENCE * 3)] * 20
    passages = split(("paragraph", "The bank wants much:"), *items)
    assert len(passages) > 3
    assert [passage.lead for passage in passages] == ["", *["The bank wants much:"] * (len(passages) - 1)]


def test_a_list_has_no_lead_across_a_heading() -> None:
    items: list[tuple[BlockKind, str]] = [("item", SENTENCE * 3)] * 8
    passages = split(("paragraph", SENTENCE * 9), ("heading", "Wanted"), *items)
    assert {passage.lead for passage in passages} == {""}


def test_a_table_that_fits_is_whole() -> None:
    rows = "Model | GB\n" + "\n".join(f"Model {number} | {number} GB" for number in range(20))
    passages = split(("paragraph", SENTENCE * 10), ("table", rows), ("paragraph", SENTENCE * 10))
    assert [passage.text for passage in passages if "Model 7" in passage.text] == [rows]


@pytest.mark.parametrize("caption", ["", "What they weigh\n"])
def test_each_part_of_a_table_that_is_cut_is_read_with_its_header(caption: str) -> None:
    rows = "\n".join(f"Model {number} | {number} GB | licence {number}" for number in range(60))
    first, *rest = split(("table", f"{caption}Name | Size | Terms\n{rows}"))
    assert first.text.startswith(f"{caption}Name | Size | Terms\nModel 0")
    assert first.lead == ""
    assert rest
    assert {passage.lead for passage in rest} == {f"{caption}Name | Size | Terms"}


def test_code_is_kept_with_the_sentence_before_it() -> None:
    lines = "\n".join(f"load(model_{number})" for number in range(12))
    passages = split(("paragraph", SENTENCE * 10), ("paragraph", "Load them so."), ("code", lines))
    assert passages[-1].text == f"Load them so.\n\n{lines}"


def test_code_that_is_cut_off_is_read_with_the_sentence_before_it() -> None:
    lines = "\n".join(f"load(model_{number})" for number in range(90))
    passages = split(("paragraph", "Load them so."), ("code", lines))
    assert [passage.lead for passage in passages[1:]] == ["Load them so."] * (len(passages) - 1)


def test_a_passage_does_not_begin_in_mid_thought_where_it_need_not() -> None:
    passages = split(
        ("paragraph", SENTENCE * 9), ("paragraph", "However, it pays."), ("paragraph", SENTENCE * 9)
    )
    assert [passage.text.startswith("However") for passage in passages] == [False, False]


def test_a_passage_that_begins_in_mid_thought_is_read_with_the_sentence_before() -> None:
    passages = split(("paragraph", "It reads the licence once more. " * 60))
    assert len(passages) > 2
    assert [passage.lead for passage in passages[1:]] == ["It reads the licence once more."] * (
        len(passages) - 1
    )


def test_a_lead_is_never_long() -> None:
    long = "The bank " + "reads and " * 40 + "reads."
    rows = "\n".join(f"Model {number} | {number} GB" for number in range(60))
    items: list[tuple[BlockKind, str]] = [("item", SENTENCE * 3)] * 8
    for passage in split(("paragraph", long), *items, ("table", f"{'Size | ' * 50}\n{rows}")):
        assert passage.lead == ""


def test_headings_without_text_are_not_piled_up_without_end() -> None:
    passages = split(*(("heading", f"A heading with number {number}") for number in range(200)))
    assert len(passages) > 4
    assert all(count_tokens(passage.text) <= ArticleSplitter().limit for passage in passages)


def test_the_same_words_twice_have_their_own_places() -> None:
    repeated = SENTENCE * 8
    passages = split(("paragraph", repeated), ("paragraph", repeated), ("paragraph", repeated))
    starts = [passage.start for passage in passages]
    assert len(set(starts)) == len(starts) == 3


@pytest.mark.parametrize(
    "text", ["x" * 300_000, "." * 100_000, "字" * 50_000, "_" * 300_000, "a." * 50_000, "word " * 20_000]
)
def test_a_text_without_sentences_is_cut_into_small_passages_in_no_time(text: str) -> None:
    began = time.thread_time()
    passages = split(("code", text))
    assert time.thread_time() - began < 5
    assert all(count_tokens(passage.text) <= 1.1 * ArticleSplitter().limit for passage in passages)
    assert max(len(passage.text) for passage in passages) < 5000


def test_an_empty_article_has_no_passages() -> None:
    assert passages_of(Article("s", "p", "t", ""), ArticleSplitter()) == ()


def test_a_passage_carries_what_is_known_of_its_article() -> None:
    (passage,) = split(("paragraph", SENTENCE))
    assert (passage.source, passage.article, passage.title) == ("shelf", "a.md", "A title")
    assert (passage.published, passage.url, passage.page) == ("2025-04-29", "https://x/", None)


def test_ids_depend_on_the_article_and_what_it_says_and_on_nothing_else() -> None:
    one = article(("paragraph", SENTENCE * 20))
    again = article(("paragraph", SENTENCE * 20))
    other_text = article(("paragraph", SENTENCE * 20 + "Changed."))
    other_path = article(("paragraph", SENTENCE * 20), path="b.md")

    def ids(which: Article) -> set[str]:
        return {passage.id for passage in passages_of(which, ArticleSplitter())}

    assert ids(one) == ids(again)
    assert not ids(one) & ids(other_text)
    assert not ids(one) & ids(other_path)


def test_nodes_know_their_document_their_place_and_their_headings() -> None:
    whole = article(("heading", "Results"), ("paragraph", SENTENCE * 30))
    document = document_of(whole)
    nodes = ArticleSplitter().get_nodes_from_documents([document])
    assert len(nodes) > 1
    for ordinal, node in enumerate(nodes):
        assert isinstance(node, TextNode)
        assert node.text == whole.text[node.start_char_idx : node.end_char_idx]
        assert node.ref_doc_id == document.doc_id
        assert node.metadata == {"headings": ("Results",), "lead": "", "ordinal": ordinal}
        assert node.get_content(MetadataMode.NONE) == node.text


def test_a_pipeline_of_llama_index_keeps_every_passage_of_a_document() -> None:
    documents = [document_of(article(("paragraph", SENTENCE * 60), path=path)) for path in ("a.md", "b.md")]
    store = SimpleVectorStore()
    pipeline = IngestionPipeline(
        transformations=[ArticleSplitter(), MockEmbedding(4)],
        docstore=SimpleDocumentStore(),
        docstore_strategy=DocstoreStrategy.UPSERTS,
        vector_store=store,
        disable_cache=True,
    )
    nodes = pipeline.run(documents=documents)
    for document in documents:
        mine = [node for node in nodes if node.ref_doc_id == document.doc_id]
        assert [node.get_content() for node in mine] == [
            node.get_content() for node in ArticleSplitter().get_nodes_from_documents([document])
        ]
        assert len(mine) > 3
    documents[1].set_content(SENTENCE)
    documents[1].metadata = document_of(article(("paragraph", SENTENCE.strip()))).metadata
    pipeline.run(documents=documents)
    kept = list(store.data.text_id_to_ref_doc_id.values())
    assert [kept.count(document.doc_id) for document in documents] == [len(nodes) // 2, 1]


def test_anyones_splitter_can_take_its_place() -> None:
    whole = article(("paragraph", SENTENCE * 40))
    splitter = TokenTextSplitter(chunk_size=80, chunk_overlap=0, include_metadata=False, tokenizer=str.split)
    passages = passages_of(whole, splitter)
    assert len(passages) > 3
    assert all(passage.text == whole.text[passage.start : passage.end] for passage in passages)


def test_several_documents_are_split_each_by_itself() -> None:
    documents = [document_of(article(("paragraph", SENTENCE * count))) for count in (1, 30)]
    together = ArticleSplitter().get_nodes_from_documents(documents)
    apart = [
        node for document in documents for node in ArticleSplitter().get_nodes_from_documents([document])
    ]
    assert [node.get_content() for node in together] == [node.get_content() for node in apart]


def test_a_passage_knows_its_pages_and_which_sign_stands_on_which() -> None:
    whole = article(("paragraph", SENTENCE * 30))
    pages = (0, 500, 500, 1000, 1600)
    found = passages_of(replace(whole, pages=pages), ArticleSplitter())
    for passage in found:
        for offset in range(passage.start, passage.end):
            assert passage.page_at(offset) == sum(start <= offset for start in pages)
    assert found[0].page == 1
    assert any(passage.page_breaks for passage in found)
    assert all(passage.page_at(passage.start) is None for passage in passages_of(whole, ArticleSplitter()))


def test_the_whole_text_is_hashed_once_however_many_passages_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A hash for each passage takes the square of an article's length: hours, for a book of 5,000 pages."""
    asked: list[str] = []
    hash_of = TextNode.hash.fget
    assert hash_of is not None
    monkeypatch.setattr(Document, "hash", property(lambda node: asked.append(node.id_) or hash_of(node)))
    assert len(split(*[("paragraph", SENTENCE * 9)] * 40)) >= 30
    assert len(asked) <= 1


def test_a_long_article_is_hashed_once_and_not_for_each_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[Article] = []

    def content_hash(article: Article) -> str:
        hashed.append(article)
        return "hash"

    whole = article(*(("paragraph", SENTENCE * 9) for _ in range(20)))
    monkeypatch.setattr(Article, "content_hash", property(content_hash))
    assert len(passages_of(whole, ArticleSplitter())) == 20
    assert len(hashed) == 1
