"""Cuts a streaming draft into sentences as they are completed, and cleans what small models add."""

import re

from index_store.sentences import sentence_spans

_MARKS = re.compile(r"\s*\[(?:\d+(?:\s*[,;–-]\s*\d+)*|source[^\]]*)\]", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|__|`")
# "\(r\)": a formula's signs as LaTeX has them.
_FORMULA = re.compile(r"\\[()\[\]]")
_HEADING = re.compile(r"^#{1,6}\s+")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
# "... in China; 2.": the number of the next item, behind which a sentence was cut.
_NEXT_ITEM = re.compile(r"\s*;\s*\(?\d{1,2}[.)]$")
_LEAK = re.compile(r"^(?:sources?|question|answer|note)\s*:\s*", re.IGNORECASE)
# The marks say which sources; a sentence need not begin by saying that there are some.
_SAYS_SO = re.compile(
    r"^(?:(?:the|these) (?:given |provided )?sources? (?:also |further )?"
    r"(?:state|say|indicate|suggest|mention|note|report)s? that"
    r"|(?:they|it) (?:also|further) (?:state|say|indicate|suggest|mention|note|report)s? that"
    r"|(?:according to|based on) the (?:given |provided )?sources?(?: provided| given| above)?,) (?=\S)",
    re.IGNORECASE,
)
# After a figure, a full stop at the end of a cut draft may have been a decimal point.
_WHOLE = re.compile(r"(?:[!?…。！？]|(?<!\d)\.)[\"'”’)\]]*$")
# Who is asked and asks back tells nothing.
_ASKS = ("?", "？")
# A draft that finds nothing in the sources says so, whatever it was asked for. Open source licences and the
# source code of a thing are no sources.
_FINDS_NOTHING = re.compile(
    r"\b(?:the|these|any|provided|given|available) (?:(?:given|provided|available) )?"
    r"(?:sources(?: \w+){0,5}?|source) (?:do(?:es)? not|don't|doesn't) (?:\w+ )?"
    r"(?:provide|state|mention|specify|contain|say|give|include|answer|address|indicate|disclose)\b"
    r"|\b(?:is|are) not (?:\w+ )?(?:provided|stated|mentioned|specified|given) in "
    r"(?:the|these|any) (?:(?:given|provided|available) )?sources?\b(?! code)",
    re.IGNORECASE,
)


def finds_nothing(sentence: str) -> bool:
    """Whether a drafted sentence says that the sources lack what was asked for."""
    return _FINDS_NOTHING.search(sentence) is not None


class SentenceStream:
    """Takes pieces of text, gives whole sentences. A sentence that was given before is not given again.

    `repeats` counts those that would have been. Questions are no sentences of an answer.
    """

    def __init__(self, *questions: str) -> None:
        """`questions` are not repeated as sentences of their answer."""
        self._line = ""  # since the last line break: what a sentence is depends on how its line begins
        self._read = 0
        self._given: set[str] = set(map(_key, questions))
        self.repeats = 0

    def add(self, piece: str) -> list[str]:
        """The sentences that `piece` completes."""
        *closed, self._line = (self._line + piece).split("\n")
        texts = []
        for line in closed:
            texts += self._unread(line)
            self._read = 0
        # The last one may go on; and so may emphasis, whose marks stand between a stop and a space.
        plain = _EMPHASIS.sub("", self._line.rstrip("*_`"))
        for start, end in list(sentence_spans(plain))[:-1]:
            if start >= self._read:
                texts.append(plain[start:end])
                self._read = end
        return self._new(texts)

    def finish(self, *, natural: bool) -> list[str]:
        """What is left. A draft that was cut off ends in a torn sentence, which is given up."""
        texts = self._unread(self._line)
        self._line, self._read = "", 0
        if texts and not natural and not _WHOLE.search(texts[-1]):
            texts.pop()
        return self._new(texts)

    def _unread(self, line: str) -> list[str]:
        plain = _EMPHASIS.sub("", line)
        return [plain[start:end] for start, end in sentence_spans(plain) if start >= self._read]

    def _new(self, texts: list[str]) -> list[str]:
        fresh = []
        for text in texts:
            sentence = clean_sentence(text)
            key = _key(sentence)
            if not key or not re.search(r"[^\W\d_]", sentence) or sentence.endswith(_ASKS):
                continue
            if key in self._given:
                self.repeats += 1
                continue
            self._given.add(key)
            fresh.append(sentence)
        return fresh


def clean_sentence(text: str) -> str:
    """A sentence without Markdown, list bullets, invented source numbers and echoes of the prompt."""
    plain = _FORMULA.sub("", _HEADING.sub("", _EMPHASIS.sub("", text)))
    plain = _MARKS.sub("", _BULLET.sub("", plain))
    plain = _NEXT_ITEM.sub(".", _LEAK.sub("", plain).strip())
    said = _SAYS_SO.sub("", plain)
    return said if said == plain else said[0].upper() + said[1:]


def _key(sentence: str) -> str:
    return re.sub(r"\W+", " ", sentence.lower()).strip()
