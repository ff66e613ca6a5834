"""A question for advice is told from one for a fact."""

import pytest

from assistant.finding.choosing import asks_for_a_choice, weighs_alternatives


@pytest.mark.parametrize(
    "question",
    [
        "We run Llama on-premise in a bank: which open model should we move to, and why?",
        "Which model is best for a hospital?",
        "Is the 8B file worth the memory?",
        "Would you recommend Gemma 4 to an insurer?",
        "Shouldn’t we switch from Llama?",
        "What is the better choice here?",
        "Do we keep Llama rather than move?",
    ],
)
def test_who_has_to_decide_asks_for_a_choice_and_has_things_weighed(question: str) -> None:
    assert asks_for_a_choice(question)
    assert weighs_alternatives(question)


@pytest.mark.parametrize(
    "question",
    [
        "A contract was pulled: what should the log show?",
        "Is the tag right, and what should I go by?",
        "How long should logs be kept?",
        "What should a bad answer tell us?",
        "How much memory should I plan for?",
    ],
)
def test_who_asks_what_ought_to_be_done_has_nothing_weighed(question: str) -> None:
    assert asks_for_a_choice(question)
    assert not weighs_alternatives(question)


@pytest.mark.parametrize(
    "question",
    [
        "Should our hospital really use Qwen?",
        "What should we be evaluating?",
        "Which store should we standardise on?",
    ],
)
def test_who_asks_whether_to_take_something_has_it_weighed(question: str) -> None:
    assert weighs_alternatives(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is the licence of Gemma 4?",
        "When did the model card move?",
        "How many files does the bank keep?",
        "What was the best month for downloads?",
        "",
    ],
)
def test_who_asks_for_a_fact_does_not(question: str) -> None:
    assert not asks_for_a_choice(question)
    assert not weighs_alternatives(question)
