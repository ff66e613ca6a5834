"""Which passages of one article say nothing that its other passages do not say in the same words."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from itertools import islice

import numpy as np

from index_store.article import Article
from index_store.passage import Passage
from index_store.sentences import sentence_spans
from ingest.passages.blocks_of_passage import blocks_within
from ingest.passages.section_units import begins_mid_thought
from ingest.passages.telling_words import COMMON_WORDS, words_of

# Over what sums an article up, and tells nothing itself.
_SUMMARY = re.compile(
    r"\W*(?:the )?(?:(?:key|main|top) (?:takeaways?|points?|findings|facts|insights|highlights)|takeaways?"
    r"|highlights|(?:executive |quick )?summary|tl;?\s?dr|in (?:brief|short|summary)|at a glance"
    r"|the short version|(?:the )?bottom line|what (?:to|you need to) know|conclusions?)\W*",
    re.IGNORECASE,
)
_AROUND = " \t\u00a0.,;:!?\"'“”‘’()[]*_•·-–—"
# In how many other passages a sentence is looked for that many have: enough, and never a matter of seconds.
_MOST_TRIED = 50
_MOST_HOLDERS = 2_000
# Of so many passages the words are kept while others are compared with them.
_REMEMBERED = 2_000


def without_repeats(article: Article, passages: Sequence[Passage]) -> list[Passage]:
    """The passages without those of which every sentence stands, word for word, in another one that stays.

    It must stand there in another block: a paragraph that goes round in circles is left as it is. The words
    of the headings that the repetition stands under must be there too: below another product's name "It is
    free." is another statement. Tables and code are never taken for repetitions.
    """
    sentences = _Sentences(article.text)
    if not sentences.repeated:
        return list(passages)
    pieces = _pieces(article, passages, sentences)
    words = lru_cache(_REMEMBERED)(lambda place: pieces[place].words())
    holders: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for place, piece in enumerate(pieces):
        for key, block in dict.fromkeys(piece.sentences):
            holders.setdefault(key, []).append((place, block))
    gone: set[int] = set()
    # From the end, so that of two equal passages the first stays.
    for place in range(len(pieces) - 1, -1, -1):
        piece = pieces[place]
        if not piece.may_go or not piece.sentences:
            continue
        context = piece.context()
        others = (_others(holders[key], (place, block), gone) for key, block in piece.sentences)
        if all(any(context <= words(other) for other in found) for found in others):
            gone.add(place)
    return [passage for place, passage in enumerate(passages) if place not in gone]


class _Sentences:
    """Where a text's sentences begin and end, and what each says, as a number of 64 bits.

    `repeated` are the numbers that more than one has. All in arrays: a book has hundreds of thousands.
    """

    def __init__(self, text: str) -> None:
        self.starts, self.ends, self.said = array("Q"), array("Q"), array("Q")
        for start, end in sentence_spans(text):
            self.starts.append(start)
            self.ends.append(end)
            self.said.append(_number(text[start:end]))
        numbers, times = np.unique(np.asarray(self.said), return_counts=True)
        self.repeated: frozenset[int] = frozenset(numbers[times > 1].tolist())


@dataclass(slots=True)
class _Piece:
    """A passage as those of its sentences that stand elsewhere too, each with the place of its block.

    One that leans on the sentence before is a pair with that. With a sentence that stands nowhere else it
    may not go.
    """

    passage: Passage
    may_go: bool
    sentences: list[tuple[tuple[int, ...], int]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)

    def context(self) -> frozenset[str]:
        """The words of what stands above it that must also be known where its sentences are found."""
        lines = (*self.passage.headings, *self.headings, self.passage.lead)
        return _folded(line for line in lines if not _SUMMARY.fullmatch(line)) - COMMON_WORDS

    def words(self) -> frozenset[str]:
        """All words that it is read with."""
        passage = self.passage
        return _folded((passage.title, *passage.headings, passage.lead, passage.text))


def _pieces(article: Article, passages: Sequence[Passage], sentences: _Sentences) -> list[_Piece]:
    headings = {block.start for block in article.blocks if block.kind == "heading"}
    starts = [block.start for block in article.blocks]
    solid = [block for block in article.blocks if block.kind in ("table", "code")]
    pieces = [_Piece(passage, not blocks_within(solid, passage)) for passage in passages]
    said, repeated = sentences.said, sentences.repeated
    for place, piece in _placed(passages, sentences, pieces):
        start, end = sentences.starts[place], sentences.ends[place]
        whole = piece.passage.start <= start and end <= piece.passage.end
        sentence = article.text[start:end]
        block = bisect_right(starts, start)
        if start in headings and whole:
            piece.headings.append(sentence)
            continue
        needed = said[max(0, place - 1) if begins_mid_thought(sentence) else place : place + 1]
        if whole and all(number in repeated for number in needed):
            piece.sentences.append((tuple(needed), block))
        else:
            piece.may_go = False  # one that was cut within is found nowhere else
    return pieces


def _placed(
    passages: Sequence[Passage], sentences: _Sentences, pieces: Sequence[_Piece]
) -> Iterator[tuple[int, _Piece]]:
    """The places of the sentences in each piece; both are in order."""
    first = 0
    for passage, piece in zip(passages, pieces, strict=True):
        while first < len(sentences.ends) and sentences.ends[first] <= passage.start:
            first += 1
        place = first
        while place < len(sentences.starts) and sentences.starts[place] < passage.end:
            yield place, piece
            place += 1


def _others(holders: Sequence[tuple[int, int]], own: tuple[int, int], gone: AbstractSet[int]) -> list[int]:
    place, block = own
    first = islice(holders, _MOST_HOLDERS)
    found = (other for other, there in first if other != place and there != block and other not in gone)
    return list(islice(found, _MOST_TRIED))


def _number(sentence: str) -> int:
    key = " ".join(sentence.strip(_AROUND).casefold().split()) or sentence
    return int.from_bytes(blake2b(key.encode(errors="surrogatepass"), digest_size=8).digest(), "big")


def _folded(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for line in lines for word in words_of(line))
