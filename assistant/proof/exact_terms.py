"""Numbers and names in a sentence: what must stand in a source exactly, or the sentence is wrong."""

import re
from decimal import Context, Decimal

_FIGURE = re.compile(
    r"(?<!\d)(?<!\d[.,])((?<![\w.,])\.\d+|\d+(?:[.,]\d+)*+)"
    r"(?:[\s-]?((?i:thousand|million|billion|trillion|[mbt]n))s?\b|\s?([KMBT])\b|([kmbt])(?![a-z]))?"
)
# A number with the word behind it, which is most often its unit.
_WITH_UNIT = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)*)[\s-]?([A-Za-z%]{1,12})\b")
# Thousands parted by a space that does not break: "3 400" is one number.
_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+(?!\d)")
_FACTOR = {
    "": Decimal(1),
    "k": Decimal(10**3),
    "m": Decimal(10**6),
    "b": Decimal(10**9),
    "t": Decimal(10**12),
}
_EXACT = Context(prec=100)
_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split(),
    )
}
# A capital inside a sentence, or a word that mixes letters and figures wherever it stands. The first word
# of a sentence is a name where a figure or another capital follows: "Gemma 4", "Muse Spark".
_NAME = re.compile(
    r"(?<=[^.!?:\s]\s)[A-Z][\w+-]*(?:\.\d+)*"
    r"|\b[A-Za-z]+[\w+-]*\d[\w+-]*(?:\.\d+)*"
    r"|\b[A-Z][\w+-]+(?=(?:'s|’s)?\s(?:\d|[A-Z]))"
)
# Words that begin a sentence with a capital and name nothing, and what a machine has.
NOT_NAMES = frozenset(
    "a an and are as at but can could did do does for from has have how i if in is it its may no not of on "
    "or our shall should so than that the their then there these they this those to was we were what when "
    "where which who whose why will with would yes you your about also both each after before because "
    "while over under between during despite since among it's that's by only around approximately roughly "
    "nearly almost some every up until unlike like within without all any most more less fewer one two three "
    "four five six seven eight nine ten today currently however according compared "
    "besides beyond against given instead regarding concerning "
    "gpu gpus cpu cpus ram vram api apis llm llms ai url json vm".split()
)
# A name with its version: "DeepSeek V4", "Gemma 5", "GLM-5". A year behind a month is none.
_VERSIONED = re.compile(r"\b([A-Z][A-Za-z]+)[\s-]?([A-Za-z]?\d{1,2}(?:\.\d+)*)(?![\w.]*\d)\b")
_WITH_VERSION = re.compile(r"([A-Za-z]{2,})(\d+(?:\.\d+)*)(?![\w.])")
_PARTS = re.compile(r"[a-z]+|\d+(?:\.\d+)*")
# A name of so many letters may have so many more in the sources: Postgres, PostgreSQL.
_LONG_NAME = 7
_LONGER = 3
# Page furniture glues words: "GPT-5.4ProprietaryNo" names the word Proprietary too.
_GLUED = re.compile(r"(?<=[a-z0-9)])(?=[A-Z][a-z])")
_MONTHS = "january february march april may june july august september october november december".split()
_ISO_MONTH = re.compile(r"\b\d{4}-(\d\d)\b")


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


def replaced_numbers(sentence: str, sources: str) -> list[tuple[str, str]]:
    """The numbers of `sentence` that `sources` lack, each with another that they give in the same unit.

    ("8,192 tokens", "32,768 tokens"): the sources speak of another case than the sentence.
    """
    given = {match.group(2).lower(): match.group() for match in _WITH_UNIT.finditer(sources)}
    return [
        (match.group(), given[match.group(2).lower()])
        for match in _WITH_UNIT.finditer(sentence)
        if missing_numbers(match.group(1), sources) and match.group(2).lower() in given
    ]


def missing_names(sentence: str, sources: str) -> list[str]:
    """The names in `sentence` that `sources` never mention, spelled alike but for case.

    Of a joined name ("OpenAI-style") the parts with capitals or figures count. "Qwen1.5" is not mentioned
    where Qwen2.5 has 1.5 million of something.
    """
    known = _known_parts(sources)
    names = (match.group() for match in _NAME.finditer(sentence))
    return [name for name in names if not (_is_known(name, known) and _has_its_versions(name, sources))]


def missing_terms(text: str, sources: str) -> set[str]:
    """The names and numbers of `text` that `sources` do not have."""
    return {*missing_names(text, sources), *missing_numbers(text, sources)}


def names_in(sentence: str) -> list[str]:
    """The names in `sentence`, as written there."""
    return missing_names(sentence, "")


def numbers_in(sentence: str) -> list[str]:
    """The numbers in `sentence`, as written there."""
    return missing_numbers(sentence, "")


def missing_versions(text: str, sources: str) -> list[str]:
    """The names with a version in `text` that never stand together in `sources`: "Llama 3.5"."""
    return [match.group() for match in _versions_apart(text, sources)]


def other_versions(sentence: str, sources: str) -> list[str]:
    """The names in `sentence` that `sources` have with versions, but never with this one.

    Unlike in a question, most words before a number are no names: "Requires 16 GB".
    """
    return [
        match.group()
        for match in _versions_apart(sentence, sources)
        if re.search(rf"\b{match[1]}[\s-]?[A-Za-z]?\d", sources)
    ]


def _versions_apart(text: str, sources: str) -> list[re.Match[str]]:
    return [
        match
        for match in _VERSIONED.finditer(text)
        if match[1].lower() not in _MONTHS and not _stand_together(match[1], match[2], sources)
    ]


def _stand_together(name: str, version: str, sources: str) -> bool:
    """ "Apache 2" is Apache 2.0, "Gemma 4" is not Gemma 4.1.

    A patch is of its version: "PostgreSQL 15.14" of Postgres 15, "1.32.2" of 1.32.
    """
    plain = re.escape(version.removesuffix(".0"))
    longer = rf"[a-z]{{0,{_LONGER}}}" if len(name) >= _LONG_NAME else ""
    patch = r"(?:\.\d+)*" if "." in plain else r"(?:\.0|\.\d\d)?"
    together = rf"{re.escape(name)}{longer}[\s-]?{plain}{patch}(?!\.?\d)"
    return re.search(together, sources, re.IGNORECASE) is not None


def _is_known(name: str, known: set[str]) -> bool:
    if name in ("I'm", "OK") or name.lower() in NOT_NAMES:
        return True
    telling = [piece for piece in re.split(r"[-+]", name) if piece and not piece.islower()]
    parts = [_singular(part) for piece in telling for part in _PARTS.findall(piece.lower())]
    return all(part in known or _is_known_longer(part, known) for part in parts)


def _is_known_longer(part: str, known: set[str]) -> bool:
    """Whether a long name stands there with an ending, or without its own: Postgres, PostgreSQL."""
    return len(part) >= _LONG_NAME and any(
        abs(len(one) - len(part)) <= _LONGER and (one.startswith(part) or part.startswith(one))
        for one in known
        if len(one) >= _LONG_NAME
    )


def _has_its_versions(name: str, sources: str) -> bool:
    """Whether what is written as one word with its version stands with it in the sources too."""
    return all(_stand_together(match[1], match[2], sources) for match in _WITH_VERSION.finditer(name))


def _known_parts(sources: str) -> set[str]:
    known = {
        _singular(part)
        for text in (sources, _GLUED.sub(" ", sources))
        for part in _PARTS.findall(text.lower())
    }
    # A month is known however its date is written: "2025-04-29" and "Apr 29" speak of April.
    dated = {int(month) for month in _ISO_MONTH.findall(sources)}
    return known | {
        month for number, month in enumerate(_MONTHS, start=1) if number in dated or month[:3] in known
    }


def _singular(part: str) -> str:
    return part.removesuffix("s")


def _figures(text: str) -> list[tuple[str, str, str]]:
    """Each number as (figure, scale letter or "", the words as written)."""
    found = []
    plain = _SPACED.sub(lambda match: re.sub(r"\s", "", match.group()), text)
    for match in _FIGURE.finditer(plain.replace("\u00a0", " ").replace("\u202f", " ")):
        scale = next((group for group in match.groups()[1:] if group), "")
        letter = "k" if scale.lower() == "thousand" else scale[:1].lower()
        found.append((match.group(1), letter, match.group().strip()))
    return found


def _canonical(figure: str, scale: str) -> str:
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", figure) is not None
    digits = figure.replace(",", "") if grouped else figure.replace(",", ".")
    if digits.count(".") > 1:
        return digits  # a version, such as 0.4.6
    value = _EXACT.multiply(Decimal(digits), _FACTOR[scale])
    return f"{_EXACT.normalize(value):f}"
