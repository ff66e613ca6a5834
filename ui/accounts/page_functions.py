"""Calls of Gradio's functions: which one is meant, and whose tab it is for."""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

LARGEST_CALL = 256 * 1024
"""Bytes. A question has some thousand characters."""

_JOIN_FIELDS = ("data", "event_data", "fn_index", "trigger_id", "session_hash")
_CALL_FIELDS = ("data", "component_id", "fn_name", "session_hash")
_CANCEL_FIELDS = ("session_hash", "fn_index", "event_id")
_LONGEST_TAB = 64


class NoCall(ValueError):
    """A request that calls no function of the page."""


class PageCall:
    """One call, read from a request's body. `body` has what was read and nothing else, written anew.

    So whoever carries it out reads the very call that was checked.
    """

    def __init__(self, sent: bytes, fields: tuple[str, ...]) -> None:
        try:
            read = json.loads(sent)
        except (ValueError, RecursionError) as error:
            raise NoCall("the call is no JSON") from error
        if not isinstance(read, dict):
            raise NoCall("the call is no JSON object")
        self.sent: dict[str, Any] = {name: read[name] for name in fields if name in read}
        tab = self.sent.get("session_hash")
        if not isinstance(tab, str) or not 0 < len(tab) <= _LONGEST_TAB:
            raise NoCall("the call names no tab")
        self.tab: str = tab
        self.body = json.dumps(self.sent).encode()


def joining(sent: bytes, names: Mapping[int, str]) -> tuple[PageCall, str]:
    """A call of one of the page's events, and the name of its function."""
    call = PageCall(sent, _JOIN_FIELDS)
    index = call.sent.get("fn_index")
    if type(index) is not int or index not in names:
        raise NoCall("the call names no function of the page")
    if not _is_text(call.sent.get("data", [])):
        # Gradio fetches the address in a value that looks like one of its files, whatever the field is for.
        raise NoCall("the call holds something else than text")
    return call, names[index]


def calling(sent: bytes, components: Mapping[int, frozenset[str]]) -> tuple[PageCall, str]:
    """A call that a script of the page makes, and the name of its function."""
    call = PageCall(sent, _CALL_FIELDS)
    component, name = call.sent.get("component_id"), call.sent.get("fn_name")
    if type(component) is not int or not isinstance(name, str) or name not in components.get(component, ()):
        raise NoCall("the call names no function of the page")
    return call, name


def cancelling(sent: bytes) -> PageCall:
    """A call that takes another one back."""
    return PageCall(sent, _CANCEL_FIELDS)


def _is_text(values: object) -> bool:
    """Whether these are values as the page's fields have them."""
    return isinstance(values, list) and all(one is None or isinstance(one, str) for one in values)


class Tabs:
    """Whose each tab of a browser is: nobody else listens to it, or cancels what it asked.

    In bounded memory: the tab used longest ago is forgotten, and belongs to whoever uses its name next.
    """

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def is_of(self, tab: str, owner: str) -> bool:
        """Whether a tab is this owner's; one that nobody has used is theirs from now on."""
        with self._lock:
            is_theirs = self._owners.setdefault(tab, owner) == owner
            self._owners.move_to_end(tab)
            while len(self._owners) > self._most:
                self._owners.popitem(last=False)
            return is_theirs
