"""The words of a text, and which of them are figures and names."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

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
# Most words of a library are a few thousand.
_REMEMBERED = 20_000


def words_of(text: str) -> list[str]:
    """The words and signs of `text` in order, as written; punctuation and invisible signs are left out."""
    return _WORD.findall(_plain(text))


def each_word(text: str) -> Iterator[str]:
    """What `words_of` gives, one by one: all words of a book take ten times the memory of its text."""
    for word in _WORD.finditer(_plain(text)):
        yield word.group()


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


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
