"""Makes a follow-up question stand alone, by rule: what it leaves unsaid is taken from the turns before.

The result is a question as a person would ask it, since a small model copies what it is given: no brackets,
no remarks about what is meant.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.events import Turn
from assistant.finding.asked_thing import AskedThing, asked_thing
from assistant.finding.question import LONGEST_QUESTION, says_something
from assistant.proof.replacement import asked_anew, is_case, is_fragment, without_lead
from assistant.proof.spoken_names import SpokenName, distinct, phrase_around, spoken_names
from index_store.sentences import sentences

_MOST_TURNS = 10
_MOST_NAMES = 3
# A question without a name is short when it leaves its subject out: "How much memory?"
_ELLIPTIC_WORDS = 6
# A clause of so many words may hold what a pronoun behind it means.
_WHOLE_CLAUSE_WORDS = 4
_EARLIER_WORDS = 3
_EARLIER_LENGTH = 300

_STRONG = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|the (?:same|former|latter|others?))\b"
    r"|\b(?:instead|else|otherwise|too|as well)\s*\?*$",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\b(?:this|that|these|those|(?:which|the|the \w+|another|any|each|either) ones?"
    r"|the (?:first|second|models?|article))\b|^why\b",
    re.IGNORECASE,
)
_PREPOSITION = (
    r"(?:with|without|for|in|on|at|of|from|to|under|by|over|using|into|than|per|against|about|between|and|or)"
)
_BEHIND_PREPOSITION = re.compile(rf"\b{_PREPOSITION}\s+(?:the\s+|an?\s+)?$", re.IGNORECASE)
_OPENS_WITH_PREPOSITION = re.compile(rf"\s*{_PREPOSITION}\b", re.IGNORECASE)
# "Can an exception be extended once it has run out?": what is new in a question is meant by what follows.
_NEW_IN_IT = re.compile(
    r"^\W*(?:and |but |so )?(?:is|are|was|were|do|does|did|can|could|may|might|must|shall|should|will|would"
    r"|has|have)\s(?:an?|any|each|every|some)\s.*\s(?:once|when|if|after|before|until|unless|while|because)\s",
    re.IGNORECASE | re.DOTALL,
)
_CLAUSE_END = re.compile(r"[,;:.!?\n]+\s|\n|\s(?:and|but|or)\s", re.IGNORECASE)
# The name behind these is what the question is about: "What does Qwen3 cost?"
_VERB_BEFORE = re.compile(
    r"\b(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|must|may)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|,?\s(?:and|or|vs\.?|versus))\s*(?:the\s+)?", re.IGNORECASE)
# Then what comes next is about the name that was answered.
_ASKS_FOR_A_NAME = re.compile(r"\b(?:which|who|what (?:model|tool|library|company|licence|license))\b", re.I)
_ASKS_FOR_A_SUBJECT = re.compile(
    r"\b(?:which|what)\s+(?:[\w-]+\s+){0,3}?(?:models?|tools?|librar(?:y|ies)|compan(?:y|ies)|vendors?|firms?"
    r"|engines?|stores?|databases?|embedders?|servers?|runtimes?|ones?)\b|\bwho\b",
    re.IGNORECASE,
)
# "Is it true that", "how long does it take to": nothing is meant by this "it".
_EMPTY_IT = re.compile(r"\bit\b(?:'s|’s)?(?: \w+){1,3}? (?:that|to(?= [a-z])|if|whether)\b", re.IGNORECASE)
# What was said is meant, not what it was about.
_ASKS_WHY = re.compile(r"\s*(?:and|but)?\s*(?:why|how so|how come)(?: not| so| is that)?\W*", re.IGNORECASE)
_OF_WHAT_WAS_SAID = re.compile(
    r"\b(?:is|was|are) (?:it|that|this|they) (?:really |still |also |all )?"
    r"(?:true|so|right|correct|wrong|certain|sure|legal|allowed|possible|a lot|much|many|enough|normal|why"
    r"|how)\b"
    r"|\b(?:say|says|said|mean|means|stand|article|source|passage|explain|that)\b",
    re.IGNORECASE,
)
_GENITIVE = re.compile(r"\bits\b", re.IGNORECASE)
_SINGULAR = re.compile(
    r"\b(?:it|(?:this|that|the) (?:model|tool|library|release|version)|(?:this|that) one)\b(?!['’])",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"\b(?:they|them|these (?:models|two)|those (?:models|two)|both)\b(?!['’])", re.IGNORECASE
)
_SMALL_WORD = re.compile(
    r"(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|has|have|had|will|would"
    r"|shall|should|must|may|might|if|on|in|with|without|for|at|and|but|so|the|a|an|any|it|they|this|that)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Topic:
    """What was spoken of: names, the nearest first, and what a pronoun means where that is clear.

    `phrase` is the thing that the name of the subject is but a part of: "idle NAT gateway". Unless it
    `is_named`, the subject is a thing without a name: "electric bus".
    """

    names: tuple[str, ...]
    subject: str | None = None
    plural: bool = False
    phrase: str | None = None
    is_named: bool = True

    @property
    def thing(self) -> str | None:
        """What a pronoun is replaced by."""
        return f"the {self.phrase}" if self.phrase else self.subject


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """The question as it can be understood without the turns before.

    A question that names its own subject and does not lean back is left as it is. A new case ("and with
    8,192 tokens?") is the earlier question asked anew; a pronoun becomes the name that it means where that is
    clear ("Is Qwen3-Coder open?"); else the names spoken of are put before it ("For Qwen3-Coder, how much
    memory?"), or, without any, the earlier question.
    """
    return _understood(question, _all_understood(history))


def _all_understood(history: Sequence[Turn]) -> list[Turn]:
    understood: list[Turn] = []
    for asked, answered in history[-_MOST_TURNS:]:
        understood.append((_understood(asked, understood), answered))
    return understood


def _understood(question: str, turns: Sequence[Turn]) -> str:
    if not turns or not says_something(question):
        return question
    made = _made_whole(question, turns)
    return made if len(made) <= LONGEST_QUESTION and _says_all(made, question) else question


def _made_whole(question: str, turns: Sequence[Turn]) -> str:
    topic = _topic(turns)
    anew = asked_anew(question, turns[-1][0], (topic.subject or "") if topic.is_named else "")
    if anew is not None:
        return anew
    own = spoken_names(question)
    if is_fragment(question) and (own or not topic.names or not topic.is_named or is_case(question)):
        return _after_the_earlier(question, turns)
    if not topic.is_named:
        return _put_to_a_thing(question, topic) or _after_the_earlier(question, turns)
    if not _leans_back(question, own):
        return question
    if _ASKS_WHY.fullmatch(question):
        return _after_the_earlier(question, turns)
    if topic.subject is not None and any(name.text.lower() == topic.subject.lower() for name in own):
        return question
    held = {name.text.lower() for name in own}
    names = [name for name in topic.names if name.lower() not in held][:_MOST_NAMES]
    if not names:
        return _after_the_earlier(question, turns)
    if topic.thing is not None:
        named = _with_name(question, topic.thing, plural=topic.plural)
        if named is not None:
            return named
    return _put_to([topic.thing] if topic.thing else names, question)


def _put_to_a_thing(question: str, topic: _Topic) -> str | None:
    """A question with the thing without a name in place of its pronoun; None where it need not mean that.

    "Is it true?" and "Where does it say that?" are of what was said.
    """
    means_it = any(not _has_antecedent(question, match.start(), ()) for match in _STRONG.finditer(question))
    if topic.thing is None or not means_it or spoken_names(question) or _OF_WHAT_WAS_SAID.search(question):
        return None
    return _with_name(question, topic.thing, plural=topic.plural)


def asked_of_the_topic(question: str, history: Sequence[Turn]) -> str | None:
    """A question that names nothing and leans on nothing, put to what was spoken of last; else None.

    "Is there a discount for big customers?" may be meant of that: for whoever finds nothing otherwise.
    """
    turns = _all_understood(history)
    topic = _topic(turns)
    has_been_understood = _understood(question, turns) != question or spoken_names(question)
    if has_been_understood or not (topic.is_named and topic.names) or not says_something(question):
        return None
    made = _put_to([topic.thing] if topic.thing else topic.names[:_MOST_NAMES], question)
    return made if len(made) <= LONGEST_QUESTION else None


def _put_to(subjects: Sequence[str], question: str) -> str:
    rest = without_lead(question)
    rest = rest[:1].lower() + rest[1:] if _SMALL_WORD.match(rest) else rest
    return f"For {_listed(subjects)}, {rest}"


def _leans_back(question: str, own: Sequence[SpokenName]) -> bool:
    if any(not _has_antecedent(question, match.start(), own) for match in _STRONG.finditer(question)):
        return True
    if own:
        return False
    weak = any(not _has_antecedent(question, match.start(), own) for match in _WEAK.finditer(question))
    return weak or without_lead(question) != question or len(question.split()) <= _ELLIPTIC_WORDS


def _has_antecedent(question: str, place: int, own: Sequence[SpokenName]) -> bool:
    """Whether the question itself holds, before `place`, what a pronoun there may mean."""
    if _NEW_IN_IT.match(question[:place]):
        return True
    if any(name.end <= place and not _BEHIND_PREPOSITION.search(question[: name.start]) for name in own):
        return True
    clauses = _CLAUSE_END.split(question[:place])[:-1]
    return any(
        len(clause.split()) >= _WHOLE_CLAUSE_WORDS and not _OPENS_WITH_PREPOSITION.match(clause)
        for clause in clauses
    )


def _topic(turns: Sequence[Turn]) -> _Topic:
    """What the latest turn to name anything speaks of."""
    for asked, answered in reversed(turns):
        asks_for_a_name = _ASKS_FOR_A_NAME.search(asked) is not None
        in_asked = spoken_names(asked)
        in_answer = spoken_names(_first_sentence(answered), lone=asks_for_a_name)
        names = distinct([*in_answer, *in_asked] if asks_for_a_name else [*in_asked, *in_answer])
        if not in_asked and not asks_for_a_name and (thing := _thing(asked, answered)) is not None:
            phrase = thing.words if thing.has_determiner else None
            return _Topic((thing.words,), thing.words, thing.is_plural, phrase, is_named=False)
        if names:
            if _ASKS_FOR_A_SUBJECT.search(asked) and in_answer:
                return _Topic(tuple(names), in_answer[0].text)
            subject = _subject(asked, in_asked)
            phrases = (phrase_around(asked, name) for name in in_asked if name.text == subject)
            plural = subject is not None and subject not in names
            return _Topic(tuple(names), subject, plural, next((one for one in phrases if one), None))
    return _Topic(())


def _thing(asked: str, answered: str) -> AskedThing | None:
    """What a question asks something of, and its answer speaks of, where it has no name."""
    thing = asked_thing(" ".join(asked.split()))
    return thing if thing is not None and thing.words.lower() in _first_sentence(answered).lower() else None


def _subject(asked: str, names: Sequence[SpokenName]) -> str | None:
    """What "it" or "they" means after this question; None where several names stand in it as equals."""
    once = distinct(names)
    if len(once) == 1:
        return once[0]
    if len(once) > 1 and all(
        _BETWEEN_NAMES.fullmatch(asked[one.end : other.start]) for one, other in pairwise(names)
    ):
        return _listed(once[:_MOST_NAMES])
    behind_verb = [name.text for name in names if _VERB_BEFORE.search(asked[: name.start])]
    return behind_verb[0] if len(set(behind_verb)) == 1 else None


def _with_name(question: str, subject: str, *, plural: bool) -> str | None:
    """The question with the name in place of its first pronoun; None where no pronoun clearly means it."""
    pronouns = _PLURAL if plural else _SINGULAR
    match = pronouns.search(question)
    if plural and _SINGULAR.search(question):
        return None
    genitive = None if plural else _GENITIVE.search(question)
    if genitive and (match is None or genitive.start() < match.start()):
        made = f"{question[: genitive.start()]}{subject}'s{question[genitive.end() :]}"
    elif match and not any(empty.start() == match.start() for empty in _EMPTY_IT.finditer(question)):
        made = f"{question[: match.start()]}{subject}{question[match.end() :]}"
    else:
        return None
    made = without_lead(made)
    return made[:1].upper() + made[1:] if question[:1].isupper() and _SMALL_WORD.match(made) else made


def _after_the_earlier(question: str, turns: Sequence[Turn]) -> str:
    """The question behind the one it follows, where that is the only thing it can lean on."""
    tied = without_lead(question) != question or is_fragment(question)
    if not (tied or _STRONG.search(question) or _WEAK.search(question)):
        return question
    for asked, _ in reversed(turns):
        earlier = asked.strip()
        if len(earlier.split()) >= _EARLIER_WORDS and len(earlier) <= _EARLIER_LENGTH:
            return f"{earlier}{'' if earlier[-1] in '.!?…' else '.'} {question}"
    return question


def _says_all(made: str, question: str) -> bool:
    """Whether every figure and name of the question is still in what was made of it."""
    told = [*re.findall(r"\d[\d.,]*\d|\d", question), *(name.text for name in spoken_names(question))]
    return all(one in made for one in told)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[;:])\s", next(iter(sentences(text)), ""), maxsplit=1)[0]
