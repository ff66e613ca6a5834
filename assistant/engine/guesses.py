"""Guesses what comes next in a draft: the words that followed the same words in what was read."""

from collections.abc import Sequence

# Fewer tokens than this in common say too little; more would find too little.
_COMMON = 3


class PromptLookup:
    """Remembers what follows each stretch of tokens. Guesses are free: a wrong one changes no word."""

    def __init__(self, read: Sequence[int]) -> None:
        """`read` is what the model has before it: the sources above all."""
        self._tokens: list[int] = []
        self._follows: dict[tuple[int, ...], int] = {}
        for token in read:
            self.add(token)

    def add(self, token: int) -> None:
        """Take in the next token that was read or written."""
        if len(self._tokens) >= _COMMON:
            self._follows[tuple(self._tokens[-_COMMON:])] = len(self._tokens)
        self._tokens.append(token)

    def guess(self, most: int) -> list[int]:
        """Up to `most` tokens that may come next; none when the last words were not met before."""
        place = self._follows.get(tuple(self._tokens[-_COMMON:]))
        return [] if place is None else self._tokens[place : place + most]
