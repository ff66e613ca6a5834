"""Questions that ask for several things side by side, and those that do not."""

import pytest

from assistant.finding.spread import asks_for_several


@pytest.mark.parametrize(
    "question",
    [
        "How does Qwen3 compare with Gemma 4?",
        "What does each model cost?",
        "Qwen3 versus Gemma 4: which is older?",
        "Which flaws do they have in common?",
        "When did Llama 2 and Llama 3 come out?",
        "How far did it grow from CodeQwen1.5 to Qwen3-Coder?",
        "Is Qwen3 faster than before?",
    ],
)
def test_several_things_are_asked_for(question: str) -> None:
    assert asks_for_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "What does Gemma 4 cost?",
        "Does Gemma 4 run on an H100 card?",
        "Why does it take more than four bits?",
        "How many people work there?",
        "",
    ],
)
def test_one_thing_is_asked_for(question: str) -> None:
    assert not asks_for_several(question)
