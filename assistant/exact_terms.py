"""Numbers and names in a sentence: what must stand in a source exactly, or the sentence is wrong."""

import re

_FIGURE = re.compile(
    r"(?<![\d.,])(\d+(?:[.,]\d+)*+)(?:[\s-]?(thousand|million|billion|trillion)\b|\s?([KMBT])\b|([kmbt])(?![a-z]))?",
)
_FACTOR = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}
_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split(),
    )
}
# A capital inside a sentence, or a word that mixes letters and figures wherever it stands.
_NAME = re.compile(r"(?<=[^.!?:\s]\s)[A-Z][\w+-]*(?:\.\d+)*|\b[A-Za-z]+[\w+-]*\d[\w+-]*(?:\.\d+)*")
_PARTS = re.compile(r"[a-z]+|\d+(?:\.\d+)*")


def stated_numbers(text: str) -> set[str]:
    """The numbers that `text` states, each in one spelling: "1.15 billion" and "1.15B" are equal.

    Small numbers written as words count too.
    """
    figures = {_canonical(figure, scale) for figure, scale, _ in _figures(text)}
    return figures | {_WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _WORDS}


def missing_numbers(sentence: str, sources: str) -> list[str]:
    """The numbers of `sentence`, as written there, that `sources` do not state.

    A number with a scale ("3.8 billion") is also found where the source has none (a table in billions),
    but never where it has another ("3.8 million").
    """
    stated = stated_numbers(sources)
    return [
        written
        for figure, scale, written in _figures(sentence)
        if _canonical(figure, scale) not in stated and _canonical(figure, "") not in stated
    ]


def missing_names(sentence: str, sources: str) -> list[str]:
    """The names in `sentence` that `sources` never mention, spelled alike but for case.

    Of a joined name ("OpenAI-style") the parts with capitals or figures count.
    """
    known = set(_PARTS.findall(sources.lower()))
    return [match.group() for match in _NAME.finditer(sentence) if not _is_known(match.group(), known)]


def _is_known(name: str, known: set[str]) -> bool:
    if name in ("I", "I'm", "OK"):
        return True
    telling = [piece for piece in re.split(r"[-+]", name) if piece and not piece.islower()]
    parts = [part for piece in telling for part in _PARTS.findall(piece.lower())]
    return all(part in known or part.rstrip("s") in known for part in parts)


def _figures(text: str) -> list[tuple[str, str, str]]:
    """Each number as (figure, scale letter or "", the words as written)."""
    found = []
    for match in _FIGURE.finditer(text.replace("\u00a0", " ").replace("\u202f", " ")):
        scale = next((group for group in match.groups()[1:] if group), "")
        found.append((match.group(1), scale[:1].lower(), match.group().strip()))
    return found


def _canonical(figure: str, scale: str) -> str:
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", figure) is not None
    digits = figure.replace(",", "") if grouped else figure.replace(",", ".")
    if digits.count(".") > 1:
        return digits  # a version, such as 0.4.6
    value = float(digits) * _FACTOR.get(scale, 1.0)
    return f"{value:.10g}"
