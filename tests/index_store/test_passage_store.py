"""What every passage store promises, held against embedded Qdrant and against a real server."""

import threading
from collections.abc import Iterator

import pytest
from synthetic import EMBEDDER, article, found, passages, put, stored_texts

from index_store.article import Article, Block
from index_store.errors import LibraryError
from index_store.lexical import Bm25Encoder, SparseVector
from index_store.library import Library, now
from index_store.passage import ScoredPassage
from index_store.passage_store import StoredArticle

pytestmark = pytest.mark.whole

HARBOUR = article("harbour.md", "Ships unload grain at the harbour.", "Cranes lift the grain at dawn.")
MOUNTAIN = article("mountain.md", "Snow closes the mountain road in winter.")
RIVER = article("river.md", "The river floods its meadows each spring.")


def test_an_empty_library_finds_nothing(library: Library) -> None:
    assert library.search("grain", 5) == []
    assert library.articles() == []
    assert library.store.count() == 0
    assert library.store.state() == {}


def test_a_passage_comes_back_as_it_was_put(library: Library) -> None:
    put(library, HARBOUR, MOUNTAIN)
    best = library.search("Which cranes lift grain at dawn?", 1)[0]
    assert best.passage == passages(HARBOUR)[1]
    assert best.passage.text == HARBOUR.text[best.passage.start : best.passage.end]


def test_an_article_comes_back_as_it_was_put(library: Library) -> None:
    full = Article(
        source="https://example.org/feed?a=b",
        path="naïve/文章 one.md",
        title="Quotes \" ' & < >",
        text="Heading\n\nTwo  spaces\tand a tab. 😀\u2028Line.",
        blocks=(Block("heading", 0, 7, 1), Block("paragraph", 9, 40)),
        publisher="P",
        author="A",
        url="https://example.org/",
        published="2025-04-29",
        language="en",
    )
    put(library, full)
    stored = library.store.article(full.key)
    assert stored is not None
    assert stored.article == full
    assert stored.content_hash == full.content_hash
    assert stored.passage_ids == tuple(passage.id for passage in passages(full))
    assert library.store.passages(full.key) == list(passages(full))


def test_an_article_of_which_little_is_known_comes_back_too(library: Library) -> None:
    bare = Article("shelf", "bare.md", "Bare", "Words.", (Block("paragraph", 0, 6),))
    put(library, bare)
    stored = library.store.article(bare.key)
    assert stored is not None
    assert stored.article == bare


def test_what_is_not_there_is_none(library: Library) -> None:
    put(library, HARBOUR)
    assert library.store.article("shelf\nother.md") is None
    assert library.store.passages("shelf\nother.md") == []
    assert library.find("other.md") is None


def test_articles_are_listed_by_source_and_path(library: Library) -> None:
    put(library, article("b.md", "B.", source="two"), article("c.md", "C."), article("b.md", "B.", "More."))
    assert [(row.source, row.path, row.passages) for row in library.articles()] == [
        ("shelf", "b.md", 2),
        ("shelf", "c.md", 1),
        ("two", "b.md", 1),
    ]


def test_putting_an_article_twice_changes_nothing(library: Library) -> None:
    put(library, HARBOUR, HARBOUR)
    assert library.store.count() == 2
    assert library.store.passages(HARBOUR.key) == list(passages(HARBOUR))


def test_a_changed_article_leaves_nothing_of_its_earlier_state(library: Library) -> None:
    put(library, HARBOUR, MOUNTAIN)
    changed = article("harbour.md", "The harbour is closed.")
    put(library, changed)
    assert library.store.count() == 2
    assert stored_texts(library, ["grain harbour"]) == {"The harbour is closed.", MOUNTAIN.text}
    assert library.store.passages(changed.key) == list(passages(changed))
    stored = library.store.article(changed.key)
    assert stored is not None
    assert stored.article == changed


def test_an_article_may_keep_some_of_its_passages(library: Library) -> None:
    both = passages(HARBOUR)
    put(library, HARBOUR)
    library.put(HARBOUR, both[:1], pipeline="shorter")
    assert library.store.passages(HARBOUR.key) == list(both[:1])


def test_an_article_may_come_to_have_no_passages(library: Library) -> None:
    put(library, HARBOUR)
    library.put(HARBOUR, [], pipeline="none")
    assert library.store.passages(HARBOUR.key) == []
    assert library.search("grain", 5) == []
    assert [row.passages for row in library.articles()] == [0]


def test_a_removed_article_is_neither_listed_nor_found(library: Library) -> None:
    put(library, HARBOUR, MOUNTAIN, RIVER)
    library.remove([HARBOUR.key, RIVER.key])
    assert [row.path for row in library.articles()] == ["mountain.md"]
    assert found(library, "grain harbour river meadows") == ["mountain.md"]
    assert library.store.count() == 1


def test_removing_what_is_not_there_does_no_harm(library: Library) -> None:
    put(library, HARBOUR)
    library.remove(["shelf\nother.md"])
    library.remove([])
    assert library.store.count() == 2


def test_the_same_path_in_two_sources_is_two_articles(library: Library) -> None:
    put(library, article("a.md", "One says grain."), article("a.md", "Two says grain.", source="other"))
    library.remove(["shelf\na.md"])
    assert stored_texts(library, ["grain"]) == {"Two says grain."}


def test_many_passages_go_in_and_out_in_batches(library: Library) -> None:
    long = article("long.md", *(f"Paragraph number {number} of many." for number in range(150)))
    put(library, long)
    assert library.store.count() == 150
    assert library.store.passages(long.key) == list(passages(long))
    assert library.store.remove_orphans() == 0
    library.remove([long.key])
    assert library.store.count() == 0


def test_lexical_search_knows_a_word_that_meaning_does_not(library: Library) -> None:
    put(library, *(article(f"{number}.md", f"Filler text number {number} here.") for number in range(20)))
    put(library, article("rare.md", "Filler text with qwen2.5 in it here."))
    vector = EMBEDDER.embed(["nothing alike"], role="query")[0]
    hits = library.store.search(vector, Bm25Encoder().encode_query("qwen2.5"), limit=3)
    assert hits[0].passage.article == "rare.md"


def test_a_question_without_a_content_word_is_answered_by_meaning_alone(library: Library) -> None:
    put(library, HARBOUR, MOUNTAIN)
    vector = EMBEDDER.embed([MOUNTAIN.text], role="query")[0]
    hits = library.store.search(vector, SparseVector((), ()), limit=1)
    assert hits[0].passage.article == "mountain.md"
    assert hits[0].dense == pytest.approx(1.0, abs=1e-5)


def test_a_passage_without_a_content_word_can_be_put_and_taken_out(library: Library) -> None:
    mute = article("mute.md", "To be or not to be.", "—")
    put(library, mute, HARBOUR)
    assert library.store.count() == 4
    put(library, article("mute.md", "And so on."))
    library.remove([mute.key])
    assert library.store.count() == 2


def test_scores_fall_and_the_limit_holds(library: Library) -> None:
    put(library, *(article(f"{number}.md", f"Grain text number {number}.") for number in range(30)))
    hits = library.search("Grain text number 7.", 8)
    assert len(hits) == 8
    assert hits[0].passage.article == "7.md"
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert library.search("Grain", 0) == []
    assert len(library.search("Grain", 1000)) == 30


def test_passages_of_equal_score_stand_in_the_same_order_whatever_came_first(library: Library) -> None:
    twins = [article(f"{number}.md", "The very same words.") for number in range(6)]
    put(library, *twins)
    first = found(library, "same words")
    library.remove([twin.key for twin in twins])
    put(library, *reversed(twins))
    assert found(library, "same words") == first


def test_words_of_what_is_gone_do_not_weigh_on_what_is_left(embedded: Library) -> None:
    rare = article("rare.md", "zumupol and some words of its own besides.")
    common = article("common.md", "words words.")
    filler = [article(f"{number}.md", f"Filler {number} of words.") for number in range(10)]
    put(embedded, rare, common, *filler)
    before = [(hit.passage.id, hit.score) for hit in embedded.search("zumupol words", 20)]
    # Thirty edits that are taken back make the rare word look frequent to whoever counts deleted ones.
    for number in range(30):
        put(embedded, article("rare.md", f"zumupol {number}."))
    put(embedded, rare)
    assert [(hit.passage.id, hit.score) for hit in embedded.search("zumupol words", 20)] == before


def test_the_state_is_kept_and_is_no_article(library: Library) -> None:
    library.store.set_state({"last_sync": "2026-01-01T00:00:00+00:00", "a": "1"})
    library.store.set_state({"a": "2"})
    assert library.store.state() == {"last_sync": "2026-01-01T00:00:00+00:00", "a": "2"}
    assert library.articles() == []
    assert library.store.remove_orphans() == 0
    assert library.store.state()["a"] == "2"


def test_a_closed_store_says_so(library: Library) -> None:
    put(library, HARBOUR)
    library.store.close()
    library.store.close()
    for use in (lambda: library.search("grain", 1), library.articles, lambda: put(library, RIVER)):
        with pytest.raises(LibraryError, match="closed"):
            use()


def test_searches_during_replacements_always_find_whole_passages(library: Library) -> None:
    versions = [
        article("news.md", f"Grain prices at {number} today.", f"Grain stays in store {number}.")
        for number in range(12)
    ]
    put(library, versions[0], HARBOUR)
    allowed = {text for version in versions for text in version.text.split("\n\n")} | set(
        HARBOUR.text.split("\n\n")
    )
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                hits = library.search("grain prices in store", 50)
                texts = {hit.passage.text for hit in hits}
                wrong.extend(texts - allowed)
                # Whatever is replaced meanwhile, some state of the article is always there.
                if not any("Grain prices" in text for text in texts):
                    wrong.append("the article was gone")
        except Exception as error:  # noqa: BLE001
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for version in versions[1:]:
        put(library, version)
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert library.store.count() == 4


def test_several_threads_may_write_at_once(library: Library) -> None:
    wrong: list[Exception] = []

    def write(name: str) -> None:
        try:
            for number in range(4):
                put(library, article(f"{name}.md", f"Text {number} of {name}."))
        except Exception as error:  # noqa: BLE001
            wrong.append(error)

    threads = [threading.Thread(target=write, args=(f"writer{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sorted(stored_texts(library)) == [f"Text 3 of writer{number}." for number in range(4)]


def test_a_search_waits_for_no_long_article_to_be_written(library: Library) -> None:
    put(library, HARBOUR)
    book = article("book.md", *(f"Page {number} of the book." for number in range(300)))
    parts = passages(book)
    stored = StoredArticle(book, book.content_hash, "test", tuple(part.id for part in parts), now())
    texts = [part.text for part in parts]
    words = Bm25Encoder().encode_documents(texts, [""] * len(texts))
    hits: list[ScoredPassage] = []

    def asked_in_the_middle() -> Iterator[SparseVector]:
        for number, vector in enumerate(words):
            if number == 200:
                asking = threading.Thread(
                    target=lambda: hits.extend(library.search("cranes", 1)), daemon=True
                )
                asking.start()
                asking.join(20)
            yield vector

    vectors = EMBEDDER.embed(texts, role="document")
    library.store.replace(stored, parts, vectors, asked_in_the_middle())
    assert [hit.passage.article for hit in hits] == ["harbour.md"]
    assert library.store.passages(book.key) == list(parts)
