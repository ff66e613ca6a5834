"""A new case of the question before: "And with 8,192 tokens?" asks it again with another figure or name."""

import re

from assistant.finding.asked_thing import STANDS_IN, asked_of_another
from assistant.proof.spoken_names import SpokenName, distinct, spoken_names

_MOST_WORDS = 8
_LONGEST_EARLIER = 400
_LEAD = re.compile(
    r"\s*(?:(?:and|but|or|so|then|also|ok|okay|well|now)\b[,\s]*)*(?:(?:what|how) about\b\s*)?", re.IGNORECASE
)
_CONJUNCTIONS = re.compile(r"\s*(?:(?:and|but|or|so|then|also|ok|okay|well|now)\b[,\s]+)+", re.IGNORECASE)
# What makes a clause of its own: a word that asks, a verb, a pronoun.
_CLAUSE = re.compile(
    r"\b(?:what|which|who|whose|when|where|why|how|is|are|was|were|be|do|does|did|can|could|will|would|shall|should"
    r"|may|might|must|has|have|had|if|i|we|you|it|its|they|them|their|he|she|his|her|there|this|that|these"
    r"|those|one|ones|same|other|others|not|instead|too)\b",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"(?P<preposition>with|without|for|in|on|at|of|from|to|under|by|over|using|into|than|per|about)\s+(?P<thing>.+)",
    re.IGNORECASE | re.DOTALL,
)
_ABOUT = ("for", "of", "about")
"""Prepositions before another subject; the others stand before a circumstance."""

_WORDS = "half|one|two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen|twenty|thirty|fifty|hundred"
_QUANTITY = re.compile(
    rf"(?<![\w.,-])(?P<figure>\d[\d.,]*\d|\d|(?:{_WORDS})\b)(?:[ -]?(?P<unit>[^\W\d_]+|%))?", re.IGNORECASE
)
_IS_DEFINITION = re.compile(r"\s*(?:what|who) (?:is|are) ", re.IGNORECASE)


def without_lead(question: str) -> str:
    """The question without the conjunctions that tie it to the one before."""
    rest = question[_end(_CONJUNCTIONS, question) :]
    if rest == question or not rest:
        return question
    return rest[:1].upper() + rest[1:] if question.lstrip()[:1].isupper() else rest


def is_fragment(question: str) -> bool:
    """Whether a question is no clause of its own, but a new case: "And on a GPU?", "What about Gemma 4?"."""
    lead = _end(_LEAD, question)
    rest = _rest(question, lead)
    if not rest or len(rest.split()) > _MOST_WORDS or _CLAUSE.search(rest):
        return False
    names = spoken_names(rest, lone=True)
    bare = (len(names) == 1 and names[0].text == rest) or _QUANTITY.fullmatch(rest) is not None
    return bool(lead or bare or (_CASE.fullmatch(rest) and question.rstrip().endswith("?")))


def is_case(question: str) -> bool:
    """Whether such a fragment is a case by its preposition: "And for chilled goods?"."""
    return is_fragment(question) and _CASE.fullmatch(_rest(question, _end(_LEAD, question))) is not None


def asked_anew(question: str, earlier: str, subject: str) -> str | None:
    """`earlier` with the figure or name that `question` brings; None where the question is no such fragment.

    `subject` is what the earlier question is about, or empty.
    """
    another = None if subject else _of_another(question, earlier)
    if another is not None:
        return another
    if not is_fragment(question) or len(earlier) > _LONGEST_EARLIER:
        return None
    rest = _rest(question, _end(_LEAD, question))
    case = _CASE.fullmatch(rest)
    preposition = case["preposition"].lower() if case else ""
    thing = case["thing"] if case else rest
    names = spoken_names(rest, lone=True)
    counted = _with_quantity(thing, preposition, earlier)
    if counted is not None:
        return _with_name(thing, "", counted) if names else counted
    return (
        _with_name(thing, preposition, earlier)
        or (_with_circumstance(thing, preposition, earlier) if preposition not in ("", *_ABOUT) else None)
        or (f"What about {rest} of {subject}?" if subject and not names and not case else None)
    )


def _of_another(question: str, earlier: str) -> str | None:
    """The earlier question of another thing without a name: "what about a diesel one?"."""
    lead = _end(_LEAD, question)
    rest = " ".join(_rest(question, lead).split())
    plain = STANDS_IN.sub("", rest)
    if not lead or not rest or len(rest.split()) > _MOST_WORDS or _CLAUSE.search(plain):
        return None
    case = _CASE.fullmatch(rest)
    if spoken_names(rest, lone=True) or (case and case["preposition"].lower() not in _ABOUT):
        return None
    return asked_of_another(" ".join(earlier.split()), case["thing"] if case else rest)


def _with_quantity(thing: str, preposition: str, earlier: str) -> str | None:
    """Another figure of the same unit, where the earlier question has one."""
    brought = _quantities(thing)
    if len(brought) != 1:
        return None
    unit = _unit(brought[0])
    alike = [one for one in _quantities(earlier) if not unit or _unit(one) == unit]
    if not alike:
        return None
    behind = [one for one in alike if re.search(rf"\b{preposition}\s+$", earlier[: one.start()], re.I)]
    # Without its unit, a figure is that of the last quantity that the earlier question speaks of.
    replaced = ((preposition and behind) or alike)[-1]
    start, end = replaced.span() if unit else replaced.span("figure")
    return earlier[:start] + brought[0].group() + earlier[end:]


def _with_name(thing: str, preposition: str, earlier: str) -> str | None:
    """Another name in the place of the one that the earlier question speaks of."""
    brought = spoken_names(thing, lone=True)
    if len(brought) != 1:
        return None
    new = brought[0].text
    known = spoken_names(earlier)
    behind = [
        name
        for name in known
        if preposition and re.search(rf"\b{preposition}\s+$", earlier[: name.start], re.I)
    ]
    alike = [name for name in known if _has_figure(name.text) == _has_figure(new)]
    chosen: list[SpokenName] = []
    for one in (behind, known if preposition in ("", *_ABOUT) else [], alike):
        if len(distinct(one)) == 1:
            chosen = one
            break
    if not chosen or (preposition not in ("", *_ABOUT) and not behind and not _has_figure(new)):
        return None
    old = chosen[0].text
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, earlier)


def _with_circumstance(thing: str, preposition: str, earlier: str) -> str | None:
    """The earlier question with a circumstance at its end, in the place of one of the same kind."""
    body = earlier.rstrip()
    end = body[len(body.rstrip("?!. ")) :] or "?"
    body = body.rstrip("?!. ")
    if not body or re.search(r"[.!?\n]\s", body):
        return None
    case = f"{preposition} {thing}"
    names = spoken_names(body)
    if _IS_DEFINITION.match(body) and len(names) == 1 and body.endswith(names[0].text):
        return f"What about {names[0].text} {case}?"
    body = re.sub(rf"\s{preposition}(?:\s\S+){{1,4}}$", "", body, flags=re.IGNORECASE)
    return f"{body} {case}{end}"


def _quantities(text: str) -> list[re.Match[str]]:
    names = spoken_names(text, lone=True)
    return [
        found
        for found in _QUANTITY.finditer(text)
        if not any(name.start <= found.start() < name.end for name in names)
    ]


def _unit(quantity: re.Match[str]) -> str:
    return (quantity["unit"] or "").lower().removesuffix("s")


def _has_figure(name: str) -> bool:
    return any(sign.isdigit() for sign in name)


def _rest(question: str, lead: int) -> str:
    return question[lead:].strip().rstrip("?!. ")


def _end(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0
