"""Whether a question asks for advice: what to choose, or whether to do something at all."""

import re

_CHOICE = re.compile(
    r"\b(?:should(?:n['’]t)?|ought|recommend(?:s|ations?)?|advi[cs]\w+|prefer\w*|choos(?:e|ing)|choices?"
    r"|pick(?:ing)?|go for|opt for|settle on|default to|stick with|rather than|instead of"
    r"|(?:move|moving|switch|switching|migrate|migrating) (?:\w+ )?(?:to|from|away|off)"
    r"|(?:which|what)(?: \w+){0,3} (?:is|are|would be) (?:the )?(?:best|better|right|safest|safer)"
    r"|(?:best|better|right|safest|safer) (?:for|choice|option|fit|pick)|worth)\b",
    re.IGNORECASE,
)


def asks_for_a_choice(question: str) -> bool:
    """Whether an answer has to weigh things, so that mixing up what is said of which would mislead."""
    return _CHOICE.search(question) is not None
