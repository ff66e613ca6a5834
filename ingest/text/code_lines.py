"""Where lines of plain text are code: between fences, or told by their signs and their indents."""

import re
from collections.abc import Iterator, Sequence

_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*[\w+#.-]*\s*")
_SIGNS = re.compile(
    r".*[;{}]\s*|\s*[}\])]+[;,]?\s*|.*\w\([^()]*(?:\([^()]*\)[^()]*)*\)\s*[:;{,]?\s*"
    r"|\s*(?:\$|>>>|#!|//|/\*|\*/)\s?\S.*"
    r"|\s*[\w.\[\]\"']+\s*(?:=|:=|\+=|=>|->)\s*\S.*"
    r"|\s*(?:def|class|for|while|if|elif|with|async|try|except|else|switch|case)\b.*:\s*"
    r"|\s*(?:import|from|return|const|let|var|function|public|private|static|export|SELECT|INSERT|CREATE|UPDATE)"
    r"\s\S.*"
    r"|\s*(?:pip|npm|git|curl|sudo|docker|cd|python3?|make)\s\S.*"
    r"|\s*</?\w[^<>]*>.*"
)
_PROMPT = re.compile(r"\s*(?:\$\s+[a-z./~]|>>>\s)")
_SENTENCE = re.compile(r"(?:\S+\s+){6,}\S*[.!?]\s*")
_LEAST = 0.6
_LEAST_INDENT = 2
_LONGEST_LINE = 200


def code_spans(lines: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
    """Spans of neighbouring lines that are code, in order, and whether the first and the last are fences."""
    place = 0
    while place < len(lines):
        fence = _FENCE.fullmatch(lines[place])
        closing = _closing(lines, place, fence[1]) if fence else None
        if closing is not None:
            yield place, closing + 1, True
            place = closing + 1
            continue
        end = place
        while end < len(lines) and lines[end].strip() and not (end > place and _FENCE.fullmatch(lines[end])):
            end += 1
        if _is_code(lines[place:end]):
            yield place, end, False
        place = max(end, place + 1)


def _closing(lines: Sequence[str], opened: int, fence: str) -> int | None:
    for place in range(opened + 1, len(lines)):
        if lines[place].strip() == fence:
            return place
    return None


def _is_code(lines: Sequence[str]) -> bool:
    if len(lines) < 2 or any(len(line) > _LONGEST_LINE or _SENTENCE.fullmatch(line) for line in lines):
        return False
    if _PROMPT.match(lines[0]):
        return True
    if sum(_SIGNS.fullmatch(line) is not None for line in lines) < _LEAST * len(lines):
        return False
    indents = [len(line) - len(line.lstrip()) for line in (line.expandtabs(4) for line in lines)]
    if lines[-1].rstrip().endswith((";", "}")):
        return True
    # The first may stand further left than all others; so do the lines of a list of settings never.
    return max(indents) - min(indents) >= _LEAST_INDENT
