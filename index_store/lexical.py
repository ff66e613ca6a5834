"""Lexical vectors: stemmed words weighted as in BM25, for Qdrant's sparse search with its IDF modifier."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from zlib import crc32

import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

# One-character words count (the 4 of "Gemma 4"), and dots and plus signs inside a name hold it together.
_WORD = re.compile(r"[^\W_]+(?:[.+][^\W_]+)*")
_PARTS = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*")
# Most words of a library are a few ten thousand.
_REMEMBERED = 50_000
_GLUED = re.compile(r"(?<=[a-z0-9)])(?=[A-Z][a-z])")
_STOPWORDS = frozenset(STOPWORDS_EN_PLUS)


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Word ids (unsigned 32-bit, unique) and their weights."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


class LexicalEncoder(Protocol):
    """Turns texts into sparse vectors."""

    def encode_documents(self, texts: Sequence[str], contexts: Sequence[str]) -> list[SparseVector]:
        """One vector per text. `contexts` (title, headings, lead) count less than the text's own words."""
        ...

    def encode_query(self, text: str) -> SparseVector:
        """The words of a question, each with weight 1."""
        ...

    def words(self, text: str) -> list[str]:
        """The stems of a text's content words, in order, with repetitions."""
        ...


class Bm25Encoder:
    """BM25's term weights (Robertson and Zaragoza 2009), without the IDF, which Qdrant multiplies in.

    `k1` and `b` are the usual saturation and length parameters; `average_length` is a fixed length in
    words instead of the collection's own, so that a vector never depends on other articles.
    `context_weight` is how much of an occurrence a word of the title, the headings or the lead counts.
    Other values do no better over two libraries: docs/log.md.
    """

    def __init__(
        self, *, k1: float = 1.2, b: float = 0.5, average_length: float = 110.0, context_weight: float = 0.5
    ) -> None:
        self._k1 = k1
        self._b = b
        self._average_length = average_length
        self._context_weight = context_weight
        self._stemmer = Stemmer.Stemmer("english")

    def encode_documents(self, texts: Sequence[str], contexts: Sequence[str]) -> list[SparseVector]:
        """One vector per text; see LexicalEncoder."""
        bodies, heads = self._words_of(texts), self._words_of(contexts)
        return [self._weighed(body, head) for body, head in zip(bodies, heads, strict=True)]

    def encode_query(self, text: str) -> SparseVector:
        """The words of a question, each with weight 1."""
        ids = dict.fromkeys(_word_id(word) for word in self.words(text))
        return SparseVector(tuple(ids), (1.0,) * len(ids))

    def words(self, text: str) -> list[str]:
        """The stems of a text's content words, in order, with repetitions."""
        return self._words_of([text])[0]

    def _weighed(self, body: Sequence[str], head: Sequence[str]) -> SparseVector:
        counts: dict[int, float] = {}
        for word, times in Counter(body).items():
            id = _word_id(word)
            counts[id] = counts.get(id, 0.0) + times
        for word in set(head):
            id = _word_id(word)
            counts[id] = counts.get(id, 0.0) + self._context_weight
        norm = self._k1 * (1 - self._b + self._b * len(body) / self._average_length)
        weights = (count * (self._k1 + 1) / (count + norm) for count in counts.values())
        return SparseVector(tuple(counts), tuple(weights))

    def _words_of(self, texts: Sequence[str]) -> list[list[str]]:
        """The stems of each text, with the parts of those that mix letters and figures.

        The library's own call would count its progress for each text, under a lock that all processes share:
        one that was killed meanwhile would keep it.
        """
        found = []
        for text in texts:
            # An accent may be a character of its own, which would end the word.
            parted = _GLUED.sub(" ", unicodedata.normalize("NFC", text)).lower()
            words = [word for word in _WORD.findall(parted) if word not in _STOPWORDS]
            found.append([part for stem in self._stemmer.stemWords(words) for part in _with_parts(stem)])
        return found


# The embedded store holds all vectors: the id of a word that many have is one number, not one for each.
@lru_cache(_REMEMBERED)
def _word_id(word: str) -> int:
    return crc32(word.encode())


def _with_parts(word: str) -> list[str]:
    """A word, and its parts where letters and figures meet: "qwen2.5" is also found by "qwen"."""
    parts = _PARTS.findall(word)
    return [word, *parts] if len(parts) > 1 else [word]
