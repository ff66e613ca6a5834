import pytest

from assistant.answer import Answer
from assistant.errors import QuestionEmpty
from assistant.events import AnswerFinished, EvidenceFound, QuestionUnderstood, SentenceChecked, TextWritten
from ui.chat.demo_answers import DemoAnswers, DemoUnavailable
from ui.chat.demo_library import ALDER_3, BANK, DEMO_EXAMPLES, NOTES, TIMED

ARTICLES = {article.path: article for article in (ALDER_3, BANK, NOTES, TIMED)}
QUESTIONS = (*DEMO_EXAMPLES, "And how fast is it?", "Tell me something slowly")


def demo() -> DemoAnswers:
    return DemoAnswers(pause=0)


def answered(question: str, **given: object) -> Answer:
    *_, last = demo().stream(question, **given)  # type: ignore[arg-type]
    assert isinstance(last, AnswerFinished)
    return last.answer


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_in_its_article_and_in_its_passage(question: str) -> None:
    made = answered(question)
    for one in made.citations:
        assert ARTICLES[one.article].text[one.start : one.end] == one.quote
        assert one.quote in one.passage
    numbers = [one.number for one in made.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {n for one in made.sentences for n in one.citations} <= set(numbers)
    assert {claim.citation for one in made.disagreements for claim in one.claims} <= set(numbers)


def test_the_examples_show_every_state() -> None:
    made = [answered(question) for question in DEMO_EXAMPLES]
    assert {one.status for one in made} == {"answered", "partly", "not_in_library"}
    assert any(one.disagreements for one in made)
    assert any(one.withdrawn for one in made)
    assert any(sentence.support == "weak" for one in made for sentence in one.sentences)


def test_events_come_in_the_promised_order() -> None:
    kinds = [type(event) for event in demo().stream(DEMO_EXAMPLES[0])]
    assert kinds[:3] == [QuestionUnderstood, EvidenceFound, TextWritten]
    assert kinds[-1] is AnswerFinished
    assert kinds.count(SentenceChecked) == 4


def test_the_same_question_gets_the_same_answer() -> None:
    first, second = answered(DEMO_EXAMPLES[0]), answered(DEMO_EXAMPLES[0])
    assert first.text == second.text
    assert first.citations == second.citations


def test_a_follow_up_is_understood_from_what_went_before() -> None:
    assert answered("And how fast is it?").standalone_question == "And how fast is it?"
    follow_up = answered("And how fast is it?", history=[("What is Alder 3?", "A model.")])
    assert follow_up.standalone_question == "How fast is Alder 3 on two cores?"


def test_a_stopped_answer_ends_with_what_was_checked_so_far() -> None:
    asked = iter(range(1000))
    made = answered(DEMO_EXAMPLES[0], stopped=lambda: next(asked) > 20)
    assert 0 < len(made.sentences) < 4
    assert made.text.startswith(made.sentences[0].text)


def test_failures_can_be_shown_too() -> None:
    with pytest.raises(DemoUnavailable):
        list(demo().stream("is it locked?"))
    with pytest.raises(ZeroDivisionError):
        list(demo().stream("please crash"))
    with pytest.raises(QuestionEmpty):
        list(demo().stream("  "))
