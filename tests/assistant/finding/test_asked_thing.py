"""The thing that a question asks something of, where it has no name."""

import time

import pytest

from assistant.finding.asked_thing import asked_of_another, asked_thing


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How much did tram line 9 cost?", "tram line 9"),
        ("And what does an electric bus cost?", "electric bus"),
        ("How heavy is the electric bus?", "electric bus"),
        ("How often may women give blood?", "women"),
        ("Which models are open?", None),
        ("What is the licence of the model?", None),
        ("When do you open the gate?", None),
        ("Do drivers take cash?", None),
        ("How long do platelets keep, and at what temperature?", None),
        ("What does the quick brown fox in the garden of ours eat?", None),
    ],
)
def test_it_stands_before_what_it_does(question: str, words: str | None) -> None:
    thing = asked_thing(question)
    assert (thing.words if thing else None) == words


@pytest.mark.parametrize(
    ("question", "other", "asked"),
    [
        ("What does an electric bus cost?", "a diesel one", "What does a diesel bus cost?"),
        ("What does an electric bus cost?", "the diesel bus", "What does the diesel bus cost?"),
        ("How often may women give blood?", "men", "How often may men give blood?"),
        ("How often may women give blood?", "plasma", None),
        ("How heavy is the electric bus?", "the range", None),
        ("How much does a visa cost?", "children", None),
        ("How many passengers can the ferry carry?", "cars", None),
        ("How much did tram line 9 cost?", "a new one", None),
        ("How much did the tram cost?", "it", None),
        ("How much did the tram cost?", "", None),
    ],
)
def test_another_of_its_kind_takes_its_place(question: str, other: str, asked: str | None) -> None:
    assert asked_of_another(question, other) == asked


def test_a_question_of_many_words_or_spaces_takes_no_time() -> None:
    began = time.thread_time()
    assert asked_thing("what do" + " " * 4000 + "x!y") is None
    assert asked_thing("what " + "do " * 1300 + "!") is None
    assert time.thread_time() - began < 0.5
