"""Names the things of a table that have a yes, or a no, under what was asked about."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.finding.evidence_sentences import Candidate, EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.exact_terms import missing_names, numbers_in
from assistant.proof.negation import is_negated
from assistant.proof.table_cells import CELL, NO, WHICH, YES, cells_of

_FEWEST_ROWS, _MOST_ROWS = 2, 12
# So many words of a question may be neither the table's nor its title's: more ask for something else too.
_FEW_WORDS = 2


@dataclass(frozen=True, slots=True)
class SelectedRows:
    """The rows that were asked for, and the sentence that names them: "Shore power – yes: Quay 1."."""

    text: str
    names: tuple[str, ...]
    quotes: tuple[Quote, ...]


def selected_rows(sentences: EvidenceSentences) -> SelectedRows | None:
    """The rows of a table that is whole in one passage, where the question selects by its yes and no alone.

    A question with figures, or names that are not the table's, asks for more than that.
    """
    question = sentences.question
    if not WHICH.search(question) or numbers_in(question):
        return None
    for hit in sentences.evidence:
        rows = [
            one
            for one in sentences.stating
            if one.quote.passage.id == hit.passage.id and CELL in one.quote.text
        ]
        header = sentences.columns_of(rows[0].quote) if rows else ""
        if _FEWEST_ROWS <= len(rows) <= _MOST_ROWS and header in hit.passage.text and header:
            selected = _selected(rows, header, sentences)
            if selected is not None:
                return selected
    return None


def _selected(rows: Sequence[Candidate], header: str, sentences: EvidenceSentences) -> SelectedRows | None:
    question = sentences.question
    asked = sentences.words(question)
    cells = [dict(cells_of(row.quote.text, header)) for row in rows]
    columns = [
        column
        for column in dict(cells_of(rows[0].quote.text, header))
        if (stems := sentences.words(column))
        and stems <= asked
        and all(row.get(column, "").casefold() in YES | NO for row in cells)
    ]
    above = f"{header} {rows[0].quote.under_its_title}"
    if (
        not columns
        or (is_negated(question) and len(columns) > 1)
        or missing_names(question, above)
        or len(asked - sentences.words(above)) > _FEW_WORDS
    ):
        return None
    wanted = NO if is_negated(question) else YES
    chosen = [
        row
        for row, told in zip(rows, cells, strict=True)
        if all(told[column].casefold() in wanted for column in columns)
    ]
    if not chosen:
        return None
    names = tuple(row.quote.text.partition(CELL)[0].strip() for row in chosen)
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    word = "no" if wanted is NO else "yes"
    text = f"{' and '.join(columns)} – {word}: {listed}."
    return SelectedRows(text, names, tuple(row.quote for row in chosen))
