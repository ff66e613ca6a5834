from typing import Annotated, Any, Literal

import pytest
from annotated_types import Ge, Gt, Le, Lt
from pydantic import TypeAdapter, ValidationError

from ui.settings.plain_words import plain_words


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (Annotated[int, Ge(1), Le(9)], 0, "it must be a whole number from 1 to 9"),
        (Annotated[int, Ge(1), Le(9)], "x", "it must be a whole number from 1 to 9"),
        (Annotated[int, Ge(1)], 1.5, "it must be a whole number of at least 1"),
        (Annotated[float, Gt(0), Le(720)], 721, "it must be a number above 0, at most 720"),
        (Annotated[float, Gt(0), Lt(1)], 0, "it must be a number above 0, below 1"),
        (Annotated[float, Le(0.5)], 1, "it must be a number of at most 0.5"),
        (float, [], "it must be a number"),
        (bool, "perhaps", "it must be true or false"),
        (str, 5, "it must be text, in quotes"),
        (Literal["kept", "anew"], "x", "it must be 'kept' or 'anew'"),
    ],
)
def test_what_a_value_must_be_is_told_without_a_word_of_the_library(
    kind: Any, value: object, told: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    metadata = getattr(kind, "__metadata__", ())
    is_whole = getattr(kind, "__origin__", kind) is int
    assert plain_words(caught.value.errors()[0], metadata, is_whole=is_whole) == told
