"""Reads the library ahead, while nobody asks: first its passages, for the first word, then the sentences
that claims are judged behind, for the whole answer.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.finding.evidence import source_text
from assistant.finding.quote import quotes_of
from assistant.prompts import ORDERS, judged_text
from assistant.writer import Writer
from index_store.errors import FootnoteError
from index_store.library import Library
from index_store.passage import Passage

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WarmProgress:
    """How far it is: passages looked at, of how many; `resting` when there is nothing left to do."""

    done: int
    total: int
    resting: bool


class Warmer:
    """One thread that prepares passages: the most asked articles first, then the newest.

    Sentences follow in the same order: a draft's claims are checked behind one or two of them, and cost
    half where these are kept. `asked` gives how often each article (by its path) was shown as evidence;
    `is_full` tells that a further state would drive out one that is kept. The writer lets questions go
    before.
    """

    def __init__(
        self,
        library: Callable[[], Library],
        writer: Callable[[], Writer],
        *,
        asked: Callable[[], Mapping[str, int]],
        is_full: Callable[[], bool],
    ) -> None:
        self._library = library
        self._writer = writer
        self._asked = asked
        self._is_full = is_full
        self._changed = threading.Condition()
        self._wanted = False
        self._closing = False
        self._progress = WarmProgress(0, 0, resting=True)
        self._thread = threading.Thread(target=self._run, name="footnote-warming", daemon=True)
        self._thread.start()

    @property
    def progress(self) -> WarmProgress:
        """How far the round under way is."""
        return self._progress

    def begin(self) -> None:
        """Go through the library, from its beginning: it was opened, or has changed."""
        with self._changed:
            self._wanted = True
            self._progress = WarmProgress(0, 0, resting=False)
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until there is nothing left to do; whether that was so within the time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._progress.resting, seconds)

    def close(self) -> None:
        """End the thread, at the latest with the batch under way."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (self._wanted or self._closing):
                    self._changed.wait()
                if self._closing:
                    return
                self._wanted = False
            try:
                self._round()
            except FootnoteError as error:
                _logger.info("warming ended early: %s", error)
            except Exception:
                _logger.exception("warming failed; questions read what they need")
            with self._changed:
                if not self._wanted:
                    self._progress = replace(self._progress, resting=True)
                    self._changed.notify_all()

    def _round(self) -> None:
        writer = self._writer()
        passages = list(self._in_order())
        made = 0
        for number, passage in enumerate(passages):
            self._progress = WarmProgress(number, len(passages), resting=False)
            if self._is_to_end():
                break
            made += writer.prepare(ORDERS, source_text(passage), stopped=self._is_interrupted)
        else:
            self._progress = WarmProgress(len(passages), len(passages), resting=False)
            self._read_sentences(writer, passages)
        if made:
            _logger.info("%d of %d passages read ahead", made, len(passages))

    def _read_sentences(self, writer: Writer, passages: Sequence[Passage]) -> None:
        for passage in passages:
            for quote in quotes_of(passage):
                if self._is_to_end():
                    return
                writer.prepare(ORDERS, judged_text(quote.text), stopped=self._is_interrupted)

    def _is_to_end(self) -> bool:
        return self._is_interrupted() or self._is_full()

    def _is_interrupted(self) -> bool:
        return self._closing or self._wanted

    def _in_order(self) -> Iterator[Passage]:
        library = self._library()
        asked = self._asked()
        rows = sorted(library.articles(), key=lambda row: row.published or "", reverse=True)
        for row in sorted(rows, key=lambda row: -asked.get(row.path, 0)):
            if self._is_interrupted():
                return
            yield from library.store.passages(row.key)
