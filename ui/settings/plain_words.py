"""What a value has to be, in plain words, where the validation says so in words of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

_WHOLE = frozenset({"int_type", "int_parsing", "int_parsing_size", "int_from_float"})
_NUMBER = frozenset({"float_type", "float_parsing", "finite_number"})
_BOUNDS = {
    "greater_than_equal": "ge",
    "greater_than": "gt",
    "less_than_equal": "le",
    "less_than": "lt",
}
_YES_OR_NO = frozenset({"bool_type", "bool_parsing"})


def plain_words(error: ErrorDetails, metadata: Sequence[Any] = (), *, is_whole: bool = True) -> str:
    """What the value of an error has to be: "it must be a whole number from 1 to 65535".

    `metadata` has the bounds of what was to be read, as annotated-types; without, the one that was broken is
    told. `is_whole` tells whether it was to be a whole number, where the error leaves that open.
    """
    kind, context = error["type"], error.get("ctx", {})
    bounds = {name: bound for one in metadata for name, bound in _bounds_of(one).items()}
    if kind in _BOUNDS:
        name = _BOUNDS[kind]
        return f"it must be {_number(is_whole)}{_range({name: context[name], **bounds})}"
    if kind in _WHOLE | _NUMBER:
        return f"it must be {_number(kind in _WHOLE)}{_range(bounds)}"
    if kind in _YES_OR_NO:
        return "it must be true or false"
    if kind == "string_type":
        return "it must be text, in quotes"
    if kind == "literal_error":
        return f"it must be {context['expected']}"
    why = error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return f"{why[:1].lower()}{why[1:]}"


def _bounds_of(one: Any) -> Mapping[str, Any]:
    return {name: getattr(one, name) for name in _BOUNDS.values() if getattr(one, name, None) is not None}


def _number(is_whole: bool) -> str:
    return "a whole number" if is_whole else "a number"


def _range(bounds: Mapping[str, Any]) -> str:
    """The bounds of a number, as they go on behind it."""
    least, above, most, below = (bounds.get(name) for name in ("ge", "gt", "le", "lt"))
    if least is not None and most is not None:
        return f" from {least:g} to {most:g}"
    upper = f"at most {most:g}" if most is not None else f"below {below:g}" if below is not None else ""
    if least is None and above is None:
        return f" {'of ' if most is not None else ''}{upper}" if upper else ""
    lower = f" of at least {least:g}" if least is not None else f" above {above:g}"
    return f"{lower}, {upper}" if upper else lower
