"""A follow-up is understood from the turns before it, and a question that stands alone is left alone."""

import re
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.finding.follow_up import asked_of_the_topic, standalone_question

QWEN = ("What is Qwen3-Coder?", "Qwen3-Coder is a model for code. It came from Alibaba.")
MEMORY = (
    "How much memory does Qwen3-8B at 4 bits need with a context of 32,768 tokens?",
    "Qwen3-8B needs 8 GB of memory.",
)
LOGS = ("How long are the logs kept?", "Delete logs after 90 days.")


def test_the_first_question_is_left_as_it_is() -> None:
    assert standalone_question("Is it open?", []) == "Is it open?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is it open?", "Is Qwen3-Coder open?"),
        ("is it open", "is Qwen3-Coder open"),
        ("And is this model any good?", "Is Qwen3-Coder any good?"),
        ("What is its licence?", "What is Qwen3-Coder's licence?"),
        ("What about its price?", "What about Qwen3-Coder's price?"),
        ("What about the price?", "What about the price of Qwen3-Coder?"),
        ("And on two cores?", "What about Qwen3-Coder on two cores?"),
        ("How much memory?", "For Qwen3-Coder, how much memory?"),
        ("How long does it take to load?", "For Qwen3-Coder, how long does it take to load?"),
        ("Is it true that they sell it?", "For Qwen3-Coder, is it true that they sell it?"),
        ("Can I drive it from Claude Code?", "Can I drive Qwen3-Coder from Claude Code?"),
        ("On Ollama, is it fast?", "On Ollama, is Qwen3-Coder fast?"),
        ("Why?", "What is Qwen3-Coder? Why?"),
        ("这个开放吗？", "For Qwen3-Coder, 这个开放吗？"),
    ],
)
def test_a_question_that_leans_back_says_what_was_spoken_of_in_natural_words(
    question: str, expected: str
) -> None:
    assert standalone_question(question, [QWEN]) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Is Gemma 4 open?",
        "Can an exception to the rules be extended once it has run out?",
        "May any model be used before it was approved?",
        "What does GLM-5 cost?",
        "Which licence has Llama 3.1?",
        "Line one\nwhich licence has GLM-5?",
        "Is one GPU enough for Llama 3.1?",
        "Why does Llama 3.1 need this much memory?",
        "What does GLM-5 cost, and is it open?",
        "And which licence has GLM-5?",
        "How many tokens of evidence does the handbook allow per question, and has that changed?",
        "Our file share was offline during last night's sync. How do we keep that from emptying the index?",
        "What is the difference between prefill and decode?",
    ],
)
def test_a_question_that_names_its_subject_is_left_as_it_is(question: str) -> None:
    assert standalone_question(question, [QWEN]) == question


def test_a_new_figure_keeps_what_was_asked_about() -> None:
    asked = standalone_question("And with 8,192 tokens?", [MEMORY])
    assert asked == "How much memory does Qwen3-8B at 4 bits need with a context of 8,192 tokens?"


def test_one_new_case_may_follow_another() -> None:
    history = [MEMORY, ("And with 8,192 tokens?", "6.5 GB.")]
    assert standalone_question("And Gemma 4?", history) == (
        "How much memory does Gemma 4 at 4 bits need with a context of 8,192 tokens?"
    )
    assert standalone_question("Is it open?", history) == "Is Qwen3-8B open?"


def test_a_word_is_no_name_because_it_begins_a_sentence() -> None:
    assert "Delete" not in standalone_question("How many GB is that?", [LOGS])
    assert standalone_question("Is that in the law?", [LOGS, QWEN]) == "For Qwen3-Coder, is that in the law?"


def test_without_names_the_earlier_question_goes_before() -> None:
    history = [("What limits prefill on a machine without a GPU?", "The arithmetic of the processor.")]
    assert standalone_question("And what limits the other phase?", history) == (
        "What limits prefill on a machine without a GPU? And what limits the other phase?"
    )


def test_a_name_that_the_question_has_is_not_said_again() -> None:
    history = [("What is Gemma 4?", "It is a model by Google.")]
    assert standalone_question("Is it Gemma 4 or another?", history) == "Is it Gemma 4 or another?"


def test_another_case_of_no_name_stands_behind_the_question_that_it_is_a_case_of() -> None:
    history = [("What does a pallet of frozen goods cost at Saltpans?", "EUR 9.80 per week.")]
    assert standalone_question("And for chilled goods?", history) == (
        "What does a pallet of frozen goods cost at Saltpans? And for chilled goods?"
    )


def test_an_abbreviation_ends_no_name() -> None:
    history = [("Which clinic was hit?", "Most fell ill at St. Anna. No ward was closed.")]
    assert standalone_question("And how long did it last?", history) == "For St. Anna, how long did it last?"


def test_the_latest_turn_that_names_anything_counts() -> None:
    history = [("What is Llama 3.1?", "A model."), QWEN, ("and is it any good?", "yes, it is.")]
    assert standalone_question("Is it open?", history) == "Is Qwen3-Coder open?"


def test_a_history_that_says_nothing_changes_nothing() -> None:
    assert standalone_question("Is it open?", [("and?", ""), ("", "yes.")]) == "Is it open?"


def test_who_asked_for_a_name_goes_on_about_the_one_that_was_answered() -> None:
    history = [("Which model beats Llama 3.1?", "Gemma 4 does. So does Mistral Small.")]
    assert standalone_question("Is it open?", history) == "Is Gemma 4 open?"
    assert (
        standalone_question("Where is it?", [("Which company made GLM-5?", "Zhipu did.")])
        == "Where is Zhipu?"
    )


def test_a_pronoun_means_what_the_question_was_about_and_not_what_it_was_held_against() -> None:
    history = [("Does Qwen2.5-Max beat DeepSeek V3?", "On LiveBench, yes.")]
    assert standalone_question("What does it cost?", history) == "What does Qwen2.5-Max cost?"


def test_where_it_is_not_clear_what_a_pronoun_means_all_names_are_told() -> None:
    history = [
        ("Why not use the English CLIP for Chinese search?", "It is worse than the Chinese CLIP of Alibaba.")
    ]
    asked = standalone_question("Was it trained from scratch?", history)
    assert asked.startswith("For English CLIP, ")
    assert asked.endswith(", was it trained from scratch?")


def test_several_names_are_spoken_of_together_and_few_are_told() -> None:
    history = [("What are Alpha, Beta and Gamma?", "Models.")]
    assert standalone_question("Are they open?", history) == "Are Alpha, Beta and Gamma open?"
    many = [("What are Alpha, Beta, Gamma, Delta and Epsilon?", "Models.")]
    assert standalone_question("Which one is open?", many).startswith("For Alpha, Beta and Gamma, which")


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=3),
)
def test_no_figure_of_a_question_is_ever_lost(question: str, history: list[tuple[str, str]]) -> None:
    made = standalone_question(question, history)
    assert all(figure in made for figure in re.findall(r"\d+", question))


@given(
    st.sampled_from(
        ["And with 7 tokens?", "Is it open?", "And Gemma 4?", "Which one?", "Why?", "Their price?"]
    ),
    st.lists(
        st.tuples(
            st.sampled_from(
                [MEMORY[0], QWEN[0], LOGS[0], "And on two cores?", "And it?", "What about 9 GB?"]
            ),
            st.sampled_from([MEMORY[1], QWEN[1], LOGS[1], ""]),
        ),
        max_size=4,
    ),
)
def test_nothing_stands_in_brackets_that_a_model_could_copy(
    question: str, history: list[tuple[str, str]]
) -> None:
    made = standalone_question(question, history)
    assert "(" not in made
    assert "Delete" not in made


@pytest.mark.parametrize(
    "text", ["a" * 4000, "a." * 500, "A-" * 500, "A " * 2000, "(" * 4000, "And 1 " * 600]
)
def test_a_long_history_is_read_in_no_time(text: str) -> None:
    began = thread_time()
    standalone_question("Is it open?", [(text, text)] * 4)
    standalone_question(text, [QWEN])
    assert thread_time() - began < 1.5


@pytest.mark.parametrize(
    ("asked", "follow_up", "expected"),
    [
        (
            "What does an idle NAT gateway cost per month?",
            "Before I delete it, how quiet must it be?",
            "Before I delete the idle NAT gateway, how quiet must it be?",
        ),
        (
            "What do we buy with a Snowflake capacity contract?",
            "What becomes of the rest when it ends?",
            "What becomes of the rest when the Snowflake capacity contract ends?",
        ),
        ("Can a Gemma 4 model run here?", "What is its licence?", "What is the Gemma 4 model's licence?"),
    ],
)
def test_a_thing_is_meant_with_all_its_words_and_not_by_the_name_in_it(
    asked: str, follow_up: str, expected: str
) -> None:
    assert standalone_question(follow_up, [(asked, "It depends.")]) == expected


def test_a_question_without_a_sign_can_be_put_to_what_was_spoken_of() -> None:
    asked = "Which build on the oldest line of releases has the fix?"
    assert standalone_question(asked, [QWEN]) == asked
    expected = "For Qwen3-Coder, which build on the oldest line of releases has the fix?"
    assert asked_of_the_topic(asked, [QWEN]) == expected


@pytest.mark.parametrize("question", ["Is it open?", "What does GLM-5 cost in a year of heavy use?"])
def test_what_leans_back_or_names_its_subject_is_put_to_nothing_else(question: str) -> None:
    assert asked_of_the_topic(question, [QWEN]) is None


def test_without_a_name_spoken_of_nothing_is_put_to_it() -> None:
    assert asked_of_the_topic("How long must everything be kept in the end?", [LOGS]) is None
    assert asked_of_the_topic("How long must everything be kept in the end?", []) is None


TRAM = (
    "How much did tram line 9 cost?",
    "The Audit Office put the cost of tram line 9 at 212 million euros.",
)
BUS = ("What does an electric bus cost?", "An electric bus costs 620,000 euros.")
WOMEN = ("How often may women give blood?", "Women may give whole blood up to four times a year.")
NURSE = ("How long does a nurse keep the samples?", "A nurse keeps the samples for two years.")


@pytest.mark.parametrize(
    ("turn", "follow_up", "expected"),
    [
        (TRAM, "and the electric bus?", "How much did tram line 9 cost? and the electric bus?"),
        (BUS, "And the diesel bus?", "What does the diesel bus cost?"),
        (BUS, "And the range?", "What does an electric bus cost? And the range?"),
        (BUS, "What is a heat pump?", "What is a heat pump?"),
        (BUS, "Is it true?", "What does an electric bus cost? Is it true?"),
        (BUS, "Where does it say that?", "What does an electric bus cost? Where does it say that?"),
        (BUS, "And in winter?", "What does an electric bus cost in winter?"),
        (TRAM, "Who paid for it?", "Who paid for tram line 9?"),
        (BUS, "What about a diesel one?", "What does a diesel bus cost?"),
        (BUS, "And how far does it go?", "How far does the electric bus go?"),
        (WOMEN, "And for men?", "How often may men give blood?"),
        (WOMEN, "What may they eat before?", "What may women eat before?"),
        (NURSE, "And the forms?", "How long does a nurse keep the samples? And the forms?"),
        (TRAM, "Thanks!", "Thanks!"),
    ],
)
def test_a_thing_without_a_name_is_spoken_of_too(
    turn: tuple[str, str], follow_up: str, expected: str
) -> None:
    assert standalone_question(follow_up, [turn]) == expected


def test_a_thing_that_the_answer_does_not_speak_of_is_not_meant() -> None:
    turn = ("What did the bank decide?", "The members of Ostwick voted for an open model.")
    assert standalone_question("And why does it leave?", [turn]) == "For Ostwick, why does it leave?"
