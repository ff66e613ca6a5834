"""Where sentences begin and end in clean text, as character spans.

Ingest splits long paragraphs with it, the assistant quotes with it: both must agree, so it stands here.
"""

import re
from collections.abc import Iterator

_ABBREVIATIONS = frozenset(
    "e.g i.e etc vs cf al approx ca dr mr mrs ms prof st no nos fig figs eq sec ch vol pp inc ltd corp co "
    "jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k e.u".split()
)
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|[。！？]+[”’」』）]*")
_LAST_WORD = re.compile(r"[\w.]+$")


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The half-open spans of the sentences of `text`, without surrounding white space.

    A line break always ends a sentence: in clean text it parts headings, list items, table rows and
    lines of code. Abbreviations, initials and decimal numbers do not end one.
    """
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for end in _ends_within(line.group()):
            yield from _trimmed(text, start, line.start() + end)
            start = line.start() + end
        yield from _trimmed(text, start, line.end())


def sentences(text: str) -> list[str]:
    """The sentences of `text`, in order."""
    return [text[start:end] for start, end in sentence_spans(text)]


def _ends_within(line: str) -> Iterator[int]:
    for match in _END.finditer(line):
        rest = line[match.end() :].lstrip()
        if rest and _continues(line[: match.start()], match.group(), rest):
            continue
        yield match.end()


def _continues(before: str, stop: str, rest: str) -> bool:
    if stop[0] in "。！？":
        return False
    if rest[0].islower():
        return True
    if not stop.startswith("."):
        return False
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    last = word.group().lower()
    if last.isdigit():  # "1. First" in running text is a number of a list, not a sentence
        return len(last) <= 2 and len(before.strip()) == len(last)
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and word.group().isupper())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        yield start + left, start + right
