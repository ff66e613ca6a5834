"""Embedded Qdrant and a server give the same answers to the same library."""

import random
import time
from collections.abc import Sequence
from contextlib import closing

import pytest
from qdrant_client import models
from synthetic import WORDS, put, random_article

from index_store.library import Library
from index_store.qdrant_connection import open_server

ARTICLES = 160


def questions(chance: random.Random) -> list[str]:
    return [" ".join(chance.choices(WORDS, k=chance.randint(2, 8))) for _ in range(50)]


def assert_alike(one: Library, other: Library, asked: Sequence[str]) -> None:
    assert one.articles()
    assert [row.key for row in one.articles()] == [row.key for row in other.articles()]
    assert one.store.count() == other.store.count()
    for question in asked:
        hits, others = one.search(question, 10), other.search(question, 10)
        assert len(hits) == 10
        assert [hit.passage for hit in hits] == [hit.passage for hit in others], question
        assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in others], abs=1e-5)
        assert [hit.dense for hit in hits] == pytest.approx([hit.dense for hit in others], abs=1e-5)


class Tidying:
    """Makes a server count no deleted passage any more; by itself it waits until a fifth of them are."""

    def __init__(self, url: str, collection: str) -> None:
        self._url = url
        self._collection = collection

    def wait(self) -> None:
        at_once = models.OptimizersConfigDiff(deleted_threshold=0.001, vacuum_min_vector_number=100)
        with closing(open_server(self._url)) as client:
            client.update_collection(self._collection, optimizers_config=at_once)
            deadline = time.monotonic() + 60
            state = client.get_collection(self._collection)
            while state.status != "green" or state.indexed_vectors_count != state.points_count:
                assert time.monotonic() < deadline, f"not tidied up: {state}"
                time.sleep(0.1)
                state = client.get_collection(self._collection)


def test_both_stores_agree_after_adds_changes_and_removals(
    embedded: Library, on_server: Library, qdrant_server: str, name_on_server: str
) -> None:
    server = Tidying(qdrant_server, f"{name_on_server}-passages")
    chance = random.Random(7)
    asked = questions(chance)
    for number in range(ARTICLES):
        one = random_article(chance, f"{number}.md")
        put(embedded, one)
        put(on_server, one)
    assert embedded.store.count() > 300
    assert_alike(embedded, on_server, asked)
    for number in range(0, ARTICLES, 3):
        one = random_article(chance, f"{number}.md")
        put(embedded, one)
        put(on_server, one)
    server.wait()
    assert_alike(embedded, on_server, asked)
    gone = [f"shelf\n{number}.md" for number in range(0, ARTICLES, 4)]
    embedded.remove(gone)
    on_server.remove(gone)
    server.wait()
    assert_alike(embedded, on_server, asked)
