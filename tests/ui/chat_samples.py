"""Answers, citations and turns for the tests of the chat page, and text that tries to be more than text."""

from dataclasses import replace

from assistant.answer import Answer, AnsweredSentence, Citation, ModelName
from ui.chat.conversations import StoredTurn

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "</mark></blockquote><h1>me</h1>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "${alert(1)} {{value}} {{{value}}} `backtick` @children",
)


def citation(number: int = 1, **changes: object) -> Citation:
    made = Citation(
        number=number,
        article="letters/rain.md",
        title="On rain",
        publisher="The Weather Letter",
        url="https://weather.example/rain",
        published="2025-03-18",
        heading="In spring",
        page=None,
        passage="It rained on Monday. It rained for six hours. Then it stopped.",
        quote="It rained for six hours.",
        start=121,
        end=145,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def sentence(text: str = "It rained for six hours.", *numbers: int, **changes: object) -> AnsweredSentence:
    return replace(AnsweredSentence(text, numbers, "supported", 0.9), **changes)  # type: ignore[arg-type]


def answer(**changes: object) -> Answer:
    made = Answer(
        question="How long did it rain?",
        standalone_question="How long did it rain?",
        status="answered",
        text="It rained for six hours. [1]",
        model=ModelName("small-model", "0" * 64),
        sentences=(sentence("It rained for six hours.", 1),),
        citations=(citation(),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def turn(made: Answer | None = None, **changes: object) -> StoredTurn:
    stored = StoredTurn(
        id="t1",
        conversation="c1",
        question=made.question if made else "How long did it rain?",
        asked="2025-06-01T08:00:00.000+00:00",
        answer=made,
        standalone_question=made.standalone_question if made else None,
    )
    return replace(stored, **changes)  # type: ignore[arg-type]


def tags(html: str) -> list[tuple[str, dict[str, str]]]:
    """Every element of a piece of HTML as a browser would see it: name and attributes."""
    from html.parser import HTMLParser

    found: list[tuple[str, dict[str, str]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, {name: value or "" for name, value in attrs}))

    reader = Reader()
    reader.feed(html)
    reader.close()
    return found


def marks(html: str) -> list[dict[str, str]]:
    """The attributes of each footnote mark, in order."""
    return [attributes for name, attributes in tags(html) if attributes.get("class") == "mark"]


def visible_text(html: str) -> str:
    """The text of a piece of HTML, tags taken away and entities read."""
    from html.parser import HTMLParser

    pieces: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            pieces.append(data)

    reader = Reader()
    reader.feed(html)
    reader.close()
    return "".join(pieces)
