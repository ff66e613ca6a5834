"""Answers from one place of an article: what a quote says, in a sentence that fits the question."""

from assistant.finding.evidence_sentences import EvidenceSentences, Quote
from assistant.prompts import one_sentence_task, sources
from assistant.proof.exact_terms import missing_terms
from assistant.proof.negation import is_negated
from assistant.sentence_stream import SentenceStream, finds_nothing
from assistant.writer import Stopped, Writer
from index_store.passage import Passage

_MOST_TOKENS = 80


class Rewording:
    """Puts a quote with its neighbours to the model, apart from all other evidence.

    Over one place a small model mixes little up; over six passages it does (docs/log.md). It still tells of
    what the question names what the place says of something else: so all names and figures must be there.
    """

    def __init__(self, sentences: EvidenceSentences, writer: Writer, stopped: Stopped) -> None:
        self._sentences = sentences
        self._writer = writer
        self._stopped = stopped

    def of(self, quote: Quote, question: str) -> str | None:
        """One sentence that answers the question from the quote; None when stopped, or when there is none."""
        stream = SentenceStream(question)
        task = one_sentence_task(question)
        place = self._place_of(quote)
        # Read anew, so that nothing of it is kept: as a passage of its own it serves no other question.
        shown = sources((place,), closely=True, beside=True)
        with self._writer.read(shown, stopped=self._stopped) as reading:
            for written in reading.write(task, max_tokens=_MOST_TOKENS, stopped=self._stopped):
                texts = stream.add(written.text)
                if written.finished:
                    texts = [*texts, *stream.finish(natural=True)]
                if texts:
                    sound = _is_sound(texts[0], quote.text, place, question)
                    return texts[0] if sound and not _is_a_title(texts[0], quote.passage) else None
        return None

    def _place_of(self, quote: Quote) -> str:
        passage = quote.passage
        above = (passage.title, *passage.headings[-1:], passage.lead)
        return "\n".join((*filter(None, above), *(one.text for one in self._sentences.around(quote))))


def _is_a_title(text: str, passage: Passage) -> bool:
    """Whether a sentence is but the name of the article, or of the section: it says nothing."""
    told = text.casefold().strip(" .")
    return any(told in above.casefold() for above in (passage.title, *passage.headings))


def _is_sound(text: str, quote: str, place: str, question: str) -> bool:
    """Whether a sentence names nothing that its place does not, and keeps what its quote has to tell.

    Asked whether a model has its siblings' licence, over a quote that names two licences, the model may write
    that it has: what the quote names and the question does not is its answer, and so is a "not".
    """
    if finds_nothing(text) or missing_terms(text, place):
        return False
    told = missing_terms(quote, question)
    keeps = not told or bool(told - missing_terms(quote, f"{question}\n{text}"))
    return keeps and is_negated(text) == is_negated(quote)
