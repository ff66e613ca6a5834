"""Cuts a streaming draft into sentences as they are completed, and cleans what small models add."""

import re

from index_store.sentences import sentence_spans

_MARKS = re.compile(r"\s*\[(?:\d+|source[^\]]*)\]", re.IGNORECASE)
_MARKDOWN = re.compile(r"\*\*|__|`|^#+\s*", re.MULTILINE)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_LEAK = re.compile(r"^(?:sources?|question|answer|note)\s*:\s*", re.IGNORECASE)


class SentenceStream:
    """Takes pieces of text, gives whole sentences. A sentence that was given before is not given again."""

    def __init__(self) -> None:
        self._open = ""
        self._given: set[str] = set()
        self.repeats = 0

    def add(self, piece: str) -> list[str]:
        """The sentences that `piece` completes."""
        self._open += piece
        spans = list(sentence_spans(self._open))
        if not spans:
            return []
        # The last one may go on, unless a line break has closed it.
        closed = self._open.endswith("\n") and spans[-1][1] < len(self._open)
        done = spans if closed else spans[:-1]
        if not done:
            return []
        texts = [self._open[start:end] for start, end in done]
        self._open = self._open[done[-1][1] :].lstrip()
        return self._new(texts)

    def finish(self, *, natural: bool) -> list[str]:
        """What is left. A draft that was cut off ends in a torn sentence, which is given up."""
        texts = [self._open[start:end] for start, end in sentence_spans(self._open)]
        self._open = ""
        if texts and not natural and not re.search(r"[.!?…。！？][\"'”’)\]]*$", texts[-1]):
            texts.pop()
        return self._new(texts)

    def _new(self, texts: list[str]) -> list[str]:
        fresh = []
        for text in texts:
            sentence = clean_sentence(text)
            key = re.sub(r"\W+", " ", sentence.lower()).strip()
            if not key or not re.search(r"[^\W\d_]", sentence):
                continue
            if key in self._given:
                self.repeats += 1
                continue
            self._given.add(key)
            fresh.append(sentence)
        return fresh


def clean_sentence(text: str) -> str:
    """A sentence without Markdown, list bullets, invented source numbers and echoes of the prompt."""
    plain = _MARKS.sub("", _MARKDOWN.sub("", _BULLET.sub("", text)))
    return _LEAK.sub("", plain).strip()
