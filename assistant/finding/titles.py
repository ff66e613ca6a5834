"""Whether an article is about what a question names, as far as its title tells."""

import re

from index_store.passage import Passage

# "Qwen3-Coder", "Qwen3 Embedding" and "Qwen3.5" are other things than Qwen3.
_GOES_ON = r"(?!['’]?[\w-]|\.\d|\s(?:[A-Z0-9]))"


def titled(name: str, passage: Passage) -> bool:
    """Whether the title has this very name, and not a longer one that begins or ends with it."""
    return re.search(f"{_spelled(name)}{_GOES_ON}", passage.title) is not None


def begins_a_name(name: str, text: str) -> bool:
    """Whether a text has this name, be it as the beginning of a longer one; never with another version."""
    return re.search(rf"{_spelled(name)}(?![\d.]*\d)", text, re.IGNORECASE) is not None


def names(name: str, question: str) -> bool:
    """Whether a question has this very name, in whatever spelling: not a longer one, nor another version."""
    return re.search(rf"{_spelled(name)}(?![\w-]|\.\d)", question, re.IGNORECASE) is not None


def spelled_plainly(text: str) -> str:
    """A text without spaces, hyphens and capitals: what names another spelling has it too."""
    return re.sub(r"[\s\-\u2010\u2011]", "", text).lower()


def _spelled(name: str) -> str:
    return r"(?<![\w.-])" + r"[\s\-\u2010\u2011]?".join(map(re.escape, re.split(r"[\s-]", name)))
