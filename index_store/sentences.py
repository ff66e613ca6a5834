"""Where sentences begin and end in clean text, as character spans.

Ingest splits long paragraphs with it, the assistant quotes with it: both must agree, so it stands here.
"""

import re
from collections.abc import Iterator

_ABBREVIATIONS = frozenset(
    "e.g i.e etc vs cf al approx ca dr mr mrs ms prof st no nos fig figs eq sec ch vol pp inc ltd corp co "
    "jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k e.u "
    # German, French and Russian
    "bzw usw ggf evtl inkl zzgl vgl nr bspw sog hrsg geb z.b d.h u.a mme mlle ул проф акад им т.е т.к".split()
)
# These go on where a number follows them: "рис. 5", "S. 12", "p. 4", "Kap. 3".
_BEFORE_NUMBERS = frozenset("рис табл стр гл ст разд д кв тел п abb kap bd s p pag n tel".split())
# "z. B.", "d. h.", "т. е.": at the first letter, and behind the second. "т. д." may well end a sentence.
_HALF = re.compile(r"\s?[^\W\d_]\.")
_BOTH_HALVES = re.compile(r"(?<!\w)(?:[zuidoZUIDO]\.\s?[A-Za-z]|[тТ]\.\s?[екн])$")
# A number with a stop before one of these is a German ordinal.
_ORDERED = re.compile(
    r"\s(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|Jahrhundert|Jh|Auflage|Kapitel)\b"
)
# Nothing here is tried twice: a line may be a megabyte of dots, and must still be read in one pass.
# Chinese and Japanese put no space behind a sentence; Arabic, Urdu and Hindi have stops of their own.
_END = re.compile(
    r"(?<![.!?…؟۔।])[.!?…؟۔।]++[\"'”’»)\]]*+(?=\s)|(?:[。！？｡]|．(?![0-9０-９]))++[”’」』）】》]*+"
)
# What comes behind a quotation that is but a part of its sentence, as in 「行く。」と言った。
_QUOTING = re.compile("[と、，]")
_LAST_WORD = re.compile(r"[\w.]+$")
_LOOK_BACK = 40  # characters, more than any abbreviation has
_SHORT_WORD = 5  # characters; what is looked at with more care has fewer
_VISIBLE = re.compile(r"\S")


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
    for stop in _END.finditer(line):
        after = _VISIBLE.search(line, stop.end())
        if after and _continues(line, stop, after.group()):
            continue
        yield stop.end()


def _continues(line: str, stop: re.Match[str], after: str) -> bool:
    if stop.group()[0] in "。！？｡．":
        return stop.group()[-1] in "」』" and bool(_QUOTING.match(line, stop.end()))
    if after.islower():
        return True
    if not stop.group().startswith("."):
        return False
    word = _LAST_WORD.search(line, max(0, stop.start() - _LOOK_BACK), stop.start())
    if word is None:
        return False
    last = word.group().lower()
    if len(last) > _SHORT_WORD and last.isalpha():
        return last in _ABBREVIATIONS
    if after.isdigit() and last in _BEFORE_NUMBERS:
        return True
    if _BOTH_HALVES.search(line, max(0, stop.start() - _LOOK_BACK), stop.start()):
        return True
    if last in ("z", "u", "d", "i", "o", "т") and _HALF.match(line, stop.end()):
        return True
    if last == "г":  # "г. Москва" is a town, "2020 г." a year
        return not line[max(0, word.start() - 2) : word.start()].strip().isdigit()
    if last.isdigit() and len(last) <= 2 and _ORDERED.match(line, stop.end()):
        return True
    if last.isdigit():  # "1. First" in running text is a number of a list, not a sentence
        first = _VISIBLE.search(line)
        return len(last) <= 2 and first is not None and first.start() == word.start()
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and word.group().isupper())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        yield start + left, start + right
