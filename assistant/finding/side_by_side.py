"""A question that asks the same of several things, as one question about each of them."""

import re
from dataclasses import dataclass
from itertools import pairwise

from assistant.finding.titles import titled
from assistant.proof.exact_terms import missing_terms
from assistant.proof.spoken_names import SpokenName, spoken_names
from index_store.passage import Passage

# More would leave no room for the evidence of each.
_MOST = 4
_LISTED = re.compile(
    r"(?:, (?:and )?| and | & )(?:(?P<again>in|on|at|with|for|under|by|from|after|before) )?"
    r"(?:the |its |that of )?",
    re.IGNORECASE,
)
# "How many bytes does it take with A, and how many with B?": the second clause leaves out all else.
_AND_HOW_MANY = re.compile(
    r",? and (?:how (?:many|much|long|often|far|large|big|fast|soon|high)|what|which) "
    r"(?P<preposition>in|on|at|with|for|of|under|by|from|after|before) (?:the )?$",
    re.IGNORECASE,
)
# "Do A and B ...?" asks of each; "refusing A and B" speaks of both at once.
_ASKS_OF = re.compile(
    r"\b(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|of)(?: the)? $", re.IGNORECASE
)
_OF_EACH = re.compile(r",?\s*\b(?:each|both|respectively|in common|side by side)\b", re.IGNORECASE)
# "... and the Qwen translation model each cover": a thing with its article goes on to such a word.
_OWN_WORDS = re.compile(r"(?: (?!(?:each|both|have|has|in|on|for|with|come|came|differ)\b)[a-z][\w-]*)+")
_COMPARE = re.compile(r"^compare\b", re.IGNORECASE)
_COMPARES = re.compile(
    r"(?P<before>.*?)\bhow (?:does|do|did) (?P<what>.+?) compare[sd]?,? (?:with|to|against) "
    r"(?P<other>.+?)(?P<rest>(?: (?:in|on|for|by|when|at|over)\b[^?]*)?)\s*[?]*$",
    re.IGNORECASE | re.DOTALL,
)

_GROWS = re.compile(
    r"(?P<before>.*?)\bhow (?:far |much |fast )?(?:does|do|did|has|have) (?P<what>.+?) "
    r"(?:gr[eo]wn?|r[io]sen?|f[ae]ll(?:en)?|chang(?:e|ed)|increased?|decreased?|dropp?(?:ed)?|shr[aiu]nk|improved?"
    r"|gone?) from (?P<one>.+?) to (?P<other>.+?)\s*[?]*$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class AskedOfOne:
    """A whole question about one of several things, and what that is called."""

    name: str
    question: str

    def nearness(self, passage: Passage) -> int:
        """2 where the article has this very name for its title, 1 where the title has it within, else 0."""
        if titled(self.name, passage):
            return 2
        return int(not missing_terms(f"about {self.name}", passage.title))


def asked_of_each(question: str) -> list[AskedOfOne]:
    """One question for each thing that is compared or listed; empty where it does not ask so.

    Small models mix up what is said of which when they answer for several things at once (docs/log.md).
    """
    return _compared(question) or _grown(question) or _of_a_list(question) or _of_another(question)


def _compared(question: str) -> list[AskedOfOne]:
    """ "How does the size of A compare with B's?" asks for the size of A, and for that of B."""
    found = _COMPARES.match(question)
    if found is None:
        return []
    names = spoken_names(question)
    ours = [name for name in names if found.start("what") <= name.start < found.end("what")]
    others = [name for name in names if found.start("other") <= name.start < found.end("other")]
    if not ours or not others:
        return []
    one, other = ours[-1], others[0]
    lead, rest = found["before"], found["rest"]
    if found["what"] == one.text:
        return [AskedOfOne(name.text, f"{lead}How does {name.text} do{rest}?") for name in (one, other)]
    before, behind = question[found.start("what") : one.start], question[one.end : found.end("what")]
    return [
        AskedOfOne(one.text, f"{lead}What is {found['what']}{rest}?"),
        AskedOfOne(other.text, f"{lead}What is {before}{other.text}{behind}{rest}?"),
    ]


def _grown(question: str) -> list[AskedOfOne]:
    """ "How far did the window grow from A to B?" asks for the window of A, and for that of B."""
    found = _GROWS.match(question)
    names = {name.text for name in spoken_names(question)}
    if found is None or not {found["one"], found["other"]} <= names:
        return []
    return [
        AskedOfOne(found[side], f"{found['before']}what is {found['what']} of {found[side]}?")
        for side in ("one", "other")
    ]


def _of_a_list(question: str) -> list[AskedOfOne]:
    names = _longest_list(question)
    if not 2 <= len(names) <= _MOST:
        return []
    start, end = names[0].start, names[-1].end
    own = _OWN_WORDS.match(question, end) if question[: names[-1].start].endswith("the ") else None
    rest = question[own.end() if own else end :]
    again = [_LISTED.fullmatch(question[one.end : other.start]) for one, other in pairwise(names)]
    # "in A and in B" sets them apart as "in each of A and B" does.
    apart = all(found is not None and found["again"] for found in again)
    if not (apart or _ASKS_OF.search(question[:start]) or _OF_EACH.search(question)):
        return []
    asked = []
    for name in names:
        last = f"the {name.text}{own.group()}" if own and name is names[-1] else name.text
        alone = _OF_EACH.sub("", f"{question[:start]}{last}{rest}")
        asked.append(AskedOfOne(name.text, _COMPARE.sub("Describe", alone)))
    return asked


def _of_another(question: str) -> list[AskedOfOne]:
    """ "How many does it take with A, and how many with B?" asks the first of B too."""
    names = spoken_names(question)
    if len(names) < 2 or question[names[-1].end :].strip(" ?."):
        return []
    other = names[-1]
    found = _AND_HOW_MANY.search(question[: other.start])
    if found is None:
        return []
    first = question[: found.start()]
    behind = re.compile(rf"\b{found['preposition']} (?:the )?$", re.IGNORECASE)
    ours = [name for name in names if name.end <= found.start() and behind.search(first[: name.start])]
    if len(ours) != 1:
        return []
    one = ours[0]
    return [
        AskedOfOne(one.text, f"{first}?"),
        AskedOfOne(other.text, f"{first[: one.start]}{other.text}{first[one.end :]}?"),
    ]


def _longest_list(question: str) -> list[SpokenName]:
    longest: list[SpokenName] = []
    listed: list[SpokenName] = []
    for name in spoken_names(question):
        goes_on = listed and _LISTED.fullmatch(question[listed[-1].end : name.start])
        listed = [*listed, name] if goes_on else [name]
        longest = listed if len(listed) > len(longest) else longest
    return longest
