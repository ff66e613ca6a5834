"""Whether a question asks for advice: what to choose, or whether to do something at all."""

import re

_OUGHT = r"(?:should(?:n['’]t)?|ought)"
_CHOOSING = (
    r"recommend(?:s|ations?)?|advi[cs]\w+|prefer\w*|choos(?:e|ing)|choices?"
    r"|pick(?:ing)?|go for|opt for|settle on|default to|stick with|rather than|instead of"
    r"|(?:move|moving|switch|switching|migrate|migrating) (?:\w+ )?(?:to|from|away|off)"
    r"|(?:which|what)(?: \w+){0,3} (?:is|are|would be) (?:the )?(?:best|better|right|safest|safer)"
    r"|(?:best|better|right|safest|safer) (?:for|choice|option|fit|pick)|worth"
)
_ADVICE = re.compile(rf"\b(?:{_OUGHT}|{_CHOOSING})\b", re.IGNORECASE)
# "What should the log show?" wants to be told a rule, and weighs nothing.
_ALTERNATIVES = re.compile(
    rf"\b(?:{_CHOOSING}|{_OUGHT} (?:\S+ ){{1,4}}?(?:mov(?:e|ing)|tak(?:e|ing)|us(?:e|ing)|go (?:with|to)|stay"
    r"|adopt(?:ing)?|buy(?:ing)?|deploy(?:ing)?|evaluat(?:e|ing)|consider(?:ing)?|replac(?:e|ing)"
    r"|upgrad(?:e|ing)|switch(?:ing)?|migrat(?:e|ing)|standardi[sz](?:e|ing)))\b",
    re.IGNORECASE,
)


def asks_for_a_choice(question: str) -> bool:
    """Whether somebody has to decide, or to do something right, by the answer."""
    return _ADVICE.search(question) is not None


def weighs_alternatives(question: str) -> bool:
    """Whether an answer has to weigh things, so that mixing up what is said of which would mislead."""
    return _ALTERNATIVES.search(question) is not None
