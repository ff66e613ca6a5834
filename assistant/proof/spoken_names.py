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
# Behind "a" or "our" a name is no thing by itself: "an idle NAT gateway".
_OF_SOME = re.compile(r"\b(?:an?|our|my|your)\s+((?:[a-z][\w-]*\s+){0,2})$", re.IGNORECASE)
_FOLLOWING = re.compile(r"\s+([a-z][a-z-]*)\b(?!['’])")
# What comes before a thing that something is done with; before one that does something, its verb follows.
_DONE_WITH = re.compile(
    r"\b(?:with|without|for|in|on|at|of|from|to|under|by|over|using|into|about|against"
    r"|buy|use|run|have|get|need|want|keep|delete|remove|add|set up|sign|own|rent)\s+$",
    re.IGNORECASE,
)
_ENDS_PHRASE = frozenset(
    "a an the and or but if when that which who where how why is are was were be been do does did can could "
    "may might must shall should will would has have had not with without for in on at of from to under by "
    "over into than per about against between until while because after before during so as it they we you i "
    "once again ever still also only just already now then there here".split()
)
_MOST_FOLLOWING = 3


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


def phrase_around(text: str, name: SpokenName) -> str | None:
    """The thing that a name is but a part of: "idle NAT gateway"; None where the name is all of it.

    Before a verb one word behind the name belongs to it, and no more is known.
    """
    before = _OF_SOME.search(text[: name.start])
    if before is None:
        return None
    most = _MOST_FOLLOWING if _DONE_WITH.search(text[: before.start()]) else 1
    following: list[str] = []
    place = name.end
    while len(following) < most and (match := _FOLLOWING.match(text, place)):
        if match[1] in _ENDS_PHRASE:
            break
        following.append(match[1])
        place = match.end()
    if not following:
        return None
    return " ".join([*before[1].split(), name.text, *following])


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
