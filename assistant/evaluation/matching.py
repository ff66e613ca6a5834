"""When two texts count as saying the same words: facts in answers, gold in passages, copied sentences.

Three forms of text are compared here. `plain` is for words (lower case, no emphasis or code marks);
`spoken` is `plain` without citation marks; `bare` is for passages and keeps the case, but loses table
bars too, since a reader of articles may have stripped all marks or none.
"""

import re
from collections.abc import Iterable

_QUOTES_AND_DASHES = {
    **dict.fromkeys(map(ord, "\u2018\u2019"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d"), '"'),
    **dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-"),
}
_PLAIN = _QUOTES_AND_DASHES | dict.fromkeys(map(ord, "*`"))
_BARE = _PLAIN | {ord("|"): " "}

_CITATION_MARK = re.compile(r"\[\d+\]")
# Underscores inside a word belong to it (no_think); only those at its edges are emphasis.
_UNDERSCORE_EMPHASIS = re.compile(r"(?<!\w)_+|_+(?!\w)")
_SENTENCE_EDGE = " .!?:;,\"'()"

WORD_FOR_WORD_FROM = 5
"""Sentences of fewer words than this are not called copied: short ones coincide by chance."""


def plain(text: str) -> str:
    """Lower case, one kind of quote and dash, no emphasis or code marks, white space collapsed."""
    return " ".join(text.lower().translate(_PLAIN).split())


def spoken(answer_text: str) -> str:
    """An answer's words in plain form, without its citation marks ([1])."""
    # A space, not nothing: what stood on both sides of a mark must not grow together.
    return plain(_CITATION_MARK.sub(" ", answer_text))


def bare(passage: str) -> str:
    """A passage without emphasis marks, code marks and table bars, white space collapsed; case is kept."""
    return " ".join(_UNDERSCORE_EMPHASIS.sub("", passage.translate(_BARE)).split())


def has_fact(answer_text: str, alternatives: Iterable[str]) -> bool:
    """Whether the answer holds one of the spellings as a whole word or number."""
    answer = spoken(answer_text)
    return any(_stands_in(plain(alternative), answer) for alternative in alternatives)


def overlaps(gold: str, passage_text: str) -> bool:
    """Whether at least half of the gold passage stands in the passage in one piece.

    Both must come from the same article; that is the caller's to check. A passage that is itself only
    a part of the gold counts when it is half of it.
    """
    gold, passage = bare(gold), bare(passage_text)
    half = (len(gold) + 1) // 2
    # A common piece of half the gold or more exists if and only if one of exactly half does.
    return half > 0 and any(gold[at : at + half] in passage for at in range(len(gold) - half + 1))


def is_word_for_word(sentence: str, plain_sources: Iterable[str]) -> bool:
    """Whether a sentence of five words or more stands in one of the sources, which are in plain form.

    Marks around the sentence (full stop, quotes, brackets) are not compared.
    """
    words = spoken(sentence).strip(_SENTENCE_EDGE)
    return len(words.split()) >= WORD_FOR_WORD_FROM and any(
        words in source and _stands_in(words, source) for source in plain_sources
    )


def _stands_in(words: str, text: str) -> bool:
    """Whether the words stand in the text, not as a part of a longer word or number (both plain)."""
    if not words:
        return False
    # A number goes on across a point or comma: 1.5 is no part of 11.5, nor 25 of 25.5 or 25,000.
    before = r"(?<![a-z0-9])(?<!\d[.,])" if words[0].isalnum() else ""
    after = r"(?![a-z0-9])(?![.,]\d)" if words[-1].isalnum() else ""
    return re.search(before + re.escape(words) + after, text, re.ASCII) is not None
