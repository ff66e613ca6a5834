"""Whether code is quoted from the section on what was asked about, where its article has one.

"Which base URL do I set for Claude Code?" An article that tells it under that heading may give the same
line with another value under the next.
"""

import re
from collections.abc import Sequence

from assistant.finding.quote import Quote
from assistant.finding.titles import begins_a_name
from assistant.proof.spoken_names import distinct, spoken_names
from index_store.passage import Passage

# Addresses, assignments, options and commands: right in their place, and seldom in another.
_CODE = re.compile(r"\w://|[\w\]]{2}\s?=\s?\S|(?<!\w)--?[a-z]|`|^\s*[$>]\s", re.MULTILINE)


def stands_under_another(question: str, quotes: Sequence[Quote], shown: Sequence[Passage]) -> str | None:
    """What was asked about and has a section of its own among `shown`, if quoted code stands in another."""
    names = distinct(spoken_names(question))
    for quote in quotes:
        passage = quote.passage
        if not _CODE.search(quote.text):
            continue
        asked = [name for name in names if not begins_a_name(name, passage.title)]
        if any(begins_a_name(name, _said_by(passage)) for name in asked):
            continue
        for name in asked:
            if any(
                one.article_key == passage.article_key
                and begins_a_name(name, "\n".join(one.headings))
                and _CODE.search(one.text)
                for one in shown
            ):
                return name
    return None


def _said_by(passage: Passage) -> str:
    return "\n".join((*passage.headings, passage.lead, passage.text))
