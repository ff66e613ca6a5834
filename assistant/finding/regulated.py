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
    return f"{question} {_SPOKEN_OF_AS}" if _asks_as_regulated(question) else question


def put_as(question: str) -> str:
    """The question as it is put to the model, which by itself does not take a bank for a regulated firm."""
    if not _asks_as_regulated(question):
        return question
    return _REGULATED.sub(lambda found: f"{found.group()} (a regulated industry)", question, count=1)


def names_a_regulated_firm(text: str) -> bool:
    """Whether a text speaks of a firm or trade that is regulated."""
    return _REGULATED.search(text) is not None


def _asks_as_regulated(question: str) -> bool:
    return names_a_regulated_firm(question) and asks_for_a_choice(question)
