"""The words of a text, and which of them tell one statement from another: figures, names, negations."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from ingest.passages.opposites import are_opposites

# Typography, and what cleaning may leave or take: no difference in these is one in what is said.
_IGNORED = re.escape("'\"`´“”‘’„«»‹›,.;:!?()[]{}…•·*_#|/\\&@-‐‑‒–—―\u2022\u00b7")
_WORD = re.compile(
    rf"(?:(?<![\w.])[-−+](?=\d))?\w+(?:[.,:]\d+)*(?:['’]\w+)*|[^\w\s{_IGNORED}]",
)
_INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), 0x2060, 0xFE0E, 0xFE0F, 0xFEFF])
# They begin sentences with a capital, and name nothing.
COMMON_WORDS = frozenset(
    "a an and are as at be been being but by can could did do does for from had has have he her here his "
    "how i if in into is it its it's let let's like may me might must my of on one or our she should "
    "since so some such than that that's the their them then there there's these they this those though "
    "thus to too under us use using was we we're well were what when where whether which while who whose "
    "why will with would yes you you're your about according additionally after again all also although "
    "among another any around because before besides between both compared currently despite during each "
    "either even every finally first furthermore given hence however indeed instead just last lastly "
    "later many meanwhile moreover most much nevertheless next now once only other otherwise overall over "
    "second similarly still therefore third today together typically until unlike usually very yet".split()
)
# Turn a statement into another one although they name nothing.
_DECIDING = frozenset(
    "no not none never neither nor without cannot can't won't nothing nobody nowhere hardly barely "
    "former formerly ex alleged allegedly supposed supposedly reportedly purported rumoured rumored proposed "
    "planned draft likely unlikely possibly probably partly partially "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
    "eighty ninety fourth fifth sixth seventh eighth ninth tenth hourly daily weekly monthly quarterly "
    "yearly annual annually "
    "scarcely rarely seldom except unless unlike lack lacks lacking fail fails failed nicht kein keine "
    "keinen nie ohne ne pas jamais sans sin nunca non mai senza não sem nem one two three four five six "
    "seven eight nine ten eleven twelve dozen dozens hundred hundreds thousand thousands million millions "
    "billion billions trillion trillions half third quarter twice double triple once first second last "
    "percent january february march april june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday today tomorrow yesterday spring summer autumn "
    "winter seconds minute minutes hour hours day days week weeks month months year years decade decades "
    "century bit bits byte bytes token tokens dollar dollars euro euros pound pounds yuan all every each "
    "some any few fewer many much several most more less least only both either part may might must "
    "should shall can could will would always often sometimes usually before after until since above "
    "below over under between within beyond up down left right increase increases increased decrease "
    "decreases decreased rise rises rose risen fall falls fell fallen grow grows grew grown shrink "
    "shrinks shrank gain gains gained lose loses lost raise raises raised cut cuts higher lower highest "
    "lowest high low larger smaller largest smallest large small bigger big better worse best worst "
    "faster slower fastest slowest fast slow longer shorter long short older newer old new early earlier "
    "late later strong stronger weak weaker cheap cheaper expensive true false yes wrong correct good bad "
    "safe open closed free paid public private legal illegal allow allows allowed forbid forbids "
    "forbidden permit permits permitted ban bans banned require requires required optional accept accepts "
    "accepted reject rejects rejected approve approves approved deny denies denied confirm confirms "
    "confirmed include includes included exclude excludes excluded enable enables enabled disable "
    "disables disabled start starts started stop stops stopped begin end win wins won buy buys bought "
    "sell sells sold import imports export exports add adds added remove removes removed support supports "
    "supported oppose opposes opposed".split()
)
# One in so many words at least; in English texts it is one in two or three, in others hardly one in twenty.
_ENGLISH_SHARE = 8
# Most words of a library are a few thousand.
_REMEMBERED = 20_000
_TURNING_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis", "mis", "de", "anti", "under", "over", "re")


def words_of(text: str) -> list[str]:
    """The words and signs of `text` in order, as written; punctuation and invisible signs are left out."""
    return _WORD.findall(_plain(text))


def each_word(text: str) -> Iterator[str]:
    """What `words_of` gives, one by one: all words of a book take ten times the memory of its text."""
    for word in _WORD.finditer(_plain(text)):
        yield word.group()


def is_english(common: int, words: int) -> bool:
    """Whether a text is English, that has so many of COMMON_WORDS among so many words in all.

    Of what is written in another language nobody here knows which words tell.
    """
    return common * _ENGLISH_SHARE >= words


@lru_cache(_REMEMBERED)
def states_a_fact(word: str) -> bool:
    """Whether a word is a figure, a version or a sign, a name, or in a script that does not mark names."""
    if any(letter.isdigit() or letter == "_" for letter in word) or not word[0].isalnum():
        return True
    if word.isascii() and word.islower():
        return False
    if word.isupper() and len(word) > 1:  # "US" is not "us"
        return True
    if any(letter.isalpha() and letter.lower() == letter.upper() for letter in word):
        return True
    return any(letter.isupper() for letter in word) and word.casefold().replace("’", "'") not in COMMON_WORDS


@lru_cache(_REMEMBERED)
def tells(word: str) -> bool:
    """Whether two texts that differ in this word may state different things, whatever stands around it."""
    folded = word.casefold().replace("’", "'")
    return folded in _DECIDING or folded.endswith("n't") or not word.isascii() or states_a_fact(word)


def turn_each_other(one: str, other: str) -> bool:
    """Whether two words say opposite things; such as one with a prefix or an ending: "unsupported"."""
    if are_opposites(one, other):
        return True
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    if short.endswith("less") != long.endswith("less"):
        return True
    return any(long == prefix + short for prefix in _TURNING_PREFIXES)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
