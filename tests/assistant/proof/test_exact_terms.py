"""Numbers and names are compared as a careful reader would: by value, and never by resemblance."""

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.proof.exact_terms import (
    missing_names,
    missing_numbers,
    missing_versions,
    other_versions,
    stated_numbers,
)

GLUED = "GPT-5.4ProprietaryNo (75.1 TermBench)57"


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("1.15 billion", "1.15B"),
        ("1.15B", "1.15 billion"),
        ("1.15 Billion", "1.15 billion"),
        ("1.15-billion", "1,150 million"),
        ("$3.5bn", "$3.5 billion"),
        ("2 million", "2 millions"),
        ("3.8\u00a0billion", "3.8B"),
        ("3.8\u202fbillion", "3.8 billion"),
        ("3,400", "3400"),
        ("3400", "3,400"),
        ("3,400", "3\u00a0400"),
        ("2,000,000", "2\u202f000\u202f000"),
        ("1,234,567.5", "1234567.50"),
        ("16K", "16,000"),
        ("16k", "16K"),
        ("16 thousand", "16,000"),
        ("1.2 trillion", "1.2T"),
        ("11,5", "11.5"),
        ("0.653", "it scored .653 there"),
        (".653", "0.653"),
        ("20%", "20 percent"),
        ("20 %", "20%"),
        ("3 to 6 months", "3-6 months"),
        ("3 to 6 months", "3–6 months"),
        ("between 3 and 6 months", "months (3/6)"),
        ("April 29, 2025", "2025-04-29"),
        ("8 models", "eight models"),
        ("8 models", "Eight models"),
        ("version 0.4.6", "v0.4.6"),
        ("5.4", GLUED),
        ("75.1", GLUED),
        ("57", GLUED),
        ("32", "name,size\nQwen,32,dense"),
        ("It has 7.", "7"),
        ("7 B", "7B"),
        ("7B", "7 billion"),
        ("16 GB", "16GB"),
        ("3.8 billion", "parameters (billions): 3.8"),
        ("٣", "3"),
    ],
)
def test_a_number_is_found_in_another_spelling(sentence: str, source: str) -> None:
    assert missing_numbers(sentence, source) == []


@pytest.mark.parametrize(
    ("sentence", "source", "missing"),
    [
        ("11.5 GB", "1.5 GB", ["11.5"]),
        ("1.5 GB", "11.5 GB", ["1.5"]),
        ("1.5 GB", "1.55 GB", ["1.5"]),
        ("5", "1.5", ["5"]),
        ("1", "1.5", ["1"]),
        ("40", "4,000", ["40"]),
        ("3.8 billion", "3.8 million", ["3.8 billion"]),
        ("3.8B", "3.8 thousand", ["3.8B"]),
        ("5 trillion", "5 thousand", ["5 trillion"]),
        ("3.8", "3.8 billion", ["3.8"]),
        ("2.7 billion", "3.8 billion", ["2.7 billion"]),
        ("0.4.6", "0.4.5", ["0.4.6"]),
        ("0.4.6", "0.4", ["0.4.6"]),
        ("0.4", "0.4.6", ["0.4"]),
        ("Qwen2", "Qwen2.5", ["2"]),
        ("GPT-5", GLUED, ["5"]),
        ("754", GLUED, ["754"]),
        (".92", "0.29", [".92"]),
        ("14333922848 bytes", "14333922849 bytes", ["14333922848"]),
        ("9" * 40, "9" * 41, ["9" * 40]),
        ("2025-04-29", "2025-04-28", ["29"]),
        ("4 and 5", "", ["4", "5"]),
    ],
)
def test_a_number_is_not_found_in_one_that_looks_like_it(
    sentence: str, source: str, missing: list[str]
) -> None:
    assert missing_numbers(sentence, source) == missing


def test_a_sentence_without_numbers_lacks_none() -> None:
    assert missing_numbers("It is open.", "") == []
    assert missing_numbers("", "12") == []


def test_small_numbers_in_words_are_stated() -> None:
    assert stated_numbers("Eight of the twelve, but not eighteen, and 3.") == {"8", "12", "3"}


@given(st.integers(min_value=0, max_value=10**30))
def test_grouping_the_digits_of_a_number_changes_nothing(number: int) -> None:
    for spelled in (f"{number:,}", f"{number:,}".replace(",", "\u00a0")):
        assert missing_numbers(f"It has {number} of them.", f"all {spelled} of them") == []
        assert missing_numbers(f"It has {spelled} of them.", f"all {number} of them") == []


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=10**12))
def test_two_numbers_are_equal_only_when_they_are(one: int, other: int) -> None:
    assert (missing_numbers(str(one), str(other)) == []) == (one == other)


@given(st.text(max_size=80))
def test_a_text_states_all_its_own_numbers_and_names(text: str) -> None:
    assert missing_numbers(text, text) == []
    assert missing_names(text, text) == []


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("It was made by Google in May.", "google, may"),
        ("It runs on GPUs.", "one GPU"),
        ("It runs on a GPU.", "many GPUs"),
        ("The Qwen2.5-Coder family", "qwen2.5-coder"),
        ("The Qwen2.5-Coder family", "Qwen 2.5 Coder"),
        ("They moved to Zürich.", "Zürich"),
        ("An OpenAI-style endpoint", "OpenAI endpoints"),
        ("It uses GPT-5.4 here.", GLUED),
        ("It is Proprietary.", GLUED),
        ("It came on April 29, 2025.", "2025-04-29"),
        ("It came on April 29, 2025.", "Apr. 29, 2025"),
        ("What I know: Sure, it is.", ""),
        ("Google made it. Apple did not.", "nobody"),
        ("It's Mistral’s own.", "Mistral"),
        ("By 2026 it was. Only 3 fit. Around 40% left. Nearly 5 stayed. Approximately 31 came.", ""),
        ("In 2026 it was. All 3 fit. Every Monday. Up 5 per cent. Unlike Gemma, it is.", "gemma monday"),
        ("Gemma 4 is open.", "gemma 4"),
    ],
)
def test_a_name_is_known_when_a_source_mentions_it(sentence: str, source: str) -> None:
    assert missing_names(sentence, source) == []


@pytest.mark.parametrize(
    ("sentence", "source", "missing"),
    [
        ("It was made by Google.", "It was made by Meta.", ["Google"]),
        ("The model Qwen2 is open.", "Qwen2.5 is open.", ["Qwen2"]),
        ("Qwen3 is open.", "Qwen2.5 is open.", ["Qwen3"]),
        ("Qwen1.5 is open.", "Qwen2.5 reads 1.5 million words.", ["Qwen1.5"]),
        ("It came on April 29, 2025.", "2025-05-29", ["April"]),
        ("It uses an A100 card.", "H100", ["A100"]),
        ("The licence is Apache-2.0.", "MIT, 2.0", ["Apache-2.0"]),
        ("See the new Llama, the old Gemma.", "llama", ["Gemma"]),
        ("Gemma 4 is open.", "Llama 4 is open.", ["Gemma"]),
        ("Muse Spark is open.", "spark is open", ["Muse"]),
        ("Gemma's Apache licence", "apache", ["Gemma"]),
    ],
)
def test_a_name_that_no_source_mentions_is_told(sentence: str, source: str, missing: list[str]) -> None:
    assert missing_names(sentence, source) == missing


@pytest.mark.parametrize(
    ("sentence", "known"),
    [
        ("The fix is in Postgres 15.", True),
        ("The fix is in PostgreSQL 15.14.", True),
        ("The fix is in Postgres 1.", False),
        ("The fix is in Postgres 14.", False),
        ("The fix is in Kubernetes 1.32.", True),
        ("The fix is in Kubernetes 1.3.", False),
        ("The fix is in Kubernetes 1.", False),
        ("The fix is in Postgre.", True),
        ("The fix is in Post.", False),
    ],
)
def test_a_long_name_is_known_by_a_longer_one_and_a_version_by_its_patch(sentence: str, known: bool) -> None:
    sources = "PostgreSQL 15.14 and Kubernetes 1.32.2 have the fix."
    assert (not missing_names(sentence, sources) and not missing_versions(sentence, sources)) is known


@pytest.mark.parametrize("text", ["1" * 50_000, "1." * 25_000, "1,000" * 10_000, "A-" * 500, "a" * 1_000])
def test_odd_texts_are_read_in_no_time(text: str) -> None:
    began = thread_time()
    missing_numbers(text, text)
    missing_names(text, text)
    assert thread_time() - began < 1.0


@pytest.mark.parametrize(
    ("sentence", "other"),
    [
        ("Move to Qwen instead of Llama 3.5.", ["Llama 3.5"]),
        ("Gemma 5 is open, and Gemma 4 is too.", ["Gemma 5"]),
        ("Llama 2 and Llama 3 were open, as Qwen 3.5 is.", []),
        ("It carries Apache 2, or Apache 2.0.", []),
        ("Requires 16 GB, or The 12 others.", []),
        ("Mistral 7 has never been spoken of.", []),
        ("It came in April 26.", []),
    ],
)
def test_a_version_that_no_source_has_beside_others_is_another_one(sentence: str, other: list[str]) -> None:
    sources = "Llama 2 and Llama 3 led to Qwen3.5 and Gemma 4 in April 2026; Apache 2.0 requires 3.5 GB."
    assert other_versions(sentence, sources) == other
