"""Lines of a page's frame are told from lines of its text."""

import pytest

from ingest.text.furniture_lines import is_furniture_line, is_web_furniture, points_elsewhere
from ingest.text.furniture_names import names_furniture, names_short_furniture


@pytest.mark.parametrize(
    "line",
    [
        "Share on X",
        "Post to LinkedIn",
        "Teilen auf WhatsApp",
        "View this mail in your browser",
        "Unsubscribe from this list",
        "© 1999-2026 Deepwater Institute",
        "Copyright 2026 The Post. All rights reserved.",
        "6 min read",
        "Anzeige",
        "Accept all cookies",
    ],
)
def test_a_line_that_web_pages_print_around_their_text_is_none_of_it(line: str) -> None:
    assert is_web_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Share on your own risk what you have learned.",
        "Copy the file to the second disk.",
        "Save this page of the manual for later.",
        "The licence says that all rights are reserved to the author.",
        "Follow the cable to the wall.",
        "A minute to read, a year to learn.",
        "Advertisement pays for the paper.",
        "© is the sign of the rights that an author has. " * 5,
    ],
)
def test_a_sentence_is_no_such_line(line: str) -> None:
    assert not is_web_furniture(line)


def test_what_a_person_pasted_is_judged_more_carefully() -> None:
    assert is_furniture_line("Read more")
    assert not is_furniture_line("Edit")


@pytest.mark.parametrize(
    "words", ["Read also:", "Related", "Lesen Sie auch", "À lire aussi :", "另请阅读：", "اقرأ أيضا:"]
)
def test_words_that_point_to_another_article(words: str) -> None:
    assert points_elsewhere(words)
    assert not points_elsewhere(f"{words} what follows from it")


@pytest.mark.parametrize(
    ("names", "furniture", "when_short"),
    [
        ("cookie banner", True, False),
        ("author box", True, False),
        ("post tags", True, True),
        ("entry meta", False, True),
        ("byline", False, True),
        ("article body", False, False),
        ("author", False, False),
        ("seealso", False, False),
    ],
)
def test_names_tell_what_is_no_article(names: str, furniture: bool, when_short: bool) -> None:
    assert names_furniture(set(names.split())) == furniture
    assert names_short_furniture(set(names.split())) == when_short
