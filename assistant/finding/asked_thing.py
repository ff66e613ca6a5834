"""The thing without a name that a question asks something of: "How much did [the electric bus] cost?"."""

import re
from dataclasses import dataclass

_ASKS = re.compile(
    r"^\W*(?:and |but |so )?(?:what|which|who|when|where|why|how)\b[^.?!,;:]*?"
    r"\b(?P<verb>do|does|did|can|could|may|might|must|should|shall|will|would|is|are|was|were)\s+(?P<rest>[^.?!,;:]+)\??\s*$",
    re.IGNORECASE,
)
_IS = ("is", "are", "was", "were")
_DETERMINER = re.compile(
    r"(?:the|an?|our|my|your|their|its|each|every|this|that|these|those)\s+", re.IGNORECASE
)
# What stands behind a thing, and says what it does.
_DOES = frozenset(
    "accept add allow apply arrive ask be become begin belong bring build burn buy carry change charge "
    "close come consist contain cost cover cut deal decide depend differ do draw drive drop eat end "
    "expect expire fail fall fill find finish fit fly follow get give go grow handle happen have heat "
    "help hold include increase keep know last lead learn leave let lie live lose make manage mean "
    "measure meet move need offer open pay perform produce protect provide pull put rank reach read "
    "receive recommend reduce rely remove replace report require rest rise run say score see sell send "
    "serve show sleep speak spend stand start stay stop store support take tell train travel try turn use "
    "wait want weigh work write".split()
)
_NO_THING = re.compile(
    r"\b(?:i|we|you|it|they|he|she|there|this|that|these|those|one|ones|who|which|what|of|for|in|on|at|to|from|with"
    r"|by|and|or|not)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 5
_PLURAL = re.compile(r"(?:(?<![su])s|men|people|children|mice|feet|teeth)$", re.IGNORECASE)


# Of these one stands for another as the one who does something.
_PEOPLE = frozenset(
    "men women children adults boys girls students pupils teachers employees employers members guests"
    " visitors patients nurses doctors donors customers residents citizens tenants owners drivers pensioners"
    " seniors foreigners tourists beginners professionals freelancers contractors".split()
)
STANDS_IN = re.compile(r"(?<=\w)\s(?:one|ones)$", re.IGNORECASE)
"""The word at the end of "a diesel one", which stands for what was named before."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class AskedThing:
    """Where it stands in its question, with its determiner, and its `words` without."""

    start: int
    end: int
    words: str
    has_determiner: bool

    @property
    def is_plural(self) -> bool:
        """As far as its last word tells."""
        return _PLURAL.search(self.words) is not None

    @property
    def head(self) -> str:
        """What kind of thing it is: its last word."""
        return self.words.split()[-1]


def asked_thing(question: str) -> AskedThing | None:
    """The thing, in a question with single spaces.

    None where a question is of another form, long, or of somebody that it does not name.
    """
    asks = _ASKS.match(question) if len(question) <= _LONGEST and "  " not in question else None
    if asks is None:
        return None
    words = list(re.finditer(r"\S+", asks["rest"]))
    determiner = _DETERMINER.match(asks["rest"])
    first = 1 if determiner else 0
    if asks["verb"].lower() in _IS:
        # "Which models are open?" asks nothing of a thing.
        last = len(words) if determiner else 0
    else:
        ends = (at for at, word in enumerate(words) if at > first and word.group().lower() in _DOES)
        last = next(ends, 0)
    if not first < last <= _MOST_WORDS:
        return None
    start, end = asks.start("rest"), asks.start("rest") + words[last - 1].end()
    thing = question[start + (determiner.end() if determiner else 0) : end]
    if _NO_THING.search(thing):
        return None
    return AskedThing(start, end, thing, determiner is not None)


def asked_of_another(question: str, other: str) -> str | None:
    """The question asked of another thing of its kind, "a diesel one", or of other people.

    None where what is brought may as well be a circumstance, or something else of the same thing: "the
    range", "children" behind what a visa costs.
    """
    thing = asked_thing(question)
    if thing is None or not other.split():
        return None
    head = other.rsplit(maxsplit=1)[-1].lower()
    if STANDS_IN.search(other):
        if not (thing.has_determiner and thing.head.isalpha()):
            return None
        other = STANDS_IN.sub(f" {thing.head}", other)
    elif head == thing.head.lower():
        if _DETERMINER.match(other) is None and thing.has_determiner:
            return None
    elif not (head == other.lower() and head in _PEOPLE and thing.words.lower() in _PEOPLE):
        return None
    return f"{question[: thing.start]}{other}{question[thing.end :]}"
