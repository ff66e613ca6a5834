"""The names that a conversation speaks of, as far as spelling tells a name from any other word."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.proof.exact_terms import NOT_NAMES

# A name: words that begin with a capital or hold a figure, with the figures and capitals that follow them.
_NAME = re.compile(
    r"\b(?:(?:St|Ste|Mt|Ft|Dr|Prof|Mr|Mrs|Ms)\. )?"
    r"(?:[A-Z][\w.+-]*\w|[A-Z]|[^\WA-Za-z]*+[A-Za-z](?:[^\W\d]|[.+-])*+\d[\w.+-]*)"
    r"(?:[ ](?:[A-Z][\w.+-]*|\d[\w.]*))*"
)
_WORD = re.compile(r"\S+")
_ENDS = ".!?:;\n…"
_OPENERS = " \t\"'“‘«([*_>-"
# What is written with capitals and is no subject of a conversation: units, abbreviations, days and months.
_COMMON = frozenset(
    "b k kb mb gb tb kib mib gib tib bit bits byte bytes token tokens ms sec hz khz mhz ghz kwh usd eur "
    "gpu gpus cpu cpus ram vram ssd api apis url urls llm llms ai rag pdf html json yaml csv sql http https "
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
# Orders and courtesies that may open a sentence before a name: "Compare Gemma 4 with Qwen3".
_OPENING = frozenset(
    "add call check choose compare consider convert define delete describe explain find fetch give hello "
    "he here hi install keep let list load look make measure move name no note ok okay please pick put "
    "quote read regarding remove replace run say set she show since speaking start stop suppose sum "
    "summarise summarize take tell thank thanks try use using write".split()
)


@dataclass(frozen=True, slots=True)
class SpokenName:
    """A name and where it stands in its text."""

    text: str
    start: int
    end: int


def spoken_names(text: str, *, lone: bool = False) -> list[SpokenName]:
    """The names in `text`, in order.

    The first word of a sentence is a name only where more than its capital says so: a figure, a second
    capital, a genitive. With `lone` its capital is enough, as in an answer to "which model?".
    """
    found = []
    for match in _NAME.finditer(text):
        opens = _opens_sentence(text, match.start())
        words = list(_WORD.finditer(match.group().rstrip(".,-")))
        kept = _without_common(words, opens=opens)
        if not kept:
            continue
        start, end = match.start() + kept[0].start(), match.start() + kept[-1].end()
        name = text[start:end]
        bare = opens and kept[0] is words[0] and not lone and not _is_telling(name, text[end : end + 2])
        if len(name) > 1 and any(letter.isalpha() for letter in name) and not bare:
            found.append(SpokenName(name, start, end))
    return found


def distinct(names: Iterable[SpokenName]) -> list[str]:
    """Each name once, without those that are part of a longer one."""
    once = list(dict.fromkeys(name.text for name in names))
    return [name for name in once if not any(name != other and name in other for other in once)]


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start].rstrip(_OPENERS)
    return not before or before[-1] in _ENDS


def _without_common(words: list[re.Match[str]], *, opens: bool) -> list[re.Match[str]]:
    kept = list(words)
    while kept and (kept[0].group().lower() in NOT_NAMES or (opens and kept[0].group().lower() in _OPENING)):
        kept.pop(0)
    while kept and kept[-1].group().lower() in _COMMON:
        kept.pop()
        # "RTX 4090 24 GB": the figure belongs to its unit.
        if kept and kept[-1].group()[0].isdigit():
            kept.pop()
    while kept and kept[0].group().lower() in _COMMON:
        kept.pop(0)
    return kept


def _is_telling(name: str, behind: str) -> bool:
    inner = any(sign.isupper() or sign.isdigit() for sign in name[1:])
    return " " in name or inner or behind in ("'s", "’s")
