from dataclasses import replace

import pytest
from chat_samples import HOSTILE, answer, citation, marks, sentence, tags, turn, visible_text

from assistant.answer import Claim, Disagreement, NearestArticle, Withdrawn
from ui.chat.progress import Progress
from ui.chat.spoken_turn import announced
from ui.chat.turn_html import earlier_turns, empty_chat, failure_card, finished_turn, running_turn

# What the page itself may put into a turn; nothing of an article or a model adds to it.
ALLOWED_TAGS = {
    *("article", "section", "h2", "h3", "p", "span", "button", "ol", "ul", "li", "details", "summary", "s"),
    *("div", "form", "label", "input", "svg", "path", "time", "bdi"),
}


def test_an_error_is_one_line_with_a_way_to_try_again_only_on_the_last_turn() -> None:
    failed = turn(None, error="the model is missing: fetch it")
    assert "the model is missing: fetch it" in visible_text(finished_turn(failed, last=True))
    assert 'data-action="retry"' in finished_turn(failed, last=True)
    assert 'data-action="retry"' not in finished_turn(failed, last=False)
    assert 'data-action="retry"' not in earlier_turns([failed])


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
        nearest=(NearestArticle(text, text, text, text),),
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


def test_the_empty_chat_offers_its_questions_as_buttons() -> None:
    html = empty_chat(["One?", "Two?"])
    assert [a["data-action"] for name, a in tags(html) if name == "button"] == ["example", "example"]
    assert "One?" in html


def test_who_waits_sees_the_number() -> None:
    waiting = Progress("waiting", number=3, first_number=3)
    assert "Waiting: number 3 in line" in running_turn(turn(None), waiting)
    nearer = replace(waiting, number=2)
    assert "Waiting: number 2 in line" in running_turn(turn(None), nearer)
    reading = replace(nearer, stage="found", number=0, titles=("On rain",))
    assert "Waiting" not in running_turn(turn(None), reading)
