from dataclasses import replace
from itertools import pairwise

import pytest
from chat_samples import HOSTILE, answer, citation, sentence, tags, turn, visible_text

from assistant.answer import Claim, Disagreement, NearestArticle, Withdrawn
from ui.chat.progress import Progress
from ui.chat.turn_html import announced, earlier_turns, empty_chat, failure_card, finished_turn, running_turn

# What the page itself may put into a turn; nothing of an article or a model adds to it.
ALLOWED_TAGS = {
    *("article", "section", "h2", "h3", "p", "span", "button", "ol", "ul", "li", "details", "summary", "s"),
    *("div", "form", "label", "input", "svg", "path", "time", "bdi"),
}


def marks(html: str) -> list[dict[str, str]]:
    return [attributes for name, attributes in tags(html) if attributes.get("class") == "mark"]


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
    assert "Not in your articles" in visible_text(html)


def test_an_answer_that_is_not_in_the_library_is_a_card_without_prose() -> None:
    made = answer(
        status="not_in_library",
        text="INVENTED",
        sentences=(sentence("INVENTED"),),
        nearest=(NearestArticle("a.md", "On snow", "2025-01-02"), NearestArticle("b.md", "On hail", None)),
    )
    text = visible_text(finished_turn(turn(made), last=True))
    assert "INVENTED" not in text
    assert "Not in your articles" in text
    assert "On snow 2 January 2025" in text
    assert "On hail" in text


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


@pytest.mark.parametrize(("count", "folded"), [(3, False), (4, True)])
def test_many_footnotes_are_folded_away(count: int, folded: bool) -> None:
    html = finished_turn(turn(answer(citations=tuple(citation(n + 1) for n in range(count)))), last=True)
    assert (f"{count} footnotes" in html) is folded
    assert html.count('class="footnote"') == count


def test_an_error_is_one_line_with_a_way_to_try_again_only_on_the_last_turn() -> None:
    failed = turn(None, error="the model is missing: fetch it")
    assert "the model is missing: fetch it" in visible_text(finished_turn(failed, last=True))
    assert 'data-action="retry"' in finished_turn(failed, last=True)
    assert 'data-action="retry"' not in finished_turn(failed, last=False)
    assert 'data-action="retry"' not in earlier_turns([failed])


def test_a_stopped_answer_keeps_its_words_and_says_that_it_was_stopped() -> None:
    text = visible_text(finished_turn(turn(answer(), stopped=True), last=True))
    assert "It rained for six hours." in text
    assert "Stopped here." in text
    empty = turn(answer(sentences=(), citations=()), stopped=True)
    assert "Stopped before the first sentence" in visible_text(finished_turn(empty, last=True))


def test_the_question_as_understood_is_shown_only_when_it_differs() -> None:
    same = finished_turn(turn(answer()), last=True)
    other = finished_turn(turn(answer(standalone_question="How long did it rain in May?")), last=True)
    assert "Understood as" not in same
    assert "Understood as: How long did it rain in May?" in visible_text(other)


def test_feedback_that_was_given_is_shown_as_pressed() -> None:
    html = finished_turn(turn(answer(), verdict="down", word="wrong year"), last=True)
    pressed = {a["data-verdict"]: a["aria-pressed"] for _, a in tags(html) if "data-verdict" in a}
    assert pressed == {"up": "false", "down": "true"}
    assert any(name == "input" and a["value"] == "wrong year" for name, a in tags(html))


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(), "Reading the question"),
        (Progress(stage="searching"), "Searching your articles"),
        (Progress(stage="found", titles=("On rain", "On snow")), "Found: On rain, On snow"),
        (Progress(stage="found", titles=("a", "b", "c", "d", "e")), "Found: a, b, c and 2 more"),
        (Progress(stage="found"), "Found nothing close"),
        (Progress(stage="writing", stopping=True), "Stopping"),
    ],
)
def test_a_running_turn_says_how_far_it_is(progress: Progress, words: str) -> None:
    html = running_turn(turn(), progress)
    assert words in visible_text(html)
    assert 'data-running="t1"' in html


def test_a_running_turn_shows_checked_sentences_and_the_words_behind_them() -> None:
    progress = Progress(
        stage="writing",
        draft="It rained for six hours. Then",
        sentences=(sentence("It rained for six hours.", 1),),
        citations=(citation(),),
    )
    html = running_turn(turn(), progress)
    assert len(marks(html)) == 1
    assert '<span class="pending">Then</span>' in html


def test_elements_keep_their_places_when_a_turn_is_finished() -> None:
    """Gradio changes elements in place by position: a focused mark stays the mark that it was."""
    progress = Progress(
        stage="writing", sentences=(sentence("It rained for six hours.", 1),), citations=(citation(),)
    )
    before = [(name, a.get("class", "").split()[:1]) for name, a in tags(running_turn(turn(), progress))]
    after = [
        (name, a.get("class", "").split()[:1]) for name, a in tags(finished_turn(turn(answer()), last=True))
    ]
    assert after[: len(before)] == before


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_said_becomes_markup(text: str) -> None:
    made = answer(
        question=text,
        standalone_question=text + "!",
        sentences=(sentence(text, 1, 2), sentence("x" * 40 + text, 1, support="weak")),
        citations=tuple(
            citation(n, title=text, publisher=text, published=text, heading=text, article=text, url=text)
            for n in (1, 2)
        ),
        withdrawn=(Withdrawn(text, text),),
        missing=text,
        disagreements=(Disagreement(text, (Claim(text, 1), Claim(text, 2))),),
        nearest=(NearestArticle(text, text, text),),
    )
    pages = [
        finished_turn(turn(made, word=text), last=True),
        finished_turn(turn(answer(status="not_in_library", nearest=made.nearest)), last=True),
        finished_turn(turn(None, error=text, question=text), last=True),
        running_turn(turn(made), Progress("writing", text, (text,), text, made.sentences, made.citations)),
        empty_chat([text]),
        failure_card(text),
        announced(turn(made), Progress("found", text, (text,), text, made.sentences)),
    ]
    for html in pages:
        assert {name for name, _ in tags(html)} <= ALLOWED_TAGS
        assert not any(name.startswith("on") for _, attributes in tags(html) for name in attributes)
        assert text in visible_text(html)


def test_announcements_only_grow_sentence_by_sentence() -> None:
    first = Progress("writing", None, ("On rain",), "It rained. Then", (sentence("It rained.", 1),))
    second = Progress(
        "writing", None, ("On rain",), "It rained. Then dry.", (*first.sentences, sentence("Dry."))
    )
    heard = [
        announced(turn(), Progress()),
        announced(turn(), first),
        announced(turn(), second),
        announced(turn(answer()), second),
    ]
    for earlier, later in pairwise(heard):
        assert later.startswith(earlier)
    assert visible_text(heard[1]) == "Found: On rainIt rained."
    assert visible_text(heard[3]).endswith("Answer finished. 1 footnote.")


def test_the_empty_chat_offers_its_questions_as_buttons() -> None:
    html = empty_chat(["One?", "Two?"])
    assert [a["data-action"] for name, a in tags(html) if name == "button"] == ["example", "example"]
    assert "One?" in html


def test_who_waits_sees_the_number_and_hears_the_first_one_only() -> None:
    waiting = Progress("waiting", number=3, first_number=3)
    assert "Waiting: number 3 in line" in running_turn(turn(None), waiting)
    nearer = replace(waiting, number=2)
    assert "Waiting: number 2 in line" in running_turn(turn(None), nearer)
    # What is read aloud is only ever added to.
    assert announced(turn(None), nearer) == announced(turn(None), waiting)
    reading = replace(nearer, stage="found", number=0, titles=("On rain",))
    assert "Waiting" not in running_turn(turn(None), reading)
    assert announced(turn(None), reading).startswith(announced(turn(None), waiting))
