"""Whether two articles are one text, printed twice: what must be equal, and what may differ."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from itertools import zip_longest
from pathlib import PurePosixPath

from index_store.article import Article
from index_store.sentences import sentence_spans
from ingest.documents.reader_calls import says_nothing
from ingest.passages.telling_words import COMMON_WORDS, words_of

# Of shorter texts too little is known to say that they are the same text by more than chance.
LEAST_WORDS = 20
# "This article first appeared in ...": it stands at the beginning or the end, and is no part of the text.
_NOTE_PLACES = 3
_NOTE_OF_ORIGIN = re.compile(
    r"(?:this|the following) (?:article|post|story|piece|essay|report|text|column)\b.{0,40}"
    r"\b(?:appeared|published|posted|printed|reprinted|republished|syndicated)\b"
    r"|(?:first|originally|previously) (?:appeared|published|posted|printed)\b"
    r"|(?:reprinted|republished|syndicated|cross-?posted)\b",
    re.IGNORECASE,
)
# Whether they stand in a sentence or not, it says the same.
_FILLERS = frozenset(
    "a an the so also then thus indeed moreover furthermore additionally however even".split()
)
# As British and American printings spell one word; three letters before "our", since "four" is no "for".
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})our(?=(?:s|ed|ing|able|ite|ites|ful|less|er|ers)?$)"), "or"),
    (re.compile(r"(?<=[a-z]{3})([iy])s(?=(?:e|es|ed|ing|er|ers|ation|ations)$)"), r"\1z"),
    (re.compile(r"(?<=[a-z]{3})ense(?=(?:s|d)?$)"), "ence"),
    (re.compile(r"(?<=[a-z]{3})tre(?=s?$)"), "ter"),
)


def essence_of(article: Article) -> str | None:
    """A digest of all that an article says; articles with different ones are never the same.

    None when the article is too short to be compared.
    """
    digest, length = blake2b(digest_size=8), 0
    for word in _said(article, []):
        length += 1
        digest.update(word.encode(errors="replace") + b" ")
    return digest.hexdigest() if length >= LEAST_WORDS else None


def same_article(one: Article, other: Article) -> bool:
    """Whether both say the same in the same words: no word that tells something is another one.

    Marks, spelling, small words such as "the", calls to the reader and one note of origin may differ. In
    doubt they are two: a text too many costs room, a text too few an answer.
    """
    notes: tuple[list[tuple[str, ...]], list[tuple[str, ...]]] = ([], [])
    length = 0
    known: set[str] = set()
    for word, there in zip_longest(_said(one, notes[0]), _said(other, notes[1])):
        if word != there:
            return False
        length += 1
        known.add(word.casefold())
    if length < LEAST_WORDS or (notes[0] and notes[1] and notes[0] != notes[1]):
        return False
    return _title_is_known(one, other, known) and _title_is_known(other, one, known)


def _said(article: Article, notes: list[tuple[str, ...]]) -> Iterator[str]:
    """The words that say something, in order, in one spelling; notes of the article's origin go into `notes`.

    Those of a book are never held at once: they would take more memory than all else.
    """
    spans = list(sentence_spans(article.text))
    for place, (start, end) in enumerate(spans):
        sentence = article.text[start:end]
        at_an_end = min(place, len(spans) - 1 - place) < _NOTE_PLACES
        if at_an_end and _NOTE_OF_ORIGIN.match(sentence.lstrip("*_([ ")):
            notes.append(tuple(word.casefold() for word in words_of(sentence)))
        elif not says_nothing(sentence):
            yield from _in_one_spelling(words_of(sentence), in_capitals=sentence.isupper())


def _in_one_spelling(words: list[str], *, in_capitals: bool) -> Iterator[str]:
    for place, word in enumerate(words):
        if word.isupper() and len(word) > 1 and not in_capitals:
            yield word  # "US" is not "us"
            continue
        folded = word.casefold()
        # In "vitamin A" it is a name.
        if folded in _FILLERS and (word != "A" or place == 0 or in_capitals):
            continue
        if folded.isascii():
            for spelling, usual in _SPELLINGS:
                folded = spelling.sub(usual, folded)
        yield folded


def _title_is_known(article: Article, other: Article, known: set[str]) -> bool:
    """Whether the other article has all that the title tells; one made from a file's name tells nothing."""
    name = re.sub(r"[-_]+", " ", PurePosixPath(article.path).stem).strip().casefold()
    title = article.title.casefold()
    if title == other.title.casefold() or name == title or re.fullmatch(rf"[\d .]*{re.escape(title)}", name):
        return True
    there = {word.casefold() for word in words_of(other.title)}
    told = (word.casefold() for word in words_of(article.title))
    return all(word in known or word in there or word in COMMON_WORDS for word in told)
