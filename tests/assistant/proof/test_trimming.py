"""What could not be proved is said shorter: without brackets, without clauses that say more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.proof.trimming import shortened


def test_what_stands_in_brackets_is_left_out() -> None:
    assert shortened("Its AIME (Automatic Metric) number is 89.2%.") == ["Its AIME number is 89.2%."]


@pytest.mark.parametrize(
    "more",
    [
        ", which is a file of 4 bits",
        ", making it the best of all",
        " — the best of all",
        "; everybody says so",
        ", because it is small",
        ", as it is the most permissive of all",
        ", covering all that a bank needs",
    ],
)
def test_a_clause_that_says_more_is_left_out(more: str) -> None:
    assert shortened(f"The bank should move to Gemma 4{more}.") == ["The bank should move to Gemma 4."]


def test_brackets_go_first_then_the_clause_too() -> None:
    assert shortened("The bank should move to Gemma 4 (by Google), which is small.") == [
        "The bank should move to Gemma 4, which is small.",
        "The bank should move to Gemma 4.",
    ]


def test_a_condition_is_never_lost() -> None:
    assert shortened("The bank should move to Gemma 4, depending on its rules.") == []
    assert shortened("The bank should move to Gemma 4, but only if a rule demands it.") == []
    assert shortened("The bank should move to Gemma 4 if a rule, however small, demands it.") == []
    assert shortened("The bank should move to Gemma 4, but others should not.") == []
    assert shortened("The bank should move to Gemma 4 (unless a rule forbids it).") == []


def test_a_label_is_left_out() -> None:
    assert shortened("OVERRIDDEN: It needs water every nine days.") == ["It needs water every nine days."]


def test_a_name_before_a_colon_stays() -> None:
    assert shortened("Gemma: it runs on a single card of 24 GB.") == []


def test_a_range_is_not_torn() -> None:
    assert shortened("The tools of Gemma 4 will be ripe in 3–6 months.") == []


def test_what_is_left_has_to_say_something() -> None:
    assert shortened("It is small, which is good to know for everybody.") == []
    assert shortened("Gemma 4 (by Google).") == []


@pytest.mark.parametrize("sentence", ["The bank should move to Gemma 4.", "", "Yes.", "“It is so.”"])
def test_where_nothing_can_be_left_out_there_is_no_shorter_version(sentence: str) -> None:
    assert shortened(sentence) == []


@given(st.text(alphabet="ab ()(),;—. which if", max_size=80))
def test_a_version_says_nothing_that_the_sentence_does_not(sentence: str) -> None:
    for version in shortened(sentence):
        signs = iter(sentence)
        assert all(sign in signs for sign in version.removesuffix("."))


def test_what_opens_with_a_case_and_says_nothing_of_it_is_no_version() -> None:
    assert shortened("For all of the base models, including the small one, the length is 32K.") == []
    assert shortened("In May, all of the models came out, including the small one.") != []


def test_figures_that_the_articles_sentence_has_are_not_lost() -> None:
    drafted = "One costs 61 euros per unit, while the other costs 18 euros."
    beside = "It costs 61 euros a unit, against 18 for the other."
    assert shortened(drafted) == ["One costs 61 euros per unit."]
    assert shortened(drafted, beside=beside) == []
    assert shortened(drafted, beside="It costs 61 euros a unit.") == ["One costs 61 euros per unit."]
