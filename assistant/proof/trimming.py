"""Shorter versions of a sentence that could not be proved: without a label, brackets, or a clause behind.

Small models spell abbreviations out wrongly and append reasons of their own; the rest is often right.
"""

import re

from assistant.proof.exact_terms import missing_numbers

# As an article may order; a name before a colon may be what the sentence speaks of.
_LABEL = re.compile(r"^[A-Z]{5,}:\s+(?=\S)")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
# A clause that says more about what was said. One that sets a condition or a contrast ("if", "unless", "but")
# stays: without it the rest would say too much. A dash without spaces is a range's: "3–6 months".
_MORE = re.compile(
    r"\s*;|\s+[–—]\s|,\s+(?:(?:which|who|whose|where|while|whereas|because|since|so)\b"
    r"|as (?:it|its|they|their|this|these|that|the)\b"
    r"|(?!excluding|depending|assuming|barring|lacking)[a-z]+ing\b)"
)
_CONDITION = re.compile(r"\b(?:if|unless|when|until|except|only|provided|without)\b", re.IGNORECASE)
# "Three things: ..." has to name them all.
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|several|following|\d+)\b[^:;.]{0,40}:\s",
    re.IGNORECASE,
)
_FEWEST_WORDS = 5
# "For all base models" says nothing yet.
_OPENS_A_CASE = re.compile(
    r"(?:for|in|with|by|as|on|at|from|after|before|during|while|when|if|although|since|among|unlike)\b",
    re.IGNORECASE,
)


def shortened(sentence: str, *, beside: str = "") -> list[str]:
    """The sentence without label and brackets, and without them up to its first clause that says more.

    Only what is still long enough to say something; nothing that loses a condition, or figures that what may
    stand in its place, `beside`, has.
    """
    versions: list[str] = []
    plain = _BRACKETS.sub(_unless_a_condition, _LABEL.sub("", sentence))
    more = None if _COUNTED.search(plain) else _MORE.search(plain)
    for version, lost in ((plain, ""), (plain[: more.start()], plain[more.start() :]) if more else ("", "")):
        whole = _ended(version)
        if (
            len(version.split()) >= _FEWEST_WORDS
            and not (_OPENS_A_CASE.match(version) and "," not in version)
            and whole not in (sentence, *versions)
            and not _CONDITION.search(lost)
            and not _loses_figures(sentence, version, beside)
        ):
            versions.append(whole)
    return versions


def _loses_figures(sentence: str, version: str, beside: str) -> bool:
    lost = missing_numbers(sentence, version)
    return bool(lost) and bool(beside) and not set(lost) & set(missing_numbers(sentence, beside))


def _unless_a_condition(brackets: re.Match[str]) -> str:
    return brackets.group() if _CONDITION.search(brackets.group()) else ""


def _ended(text: str) -> str:
    plain = text.strip().rstrip(",:")
    return plain if plain.endswith((".", "!", "?", "”", '"')) else f"{plain}."
