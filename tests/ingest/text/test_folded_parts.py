"""What a page shows when one clicks is read, with the words that one clicks as its heading."""

import pytest

from ingest.text.clean_text import CleanText
from ingest.text.web_page import WebPageReader

ANSWER = "<p>Every firm that answers its customers with a model, whatever its size, keeps a register.</p>"
LEAD = "<h1>Questions</h1><p>What firms ask us most often about the register, and what we answer them.</p>"


def blocks(body: str) -> list[tuple[str, str]]:
    out = CleanText()
    WebPageReader().write(f"<html><title>Questions</title><body>{body}</body></html>", out)
    return [(block.kind, out.text[block.start : block.end]) for block in out.blocks]


@pytest.mark.parametrize(
    "folded",
    [
        "<h3><button aria-expanded='false' aria-controls='q'>Who keeps one?</button></h3>"
        "<div id='q' hidden>{}</div>",
        "<h3><a role='button' data-toggle='collapse' href='#q'>Who keeps one?</a></h3>"
        "<div id='q' class='collapse' style='display: none'>{}</div>",
        "<div><button aria-expanded='false' data-bs-target='#q'><span>Who keeps one?</span></button></div>"
        "<div id='q' style='max-height:0'>{}</div>",
    ],
)
def test_a_folded_answer_stands_below_its_question(folded: str) -> None:
    assert blocks(f"<main>{LEAD}{folded.format(ANSWER)}</main>")[-2:] == [
        ("heading", "Who keeps one?"),
        ("paragraph", ANSWER[3:-4]),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<nav><button aria-expanded='false' aria-controls='m'>Open the menu</button></nav>"
        "<div id='m' hidden>{}</div>",
        "<div id='m' hidden>{}</div>",
        "<button aria-expanded='false' aria-controls='m'>Menu</button><div id='m' hidden>{}</div>",
        "<button aria-expanded='false' aria-controls='m'>All our other pages</button><div id='m' hidden>"
        "<a href='/a'>Every firm that answers its customers</a><a href='/b'>keeps a register</a></div>",
    ],
)
def test_what_else_is_hidden_stays_out(hidden: str) -> None:
    read = blocks(f"{hidden.format(ANSWER)}<main>{LEAD * 2}</main>")
    assert not any("Every firm" in text for _, text in read)
