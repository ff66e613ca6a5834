import pytest
from chat_samples import answer, citation, marks, sentence, tags, turn, visible_text

from assistant.answer import Claim, Disagreement, NearestArticle, Withdrawn
from ui.chat.copy_text import copy_with_footnotes
from ui.chat.disagreement_lead import disagreement_lead
from ui.chat.turn_html import earlier_turns, finished_turn


def test_each_sentence_ends_in_a_button_for_each_of_its_footnotes() -> None:
    made = answer(
        sentences=(sentence("One.", 1, 2), sentence("Two.", 2)), citations=(citation(1), citation(2))
    )
    html = finished_turn(turn(made), last=True)
    assert [mark["data-number"] for mark in marks(html)] == ["1", "2", "2"]
    assert all(mark["type"] == "button" and mark["data-turn"] == "t1" for mark in marks(html))
    assert marks(html)[0]["aria-label"] == "Footnote 1: On rain"
    assert visible_text(html).index("One.") < visible_text(html).index("Two.")


@pytest.mark.parametrize(
    ("words", "glued"),
    [
        ("It needs 8 GB of memory.", "memory."),
        ("See https://a.example/a/long/way/to/the/place.html", "e/place.html"),
        ("答案在这里，" * 6, "答案在这里，答案在这里，"),
        ("x" * 40 + "e\u0301" * 12, "e\u0301" * 6),
        ("x" * 40 + "a\u200d" * 20, "a\u200d" * 20),
    ],
)
def test_a_mark_stands_in_one_part_with_the_end_of_its_sentence(words: str, glued: str) -> None:
    html = finished_turn(turn(answer(sentences=(sentence(words, 1),), citations=(citation(1),))), last=True)
    part = html.partition('<span class="glued">')[2].partition("</button>")[0]
    assert visible_text(part) == f"{glued}1"
    assert words in visible_text(html)


def test_a_mark_without_its_citation_is_not_shown() -> None:
    assert marks(finished_turn(turn(answer(sentences=(sentence("One.", 9),))), last=True)) == []


def test_weak_support_is_said_in_words_too() -> None:
    made = answer(sentences=(sentence("Maybe.", 1, support="weak"), sentence("Sure.", 1)))
    html = finished_turn(turn(made), last=True)
    assert html.count("weak support") == 1
    assert 'class="sentence weak"' in html


def test_unsupported_sentences_say_so() -> None:
    html = finished_turn(turn(answer(sentences=(sentence("Guess.", support="unsupported"),))), last=True)
    assert "no support found" in html


def test_what_was_taken_back_is_folded_away_with_its_reason() -> None:
    html = finished_turn(turn(answer(withdrawn=(Withdrawn("It snowed.", "No article says so."),))), last=True)
    text = visible_text(html)
    assert "Taken back: 1 sentence" in text
    assert text.index("It snowed.") < text.index("No article says so.")
    assert any(name == "details" and "open" not in attributes for name, attributes in tags(html))


def test_a_partial_answer_says_what_is_missing() -> None:
    html = finished_turn(turn(answer(status="partly", missing="which day it was")), last=True)
    assert "which day it was" in visible_text(html)
    assert "Not answered from your articles" in visible_text(html)


def test_an_answer_that_is_not_in_the_library_is_a_card_without_prose() -> None:
    made = answer(
        status="not_in_library",
        text="INVENTED",
        sentences=(sentence("INVENTED"),),
        nearest=(
            NearestArticle("a.md", "On snow", "2025-01-02", "Snow is white."),
            NearestArticle("b.md", "On hail", None),
        ),
    )
    text = visible_text(finished_turn(turn(made), last=True))
    assert "INVENTED" not in text
    assert "Not in your articles" in text
    assert "On snow 2 January 2025" in text
    assert "On hail" in text


def test_the_nearest_articles_lead_to_their_pages_in_the_library() -> None:
    near = (NearestArticle("a.md", "On snow", "2025-01-02"), NearestArticle("gone.md", "On hail", None))
    made = turn(answer(status="not_in_library", sentences=(), nearest=near))
    pages = {"a.md": "/library/article?source=%2Fnotes&path=a.md"}
    for html in (finished_turn(made, last=True, page_of=pages.get), earlier_turns([made], pages.get)):
        assert [a["href"] for name, a in tags(html) if name == "a"] == [pages["a.md"]]
        assert "On hail" in visible_text(html)


def test_disagreeing_sources_stand_side_by_side_each_with_its_mark() -> None:
    claims = (Claim("Six hours.", 1), Claim("Seven hours.", 2))
    made = answer(
        sentences=(),
        citations=(citation(1), citation(2, publisher="Cloud News", published="2025-03-19")),
        disagreements=(Disagreement("how long it rained", claims),),
    )
    html = finished_turn(turn(made), last=True)
    text = visible_text(html)
    assert "how long it rained" in text
    assert "The Weather Letter, 18 March 2025" in text
    assert "Cloud News, 19 March 2025" in text
    assert [mark["data-number"] for mark in marks(html)] == ["1", "2"]


@pytest.mark.parametrize(
    ("about", "lead"),
    [
        # As found: the claim's words up to the figure, or all of them.
        ("It rained", "Two articles give different figures for the same thing:"),
        ("It rained for six hours.", "Two articles give different figures for the same thing:"),
        ("it  rained", "Two articles give different figures for the same thing:"),
        ("", "Two articles give different figures for the same thing:"),
        ("how long it rained", "This is about “how long it rained”:"),
        ("How long did it rain?", "Two articles answer “How long did it rain?” with different figures:"),
        ("The rain.", "This is about “The rain”:"),
    ],
)
def test_what_the_sources_disagree_on_is_told_in_a_whole_sentence(about: str, lead: str) -> None:
    claims = (Claim("It rained for six hours.", 1), Claim("It rained for nine hours.", 2))
    told = Disagreement(about, claims)
    html = finished_turn(turn(answer(disagreements=(told,))), last=True)
    assert f"The sources disagree{lead}" in visible_text(html)
    assert f"The sources disagree. {lead}\n- It rained for six hours. [1]" in copy_with_footnotes(
        answer(disagreements=(told,))
    )
    three = Disagreement("It rained", (*claims, Claim("It rained for two hours.", 3)))
    assert disagreement_lead(three).startswith("Three articles")


@pytest.mark.parametrize(("count", "folded"), [(3, False), (4, True)])
def test_many_footnotes_are_folded_away(count: int, folded: bool) -> None:
    html = finished_turn(turn(answer(citations=tuple(citation(n + 1) for n in range(count)))), last=True)
    assert (f"{count} footnotes" in html) is folded
    assert html.count('class="footnote"') == count


def test_a_stopped_answer_keeps_its_words_and_says_that_it_was_stopped() -> None:
    text = visible_text(finished_turn(turn(answer(), stopped=True), last=True))
    assert "It rained for six hours." in text
    assert "Stopped here." in text
    empty = turn(answer(sentences=(), citations=()), stopped=True)
    assert "Stopped before the first sentence" in visible_text(finished_turn(empty, last=True))
