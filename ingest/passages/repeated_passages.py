"""Which passages of one article say nothing that its other passages do not say in the same words."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from index_store.article import Article
from index_store.passage import Passage
from index_store.sentences import sentence_spans
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


def without_repeats(article: Article, passages: Sequence[Passage]) -> list[Passage]:
    """The passages without those of which every sentence stands, word for word, in another one that stays.

    It must stand there in another block: a paragraph that goes round in circles is left as it is. The words
    of the headings that the repetition stands under must be there too: below another product's name "It is
    free." is another statement. Tables and code are never taken for repetitions.
    """
    spans = list(sentence_spans(article.text))
    keys = [_key(article.text[start:end]) for start, end in spans]
    if len(set(keys)) == len(keys):
        return list(passages)
    pieces = _pieces(article, passages, spans, keys)
    holders: dict[object, list[tuple[int, int]]] = {}
    for place, piece in enumerate(pieces):
        for key, block in dict.fromkeys(piece.sentences):
            holders.setdefault(key, []).append((place, block))
    gone: set[int] = set()
    # From the end, so that of two equal passages the first stays.
    for place in range(len(pieces) - 1, -1, -1):
        piece = pieces[place]
        if not piece.may_go or not piece.sentences:
            continue
        others = (_others(holders[key], (place, block), gone) for key, block in piece.sentences)
        if all(any(piece.context <= pieces[other].words for other in found) for found in others):
            gone.add(place)
    return [passage for place, passage in enumerate(passages) if place not in gone]


@dataclass
class _Piece:
    """A passage as its sentences, each with the place of its block.

    One that leans on the sentence before is a pair with that.
    """

    passage: Passage
    may_go: bool
    sentences: list[tuple[object, int]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)

    @cached_property
    def context(self) -> frozenset[str]:
        """The words of what stands above it that must also be known where its sentences are found."""
        lines = (*self.passage.headings, *self.headings, self.passage.lead)
        return _folded(line for line in lines if not _SUMMARY.fullmatch(line)) - COMMON_WORDS

    @cached_property
    def words(self) -> frozenset[str]:
        """All words that it is read with."""
        passage = self.passage
        return _folded((passage.title, *passage.headings, passage.lead, passage.text))


def _pieces(
    article: Article, passages: Sequence[Passage], spans: Sequence[tuple[int, int]], keys: Sequence[str]
) -> list[_Piece]:
    headings = {block.start for block in article.blocks if block.kind == "heading"}
    starts = [block.start for block in article.blocks]
    solid = [(block.start, block.end) for block in article.blocks if block.kind in ("table", "code")]
    pieces = []
    for passage in passages:
        free = not any(start < passage.end and passage.start < end for start, end in solid)
        pieces.append(_Piece(passage, free))
    for place, piece in _placed(passages, spans, pieces):
        start, end = spans[place]
        whole = piece.passage.start <= start and end <= piece.passage.end
        sentence = article.text[start:end]
        block = bisect_right(starts, start)
        if start in headings and whole:
            piece.headings.append(sentence)
        elif not whole:
            piece.sentences.append(((piece.passage.start, place), block))  # cut within: found nowhere else
        elif begins_mid_thought(sentence) and place:
            piece.sentences.append(((keys[place - 1], keys[place]), block))
        else:
            piece.sentences.append((keys[place], block))
    return pieces


def _placed(
    passages: Sequence[Passage], spans: Sequence[tuple[int, int]], pieces: Sequence[_Piece]
) -> Iterator[tuple[int, _Piece]]:
    """The places of the sentences in each piece; both are in order."""
    first = 0
    for passage, piece in zip(passages, pieces, strict=True):
        while first < len(spans) and spans[first][1] <= passage.start:
            first += 1
        place = first
        while place < len(spans) and spans[place][0] < passage.end:
            yield place, piece
            place += 1


def _others(holders: Sequence[tuple[int, int]], own: tuple[int, int], gone: AbstractSet[int]) -> list[int]:
    place, block = own
    found = (other for other, there in holders if other != place and there != block and other not in gone)
    return list(islice(found, _MOST_TRIED))


def _key(sentence: str) -> str:
    return " ".join(sentence.strip(_AROUND).casefold().split()) or sentence


def _folded(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for line in lines for word in words_of(line))
