"""Whether what is told can say what something costs, where that was asked."""

import re

_ASKS = re.compile(
    r"\b(?:how much|what) (?:do|does|did|will|would|is|are|was|were)\b[^?;]*\b(?:costs?|prices?|fees?)\b",
    re.I,
)
# "What does a change of the price cap mean?" asks for no price, nor does a cost of time or in tokens.
_ASKS_ELSE = re.compile(r"\b(?:mean|do|say|affect|influence|drive|depend|change)\b[^?;]*\?|\btokens?\b", re.I)
_MONEY = re.compile(
    r"[$€£¥]|\b(?:EUR|USD|GBP|CHF|JPY|euros?|dollars?|pounds?|francs?|cents?|pence|free|gratis|included"
    r"|costs?|prices?|priced|fees?|rates?|charges?|charged|pays?|paid|cheap\w*|expensive|tariffs?)\b",
    re.I,
)


def can_tell_price(asked: str, told: str) -> bool:
    """Whether a text has a word of money, or a price was not asked for."""
    if not _ASKS.search(asked) or _ASKS_ELSE.search(asked):
        return True
    return _MONEY.search(told) is not None
