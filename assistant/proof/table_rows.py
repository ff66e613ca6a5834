"""What a row of a table says by a "no" or a "yes", and what no single row can say."""

import re
from collections.abc import Callable, Collection, Sequence

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.negation import is_negated
from assistant.proof.superlatives import SUPERLATIVE
from assistant.proof.table_cells import (
    CELL,
    NO,
    WHICH,
    YES,
    cells_of,
    column_missed,
    is_told_by_row,
    one_of_several,
)

_YES_OR_NO = re.compile(r"(?:yes|no),\s+", re.IGNORECASE)
_RECOMMENDS = re.compile(
    r"\b(?:to (?:buy|choose|pick|take|prefer)|should (?:buy|choose|pick|take|use|prefer)|recommend\w*"
    r"|advis\w+|suggest\w*|prefer\w*|default|suited|suitable|ideal)\b",
    re.IGNORECASE,
)

# A column of advice.
_ADVISES = re.compile(
    r"\s*(?:take|pick|choose|buy|prefer(?:red)?|move to|(?:our )?(?:choice|pick)|advice|recommend\w*)\s*",
    re.IGNORECASE,
)


class TableRows:
    """What the rows that a sentence rests on say of it."""

    def __init__(self, sentences: EvidenceSentences) -> None:
        self._sentences = sentences

    def wrong(self, sentence: str, quotes: Sequence[Quote]) -> str | None:
        """What speaks against a sentence that rests on one row."""
        rows = [quote for quote in quotes if CELL in quote.text]
        if len(rows) != 1:
            return None
        row, header = rows[0].text, self._sentences.columns_of(rows[0])
        question, words_of = self._sentences.question, self._sentences.words
        column = misread_cell(sentence, row, header, words_of)
        column = column or column_missed(sentence, question, row, header, words_of)
        if column is not None:
            return f"the table says otherwise under “{column}”"
        column = one_of_several(sentence, question, row, header, words_of)
        if column is not None:
            return f"the table says so for “{column}” alone"
        if ranks_by_one_row(sentence, row, header):
            return "one row of a table does not say that"
        if recommends_a_row(sentence, row, header):
            return "the table recommends nothing"
        return None

    def prove(self, sentence: str, quotes: Sequence[Quote]) -> bool:
        """Whether one of the rows says just what the sentence says."""
        question, words_of = self._sentences.question, self._sentences.words
        rows = [(row.text, self._sentences.columns_of(row)) for row in quotes if CELL in row.text]
        return any(
            is_proved_by_cell(sentence, row, header, words_of)
            or (
                is_told_by_row(sentence, question, row, header, words_of)
                and not ranks_by_one_row(sentence, row, header)
            )
            for row, header in rows
        )


def misread_cell(
    sentence: str, row: str, header: str, words_of: Callable[[str], Collection[str]]
) -> str | None:
    """The column whose "no" a sentence tells as a yes, or the other way round; None where none is.

    A column is spoken of where all its stems, which `words_of` gives, are in the sentence.
    """
    against = YES if is_negated(sentence) else NO
    spoken_of = _cells_spoken_of(sentence, row, header, words_of)
    return next((column for cell, column in spoken_of if cell in against), None)


def is_proved_by_cell(
    sentence: str, row: str, header: str, words_of: Callable[[str], Collection[str]]
) -> bool:
    """Whether a sentence says of the row's thing just what a "yes" or a "no" of the row says, and no more."""
    opening = _YES_OR_NO.match(sentence)
    plain = sentence[opening.end() :] if opening else sentence
    agreed = NO if is_negated(plain) else YES
    said, thing = set(words_of(plain)), set(words_of(row.split(CELL, maxsplit=1)[0]))
    return bool(thing) and any(
        cell in agreed and said == thing | set(words_of(column))
        for cell, column in _cells_spoken_of(plain, row, header, words_of)
    )


def _cells_spoken_of(
    sentence: str, row: str, header: str, words_of: Callable[[str], Collection[str]]
) -> list[tuple[str, str]]:
    said = set(words_of(sentence))
    return [
        (cell.casefold(), column)
        for column, cell in cells_of(row, header)
        if (stems := set(words_of(column))) and stems <= said
    ]


def is_asked_against(
    question: str, row: str, header: str, words_of: Callable[[str], Collection[str]]
) -> bool:
    """Whether it is asked which things have a "yes", and this one has a "no", or the other way round."""
    if not WHICH.search(question):
        return False
    against = YES if is_negated(question) else NO
    return any(cell in against for cell, _ in _cells_spoken_of(question, row, header, words_of))


def recommends_a_row(sentence: str, row: str, header: str) -> bool:
    """Whether a sentence recommends what a row is of, while its table does not."""
    return (
        _RECOMMENDS.search(sentence) is not None
        and not _RECOMMENDS.search(f"{row} {header}")
        and not any(map(_ADVISES.fullmatch, header.split(CELL)))
    )


def ranks_by_one_row(sentence: str, row: str, header: str) -> bool:
    """Whether a sentence ranks a thing among all by one row alone, which ranks nothing itself."""
    return (
        CELL in row and SUPERLATIVE.search(sentence) is not None and not SUPERLATIVE.search(f"{row} {header}")
    )
