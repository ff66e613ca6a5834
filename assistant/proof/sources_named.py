"""What a sentence says of the sources themselves: who says it, and whether several agree."""

import re
from collections.abc import Collection

_SOURCES = r"(?:sources|articles|reports|accounts|publications|documents|passages|texts)"
# No passage knows what the others say: only who reads them all could tell, and a small model does not.
_AGREEMENT = re.compile(
    rf"\b(?:{_SOURCES}|both|they)\b(?:\W+\w+){{0,3}}?\W+(?:(?:dis)?agree[sd]?|concur|contradict|conflict|coincide"
    r"|(?:are|is) (?:in )?(?:agreement|consistent|inconsistent|unanimous))\b",
    re.IGNORECASE,
)
_ACCORDING = re.compile(
    r"\b(?:according to|as (?:reported|stated|said|told|claimed) by)\s+(?P<whom>[^,;:.()]{2,60}?)"
    r"(?=[,;:.()]|\s(?:that|which|who|there|is|are|was|were|has|have|had|can|may|must|should|in|on|as|and)\b|$)",
    re.IGNORECASE,
)
# "According to the article" names nobody.
_NOBODY = frozenset(
    "source sources article articles passage passages text texts document documents report reports account "
    "information evidence data table tables figure list provided given above following quote our their its "
    "this these".split()
)
_WE = re.compile(r"\b(?:we|our|ours|us|my)\b")
_WORD = re.compile(r"[^\W\d_]{3,}")
_STEM = 6


def claims_agreement(sentence: str) -> bool:
    """Whether a sentence says that sources agree or disagree."""
    return _AGREEMENT.search(sentence) is not None


def speaks_for_its_author(sentence: str, quote: str) -> bool:
    """Whether a sentence says "we" or "our" with its quote: the reader's own is not meant."""
    return bool(_WE.search(sentence) and _WE.search(quote))


def other_speaker(sentence: str, known: str) -> str | None:
    """Whom a sentence puts its words to ("according to the press"), where `known` never names them."""
    heard = _stems(_WORD.findall(known))
    for found in _ACCORDING.finditer(sentence):
        words = [word for word in _WORD.findall(found["whom"]) if word.lower() not in _NOBODY | {"the"}]
        if words and not _stems(words) & heard:
            return found["whom"].strip()
    return None


def _stems(words: Collection[str]) -> set[str]:
    return {word.lower()[:_STEM] for word in words}
