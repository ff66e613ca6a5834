"""Of two things that are compared, each is told of from articles that are not about the other."""

import pytest
from tiny_library import article, hits

from assistant.finding.quote import quotes_of
from assistant.finding.side_by_side import asked_of_each
from assistant.proof.about_one import AboutOne
from assistant.proof.attribution import Attribution

EACH = asked_of_each("How many birds do Heron 2 and Kite 3 each know?")


class Found:
    """Attributes every sentence to all quotes of one article."""

    def __init__(self, title: str) -> None:
        [hit] = hits(article("a.md", "While Heron 2 knew few, Kite 3 knows 119 birds.", title=title))
        self.found = Attribution(tuple(quotes_of(hit.passage)), "supported", 0.9)

    def attribute(self, sentence: str) -> Attribution:
        return self.found


@pytest.mark.parametrize("title", ["Kite 3: knows more", "Kite 3-Coder"])
def test_an_article_about_the_other_does_not_carry_it(title: str) -> None:
    found = AboutOne(Found(title), EACH[0], EACH).attribute("Heron 2 knows 119 birds.")
    assert (found.support, found.why) == ("unsupported", "the article that it rests on is about Kite 3")


@pytest.mark.parametrize("title", ["Heron 2 is out", "Heron 2 and Kite 3", "Birds of the year"])
def test_an_article_about_it_or_about_both_or_neither_does(title: str) -> None:
    attributor = Found(title)
    assert AboutOne(attributor, EACH[0], EACH).attribute("Heron 2 knows few birds.") is attributor.found


def test_what_is_told_instead_is_not_told_of_the_other_either() -> None:
    class Denying(Found):
        def attribute(self, sentence: str) -> Attribution:
            return Attribution((), "unsupported", 0.9, "no", instead=self.found.quotes[0])

    told = "Heron 2 knows 119 birds."
    assert AboutOne(Denying("Kite 3: knows more"), EACH[0], EACH).attribute(told).instead is None
    assert AboutOne(Denying("Heron 2 is out"), EACH[0], EACH).attribute(told).instead is not None
