"""What fills a library that holds nothing."""

from collections.abc import Sequence


def how_to_fill(sources: Sequence[str]) -> str:
    """What to do about an empty library with these sources."""
    return "run: footnote sync" if sources else "add articles: footnote sync PATH, or footnote sync URL"


def empty_library(sources: Sequence[str]) -> str:
    """That the library is empty, and what to do about it, as an error tells it."""
    return f"the library is empty; {how_to_fill(sources)}"


def told_empty(sources: Sequence[str], fact: str = "The library is empty") -> str:
    """The same in sentences, as an answer tells it."""
    advice = how_to_fill(sources)
    return f"{fact}. {advice[0].upper()}{advice[1:]}"
