"""The sentences of one answer's evidence: what can be quoted, with what it takes to compare them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assistant.finding.quote import Quote, quotes_of
from assistant.finding.short_lists import short_lists
from assistant.proof.exact_terms import missing_terms
from assistant.proof.orders_in_articles import addresses_the_model
from assistant.proof.table_cells import CELL
from index_store.embedder import Embedder
from index_store.lexical import LexicalEncoder
from index_store.passage import Passage, ScoredPassage

# Of eleven quotes beside other sentences, over three libraries, that are farther than this from the question,
# in cosine, one has a fact of the right answer; of 35 nearer ones 17 (docs/log.md).
_FAR = 0.22


@dataclass(frozen=True, slots=True)
class Candidate:
    """A quote with its stemmed words and its unit vector; `rank` counts its passage from 0, the best.

    The header row of a table only `names_columns`: it states nothing, and its rows are read under it.
    """

    quote: Quote
    rank: int
    words: frozenset[str]
    vector: np.ndarray
    names_columns: bool = False


class EvidenceSentences:
    """All that can be quoted from the evidence of a question. Embedded when first asked for.

    A refusal needs no vectors, and before the first word somebody waits.
    """

    def __init__(
        self, evidence: Sequence[ScoredPassage], question: str, embedder: Embedder, lexical: LexicalEncoder
    ) -> None:
        self.evidence = evidence
        self.question = question
        self._embedder = embedder
        self._lexical = lexical
        self._asked_vectors: dict[str, np.ndarray] = {}

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Every sentence and every short list of every passage, best passage first."""
        quotes = [
            (rank, quote)
            for rank, hit in enumerate(self.evidence)
            for sentences in [quotes_of(hit.passage)]
            for quote in (*sentences, *short_lists(sentences))
        ]
        vectors = self._embedder.embed([quote.text for _, quote in quotes], role="document")
        headers = _header_rows([quote for _, quote in quotes])
        return [
            Candidate(quote, rank, self.words(quote.text), vector, names_columns=place in headers)
            for place, ((rank, quote), vector) in enumerate(zip(quotes, vectors, strict=True))
        ]

    @cached_property
    def stating(self) -> list[Candidate]:
        """The candidates that state something."""
        return [one for one in self.candidates if not one.names_columns]

    @cached_property
    def question_vector(self) -> np.ndarray:
        """The question's unit vector, made as for a search."""
        return self.asked_vector(self.question)

    @cached_property
    def _contexts(self) -> dict[str, frozenset[str]]:
        return {hit.passage.id: self.words(" ".join(_above(hit.passage))) for hit in self.evidence}

    @cached_property
    def _columns(self) -> dict[str, frozenset[str]]:
        """For each passage the words of the header rows inside it."""
        columns: dict[str, frozenset[str]] = {}
        for one in self.candidates:
            if one.names_columns:
                id = one.quote.passage.id
                columns[id] = columns.get(id, frozenset()) | one.words
        return columns

    def words(self, text: str) -> frozenset[str]:
        """The stemmed words of a text."""
        return frozenset(self._lexical.words(text))

    def asked_vector(self, text: str) -> np.ndarray:
        """The unit vector of a question, or of a part of one; made once, since quotes are ranked again."""
        if text not in self._asked_vectors:
            self._asked_vectors[text] = self._embedder.embed([text], role="query")[0]
        return self._asked_vectors[text]

    def vector(self, text: str) -> np.ndarray:
        """The unit vector of a sentence."""
        vector: np.ndarray = self._embedder.embed([text], role="document")[0]
        return vector

    def is_far(self, quote: Quote) -> bool:
        """Whether a quote has hardly anything to do with the question."""
        known = (one.vector for one in self.candidates if one.quote == quote)
        vector = next(known, None)
        return float((self.vector(quote.text) if vector is None else vector) @ self.question_vector) < _FAR

    def around(self, quote: Quote) -> list[Quote]:
        """A quote between its neighbours in the passage; a row of a table under its header."""
        header = self._header_above(quote)
        if header is not None:
            return [header, quote]
        quotes = quotes_of(quote.passage)
        place = next(number for number, one in enumerate(quotes) if one.start == quote.start)
        return quotes[max(0, place - 1) : place + 2]

    def columns_of(self, quote: Quote) -> str:
        """The header row that a row of a table is read under; empty for what is no row, or has none."""
        header = self._header_above(quote)
        if header is not None:
            return header.text
        lead = quote.passage.lead
        return lead if CELL in quote.text and CELL in lead else ""

    def rows_beside(self, candidate: Candidate) -> list[Candidate]:
        """The other rows of its table in the evidence; none where it is no row."""
        if CELL not in candidate.quote.text:
            return []
        return [
            one
            for one in self.stating
            if one is not candidate and CELL in one.quote.text and self._are_of_one_table(one, candidate)
        ]

    def prose_beside(self, candidate: Candidate) -> list[Candidate]:
        """The sentences around a row's table in the same passage; none where it is no row."""
        if CELL not in candidate.quote.text:
            return []
        id = candidate.quote.passage.id
        return [one for one in self.stating if one.quote.passage.id == id and CELL not in one.quote.text]

    def row_asked_about(self, candidate: Candidate, asked: str) -> Candidate | None:
        """The row beside this one whose first cell has all that this one's has of what was asked, and more.

        What the other cells say is no name of the row: "6 months" is not the sixth year.
        """
        lacks = missing_terms(asked, _first_cell(candidate))
        rows = [one for one in self.rows_beside(candidate) if missing_terms(asked, _first_cell(one)) < lacks]
        return min(rows, key=lambda one: len(missing_terms(asked, _first_cell(one))), default=None)

    def _are_of_one_table(self, one: Candidate, other: Candidate) -> bool:
        """Rows of one passage, or of passages of one article that have the same header."""
        if one.quote.passage.id == other.quote.passage.id:
            return True
        columns = self.columns_of(other.quote)
        alike = one.quote.passage.article_key == other.quote.passage.article_key
        return alike and bool(columns) and self.columns_of(one.quote) == columns

    def _header_above(self, quote: Quote) -> Quote | None:
        if CELL not in quote.text:
            return None
        headers = [
            one.quote
            for one in self.candidates
            if one.names_columns
            and one.quote.passage.id == quote.passage.id
            and one.quote.start < quote.start
        ]
        return headers[-1] if headers else None

    def context(self, candidate: Candidate) -> frozenset[str]:
        """The words of its title, headings and columns, which often name what a quote speaks of."""
        id = candidate.quote.passage.id
        columns = self._columns.get(id, frozenset()) if CELL in candidate.quote.text else frozenset()
        return self._contexts[id] | columns


def _header_rows(quotes: Sequence[Quote]) -> frozenset[int]:
    """The places of quotes that are the first of several table rows.

    Where the header of a table stands above the passage, its first row here is one like the others.
    """

    def cells(place: int) -> tuple[str, int] | None:
        if not 0 <= place < len(quotes):
            return None
        # A row whose first or last cell is empty begins or ends with what parts two.
        return quotes[place].passage.id, f" {quotes[place].text} ".count(CELL)

    return frozenset(
        place
        for place, quote in enumerate(quotes)
        if CELL in quote.text
        and CELL not in quote.passage.lead
        and cells(place + 1) == cells(place) != cells(place - 1)
    )


def _first_cell(row: Candidate) -> str:
    return row.quote.text.partition(CELL)[0]


def _above(passage: Passage) -> list[str]:
    """What stands above a passage, but for orders to the model."""
    lines = (passage.title, *passage.headings, passage.lead)
    return [line for line in lines if not addresses_the_model(line)]
