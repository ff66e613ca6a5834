"""Blocks of text that many articles of one source have: what a site prints on every page."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from index_store.article import Article, Block
from index_store.passage import Passage
from index_store.passage_store import ComparedArticle
from index_store.sentences import sentences
from ingest.documents.reader_calls import is_call
from ingest.passages.blocks_of_passage import blocks_within
from ingest.passages.section_units import begins_mid_thought
from ingest.passages.telling_words import each_word, states_a_fact, words_of

# A block is common to a source when so many of its articles have it, and this part of them.
_LEAST_ARTICLES = 3
_LEAST_SHARE = 3
_LEAST_WORDS = 2
# Shorter blocks say something else below another heading: "Default: none".
_STANDS_ALONE = 12
_LENGTH_BITS = 16
_LONGEST = (1 << _LENGTH_BITS) - 1
_LONGEST_TEXT = 10 * _LONGEST
_CALL_BIT = 1 << _LENGTH_BITS
_NO_TEXT = ~(_CALL_BIT | _LONGEST)


def block_numbers(article: Article) -> tuple[int, ...]:
    """A number for each block that other articles may have too, and one for the length of all the rest.

    A number tells the text, in 47 bits, whether it is a call to the page's reader, and its length in words.
    """
    numbers, rest = [], 0
    for _, number, length in _numbered(article):
        if number is None:
            rest += length
        else:
            numbers.append(number)
    return (*numbers, min(rest, _LONGEST))


def blocks_to_leave_out(articles: Iterable[ComparedArticle]) -> dict[str, tuple[int, ...]]:
    """For each article, by its key, the numbers of the blocks that its passages shall not consist of.

    The articles come in the order in which they are preferred: the first that has a common block keeps it,
    unless it is a call to the reader, which is kept nowhere. An article of which a third is common is one of
    a series, and keeps all but the calls.
    """
    by_source: dict[str, list[ComparedArticle]] = {}
    for article in articles:
        by_source.setdefault(article.source, []).append(article)
    return {
        article.key: left_out for group in by_source.values() for article, left_out in _left_out_in(group)
    }


def without_shared(article: Article, passages: Sequence[Passage], left_out: Iterable[int]) -> list[Passage]:
    """The passages without those that consist of blocks to be left out, and of headings."""
    numbers = frozenset(left_out)
    if not numbers:
        return list(passages)
    out = {block.start for block, number, _ in _numbered(article) if number in numbers}
    return [passage for passage in passages if not _consists_of(passage, article.blocks, out)]


def _consists_of(passage: Passage, blocks: Sequence[Block], out: set[int]) -> bool:
    text = [block for block in blocks_within(blocks, passage) if block.kind != "heading"]
    return bool(text) and all(block.start in out for block in text)


def _left_out_in(group: Sequence[ComparedArticle]) -> Iterator[tuple[ComparedArticle, tuple[int, ...]]]:
    counts = Counter(
        number for article in group for number in set(article.likeness.blocks) if number & _NO_TEXT
    )
    common = {
        number
        for number, count in counts.items()
        if count >= _LEAST_ARTICLES and count * _LEAST_SHARE >= len(group)
    }
    kept: set[int] = set()
    for article in group:
        blocks = article.likeness.blocks
        mine = [number for number in dict.fromkeys(blocks) if number in common]
        calls = [number for number in mine if number & _CALL_BIT]
        others = [number for number in mine if not number & _CALL_BIT]
        length = sum(number & _LONGEST for number in blocks)
        if sum(number & _LONGEST for number in others) * _LEAST_SHARE > length:
            repeated = []
        else:
            repeated = [number for number in others if number in kept]
        kept.update(others)
        yield article, tuple(sorted((*calls, *repeated)))


def _numbered(article: Article) -> Iterator[tuple[Block, int | None, int]]:
    """Each block of text with its number and its length in words.

    What has a figure or a name that the rest of the article lacks has no number.
    """
    known: Counter[str] | None = None
    heading = ""
    for block in article.blocks:
        text = article.text[block.start : block.end]
        if block.kind == "heading":
            heading = text
            continue
        if len(text) > _LONGEST_TEXT:  # no site prints that on every page
            yield block, None, sum(1 for _ in each_word(text))
            continue
        words = words_of(text)
        length = len(words)
        if block.kind in ("table", "code") or length < _LEAST_WORDS:
            yield block, None, length
            continue
        facts = Counter(word.casefold() for word in _facts(text))
        if facts:
            if known is None:
                known = _words_in(article)
            here = Counter(word.casefold() for word in words)
            if any(known[fact] <= here[fact] for fact in facts):
                yield block, None, length
                continue
        yield block, _number(text, heading, length), length


def _words_in(article: Article) -> Counter[str]:
    """How often each word stands in an article and its title, line by line: a book has millions."""
    found: Counter[str] = Counter()
    for line in (article.title, *article.text.split("\n")):
        found.update(word.casefold() for word in each_word(line))
    return found


def _number(text: str, heading: str, length: int) -> int:
    called = is_call(text)
    stands_alone = called or (length >= _STANDS_ALONE and not begins_mid_thought(text))
    plain = " ".join((text if stands_alone else f"{heading}\n{text}").casefold().split())
    hashed = int.from_bytes(blake2b(plain.encode(errors="replace"), digest_size=8).digest(), "big")
    return (hashed & _NO_TEXT) | (_CALL_BIT if called else 0) | min(length, _LONGEST)


def _facts(text: str) -> Iterator[str]:
    """The figures and names of a block; the first word of a sentence has its capital from that."""
    for sentence in sentences(text):
        words = words_of(sentence)
        in_capitals = all(word[0].isupper() for word in words if len(word) > 3)
        for place, word in enumerate(words):
            if states_a_fact(word) and (not (place == 0 or in_capitals) or not word.istitle()):
                yield word
