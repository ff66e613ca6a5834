"""Short lists with the line that leads to them: quoted whole, an item says what it is one of."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from assistant.finding.quote import Quote
from assistant.proof.table_cells import CELL

_FEWEST_ITEMS, _MOST_SIGNS = 2, 400
# Lines of code stand below a colon too.
_CODE = re.compile(r"^[-#$@{}()\[\]<>/*]|^[A-Z]{4,}\s|[{}(\[=\\<>|]$|\w\(|\)\.|[=!<>]=|::|--|\w=")


def short_lists(quotes: Sequence[Quote]) -> Iterator[Quote]:
    """From the sentences of one passage, in order, each line that ends in a colon with the items below it."""
    for place, lead in enumerate(quotes):
        if not lead.text.endswith(":"):
            continue
        items = list(_items(quotes[place:]))
        if len(items) < _FEWEST_ITEMS or items[-1].end - lead.start > _MOST_SIGNS:
            continue
        passage = lead.passage
        text = passage.text[lead.start - passage.start : items[-1].end - passage.start]
        yield Quote(passage, text, lead.start, items[-1].end)


def _items(quotes: Sequence[Quote]) -> Iterator[Quote]:
    """What stands below the first, line by line, as far as no empty line parts it."""
    before = quotes[0]

    def follows(one: Quote) -> bool:
        nonlocal before
        text = before.passage.text
        between = text[before.end - before.passage.start : one.start - one.passage.start]
        breaks = between in ("\n", "\n\n") if before is quotes[0] else between == "\n"
        before = one
        return breaks and CELL not in one.text and not one.text.endswith(":") and not _CODE.search(one.text)

    yield from takewhile(follows, quotes[1:])
