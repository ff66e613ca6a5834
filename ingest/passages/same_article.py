"""Whether two articles are one text, printed twice: what must be equal, and what may differ."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b
from itertools import compress
from pathlib import PurePosixPath

from index_store.article import Article
from index_store.sentences import sentence_spans
from ingest.documents.reader_calls import says_nothing
from ingest.passages.telling_words import (
    COMMON_WORDS,
    is_english,
    states_a_fact,
    tells,
    turn_each_other,
    words_of,
)

# Of shorter texts too little is known to say that they are the same text by more than chance.
LEAST_WORDS = 20
_LONGEST_LABEL = 12
# How many of the words may stand in sentences that differ.
_MOST_TOUCHED = 0.2
# More words in a row that differ are not compared one by one, which takes time by their square.
_MOST_COMPARED = 2000
_MOST_SENTENCES = 20_000
# "This article first appeared in ...": it stands at the beginning or the end, and is no part of the text.
_NOTE_PLACES = 3
_NOTE_OF_ORIGIN = re.compile(
    r"(?:this|the following) (?:article|post|story|piece|essay|report|text|column)\b.{0,40}"
    r"\b(?:appeared|published|posted|printed|reprinted|republished|syndicated)\b"
    r"|(?:first|originally|previously) (?:appeared|published|posted|printed)\b"
    r"|(?:reprinted|republished|syndicated|cross-?posted)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence's words as written and folded. A heading, or a line that looks like one, is a `label`."""

    words: tuple[str, ...]
    folded: tuple[str, ...]
    is_label: bool


class Wording:
    """An article's sentences as words, notes of its origin apart, without calls to the page's reader."""

    def __init__(self, article: Article) -> None:
        self.notes: list[tuple[str, ...]] = []
        self.sentences = list(_told(article, self.notes))
        self.length = sum(len(one.words) for one in self.sentences)
        self.is_english = is_english(sum(map(_common_words, self.sentences)), self.length)

    @property
    def folded(self) -> list[str]:
        """All words, folded, in order."""
        return [word for sentence in self.sentences for word in sentence.folded]

    def vocabulary(self) -> Counter[str]:
        """How often each word stands in it, folded."""
        return Counter(self.folded)


def essence_of(article: Article) -> str | None:
    """A digest of all words that tell, in order; articles with different ones are never the same.

    In what is not English every word may. None when the article is too short to be compared. The words of a
    book are never held at once: they would take more memory than all else.
    """
    telling, whole = blake2b(digest_size=8), blake2b(digest_size=8)
    length = common = 0
    for sentence in _told(article, []):
        length += len(sentence.words)
        common += _common_words(sentence)
        for word, folded in zip(sentence.words, sentence.folded, strict=True):
            said = folded.encode(errors="replace") + b" "
            whole.update(said)
            if tells(word):
                telling.update(said)
    if length < LEAST_WORDS:
        return None
    return (telling if is_english(common, length) else whole).hexdigest()


def _told(article: Article, notes: list[tuple[str, ...]]) -> Iterator[_Sentence]:
    """The sentences that say something, in order; notes of the article's origin go into `notes`."""
    spans = list(sentence_spans(article.text))
    for place, (start, end) in enumerate(spans):
        sentence = article.text[start:end]
        words = words_of(sentence)
        folded = tuple(word.casefold() for word in words)
        at_an_end = min(place, len(spans) - 1 - place) < _NOTE_PLACES
        if at_an_end and _NOTE_OF_ORIGIN.match(sentence.lstrip("*_([ ")):
            notes.append(folded)
        elif words and not says_nothing(sentence):
            label = len(words) <= _LONGEST_LABEL and sentence[-1] not in ".!?…:;"
            yield _Sentence(tuple(words), folded, label)


def _common_words(sentence: _Sentence) -> int:
    return sum(word in COMMON_WORDS for word in sentence.folded)


def same_article(one: Article, other: Article) -> bool:
    """Whether both are one text: nearly all sentences equal, and no figure, name, version or negation that
    only one of them has. In doubt they are two: a text too many costs room, a text too few an answer.
    """
    first, second = Wording(one), Wording(other)
    if min(first.length, second.length) < LEAST_WORDS:
        return False
    if max(len(first.sentences), len(second.sentences)) > _MOST_SENTENCES:
        return first.sentences == second.sentences
    if first.notes and second.notes and first.notes != second.notes:
        return False
    return (
        _title_is_known(one, other, second)
        and _title_is_known(other, one, first)
        and _differ_little(first, second)
    )


def _title_is_known(article: Article, other: Article, wording: Wording) -> bool:
    """Whether the other article has all that the title tells; one made from a file's name tells nothing."""
    name = re.sub(r"[-_]+", " ", PurePosixPath(article.path).stem).strip().casefold()
    title = article.title.casefold()
    if title == other.title.casefold() or name == title or re.fullmatch(rf"[\d .]*{re.escape(title)}", name):
        return True
    known = {word for sentence in wording.sentences for word in sentence.folded}
    known.update(word.casefold() for word in words_of(other.title))
    return all(word.casefold() in known for word in words_of(article.title) if tells(word))


def _differ_little(first: Wording, second: Wording) -> bool:
    ones, others = first.sentences, second.sentences
    if [one.folded for one in ones] == [one.folded for one in others]:
        return True
    if not (first.is_english and second.is_english):
        return first.folded == second.folded
    names = _names(first, second)
    touched = [0, 0]
    for begin, end, start, stop in _differing([one.folded for one in ones], [one.folded for one in others]):
        left, right = ones[begin:end], others[start:stop]
        spots = _WordPlaces(left), _WordPlaces(right)
        if not _only_words_that_may_differ(*spots, names):
            return False
        touched[0] += spots[0].touched
        touched[1] += spots[1].touched
    return touched[0] <= _MOST_TOUCHED * first.length and touched[1] <= _MOST_TOUCHED * second.length


def _names(first: Wording, second: Wording) -> frozenset[str]:
    """What either text has with a capital, or more than once while the other has it nowhere: "numpy"."""
    names = {
        folded
        for sentence in (*first.sentences, *second.sentences)
        for word, folded in zip(sentence.words, sentence.folded, strict=True)
        if states_a_fact(word)
    }
    one, other = first.vocabulary(), second.vocabulary()
    for here, there in ((one, other), (other, one)):
        names.update(word for word, count in here.items() if count > 1 and word not in there)
    return frozenset(names) - COMMON_WORDS


class _WordPlaces:
    """The words of some sentences in one row; `touched` counts those in sentences that were marked."""

    def __init__(self, sentences: Sequence[_Sentence]) -> None:
        self.words = [word for one in sentences for word in one.words]
        self.folded = [word for one in sentences for word in one.folded]
        self.labels = [one.is_label for one in sentences for _ in one.words]
        self._sentences = [place for place, one in enumerate(sentences) for _ in one.words]
        self._lengths = [len(one.words) for one in sentences]
        self._marked: set[int] = set()

    def mark(self, begin: int, end: int) -> None:
        """Note that the words in [begin, end) have no counterpart."""
        self._marked.update(self._sentences[begin:end])

    @property
    def touched(self) -> int:
        """How many words the marked sentences have."""
        return sum(self._lengths[place] for place in self._marked)


def _only_words_that_may_differ(left: _WordPlaces, right: _WordPlaces, names: frozenset[str]) -> bool:
    if max(len(left.words), len(right.words)) > _MOST_COMPARED and left.folded != right.folded:
        return False
    for begin, end, start, stop in _differing(left.folded, right.folded):
        left.mark(begin, end)
        right.mark(start, stop)
        for side, low, high in ((left, begin, end), (right, start, stop)):
            before = side.words[low - 1] if low else ""
            if any(letter.isdigit() for letter in before) and low < high:
                return False  # the unit of a figure
            if any(tells(word) for word in side.words[low:high]) or names & {*side.folded[low:high]}:
                return False
            # A heading in other words is a heading over something else.
            if {*compress(side.folded[low:high], side.labels[low:high])} - COMMON_WORDS:
                return False
        if any(turn_each_other(a, b) for a in left.words[begin:end] for b in right.words[start:stop]):
            return False
    return True


def _differing(one: Sequence[object], other: Sequence[object]) -> Iterator[tuple[int, int, int, int]]:
    """The stretches in which two rows differ: [begin, end) of the one, [start, stop) of the other."""
    shorter = min(len(one), len(other))
    head = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    tail = 0
    while tail < shorter - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    matcher = SequenceMatcher(None, one[head : len(one) - tail], other[head : len(other) - tail])
    for tag, begin, end, start, stop in matcher.get_opcodes():
        if tag != "equal":
            yield head + begin, head + end, head + start, head + stop
