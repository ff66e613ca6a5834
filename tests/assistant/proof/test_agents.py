"""Nobody is said to have done what the source only says was done."""

import pytest

from assistant.proof.agents import invented_agent


@pytest.mark.parametrize(
    ("sentence", "quote", "done"),
    [
        (
            "In May the port bought three cranes.",
            "Part came from the three cranes that were bought in May.",
            "bought",
        ),
        ("The board rejected the road.", "A wider road was finally rejected in 2024.", "rejected"),
        ("The board rejected the road.", "A wider road was rejected by the board.", None),
        ("Three cranes were bought in May.", "Three cranes were bought in May.", None),
        ("Three cranes, bought in May, help.", "Three cranes were bought in May.", None),
        ("It came from cranes and bought tools.", "Cranes were bought.", None),
        ("The port bought cranes.", "The port bought cranes, which were bought in May.", None),
        ("The port keeps logs.", "Logs are kept for a year.", None),
        ("", "", None),
    ],
)
def test_who_did_it_has_to_be_told(sentence: str, quote: str, done: str | None) -> None:
    assert invented_agent(sentence, quote) == done
