"""The last net: a parser reads all markup that leaves for a page, and keeps only what Footnote itself writes.

Text is escaped long before (`ui.markup`). Should that ever fail somewhere, no script, style, frame, form
address or foreign link comes through here.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from ui.markup import Html

if TYPE_CHECKING:
    from nh3 import Cleaner

# What stands in Footnote's own markup, and no more. Tags that load, run or style something are not among it.
_EVERYWHERE = frozenset("class id role tabindex hidden dir title".split())
_ATTRIBUTES: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        "article aside bdi blockquote code details div footer h1 h2 h3 h4 header li main mark nav ol p s"
        " section span strong summary table tbody td th thead tr ul".split(),
        frozenset[str](),
    ),
    "a": frozenset({"href"}),
    "button": frozenset({"type", "disabled"}),
    "form": frozenset[str](),
    "input": frozenset({"name", "value", "maxlength", "autocomplete"}),
    "label": frozenset({"for"}),
    "option": frozenset({"value", "selected"}),
    "select": frozenset[str](),
    "td": frozenset({"colspan"}),
    "th": frozenset({"scope"}),
    "time": frozenset({"datetime"}),
    "svg": frozenset(
        "viewBox width height fill stroke stroke-width stroke-linecap stroke-linejoin focusable".split()
    ),
    "path": frozenset("d fill stroke stroke-width stroke-linecap".split()),
    "circle": frozenset("cx cy r".split()),
}
_PREFIXES = {"data-", "aria-"}
_SCHEMES = {"http", "https"}
# Browsers read over these in an address.
_IGNORED = re.compile(r"[\x00-\x20]")


def netted(fragment: Html) -> Html:
    """The fragment as a browser would read it, without anything that is not Footnote's own.

    Rows are given within their table: by themselves they are none. 1 MB takes about a tenth of a second.
    """
    return Html(_cleaner().clean(fragment))


@cache
def _cleaner() -> "Cleaner":
    from nh3 import Cleaner

    return Cleaner(
        tags=set(_ATTRIBUTES),
        # What stands between these is no text to show either.
        clean_content_tags={"script", "style", "iframe", "object", "template", "noscript"},
        attributes={
            "*": set(_EVERYWHERE),
            **{tag: set(named) for tag, named in _ATTRIBUTES.items() if named},
        },
        generic_attribute_prefixes=set(_PREFIXES),
        tag_attribute_values={"a": {"target": {"_blank"}}},
        set_tag_attribute_values={"a": {"referrerpolicy": "no-referrer"}},
        link_rel="noopener noreferrer",
        url_schemes=set(_SCHEMES),
        url_relative=_own_page,
    )


def _own_page(address: str) -> str | None:
    """An address without a scheme, unless it leads to another host ("//evil.example", in any spelling)."""
    return None if _IGNORED.sub("", address).replace("\\", "/").startswith("//") else address
