from chat_samples import answer, citation, sentence

from assistant.answer import Claim, Disagreement, NearestArticle
from ui.chat.copy_text import copy_with_footnotes


def test_the_answer_comes_with_marks_and_its_numbered_sources() -> None:
    made = answer(
        sentences=(sentence("It rained.", 1), sentence("Then it stopped.", 1, 2)),
        citations=(
            citation(1),
            citation(
                2, title="On snow", publisher=None, published=None, url=None, page=3, quote="snow\n fell"
            ),
        ),
    )
    assert copy_with_footnotes(made) == (
        "It rained. [1] Then it stopped. [1][2]\n\n"
        "[1] On rain, The Weather Letter, 2025-03-18, https://weather.example/rain\n"
        "    “It rained for six hours.”\n\n"
        "[2] On snow, p. 3, letters/rain.md\n"
        "    “snow fell”\n"
    )


def test_what_is_missing_and_what_disagrees_is_copied_too() -> None:
    text = copy_with_footnotes(
        answer(
            missing="which day it was",
            disagreements=(Disagreement("how long", (Claim("Six hours.", 1), Claim("Seven.", 2))),),
        )
    )
    assert "Not answered from the articles: which day it was" in text
    assert "The sources disagree. This is about “how long”:\n- Six hours. [1]\n- Seven. [2]" in text


def test_an_address_that_is_no_web_address_is_not_copied_as_one() -> None:
    assert "javascript" not in copy_with_footnotes(answer(citations=(citation(url="javascript:alert(1)"),)))


def test_an_absent_answer_copies_the_nearest_articles() -> None:
    made = answer(
        status="not_in_library",
        sentences=(),
        citations=(),
        nearest=(NearestArticle("a", "On snow", "2025", "Snow is white."),),
    )
    assert copy_with_footnotes(made) == (
        "How long did it rain?\n\nNot in the articles.\n"
        "Nearest articles:\n- On snow, 2025\n  “Snow is white.”\n"
    )
