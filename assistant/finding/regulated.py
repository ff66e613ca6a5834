"""Who asks for advice from a regulated line of business: articles address all of these under one name."""

import re

from assistant.finding.choosing import asks_for_a_choice

_REGULATED = re.compile(
    r"\b(?:bank(?:s|ing)?|insurers?|insurance|reinsurers?|hospitals?|clinics?|health ?care|pharma\w*"
    r"|government|ministr(?:y|ies)|public (?:authorit(?:y|ies)|sector)|defen[cs]e|utilit(?:y|ies)"
    r"|broker(?:s|age)?|asset managers?|pension funds?|law firms?|fintechs?|payments?)\b",
    re.IGNORECASE,
)
_SPOKEN_OF_AS = "regulated industries compliance"


def searched_as(question: str) -> str:
    """The words to search with: for a bank that asks what to choose, also those that advice is given under.

    Over the articles at hand the advice for regulated firms went from the eighth, second, second and fourth
    place to the first, for a bank, a bank, a hospital and an insurer (docs/log.md).
    """
    if _REGULATED.search(question) and asks_for_a_choice(question):
        return f"{question} {_SPOKEN_OF_AS}"
    return question
