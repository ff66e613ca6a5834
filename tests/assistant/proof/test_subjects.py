"""A sentence that begins with another thing than its quote is of another thing."""

import pytest

from assistant.proof.subjects import invented_label, other_subject

GSPO = "Notably Stable: GSPO maintains stable training and resolves the stability of large models."


@pytest.mark.parametrize(
    ("sentence", "quote", "other"),
    [
        ("The GRPO algorithm maintains stable training.", GSPO, "GSPO"),
        ("GRPO maintains stable training.", GSPO, "GSPO"),
        ("GSPO maintains stable training.", GSPO, None),
        ("The GSPO algorithm maintains stable training.", GSPO, None),
        ("Qwen2.5 reads 32K tokens.", "Qwen3 reads 32K tokens.", "Qwen3"),
        ("Qwen2.5 reads 32K tokens, as Qwen3 does.", "Qwen3 reads 32K tokens.", None),
        ("Qwen3 reads 32K tokens.", "Qwen3-8B reads 32K tokens.", None),
        ("Qwen3-8B reads 32K tokens.", "Qwen3 reads 32K tokens, Qwen3-8B too.", None),
        ("The model reads 32K tokens.", "Qwen3 reads 32K tokens.", None),
        ("Qwen3 reads 32K tokens.", "It reads 32K tokens.", None),
        ("Qwen3 reads 32K tokens.", "Longer contexts: we support 32K tokens.", None),
        ("Gemma reads 32K tokens.", "Google's model reads 32K tokens.", None),
        ("Safety and care require new rules.", "Safety and Care: The model requires new rules.", "The model"),
        (
            "Safety and care require the model to have rules.",
            "Safety and Care: The model requires rules.",
            None,
        ),
        (
            "Loops can lead to long replies.",
            "Loops: The model may turn round, leading to long replies.",
            None,
        ),
        ("The model requires new rules.", "Safety and Care: The model requires new rules.", None),
        ("", "", None),
    ],
)
def test_things_that_begin_a_sentence_and_its_quote(sentence: str, quote: str, other: str | None) -> None:
    assert other_subject(sentence, quote) == other


OFFICE = "The office counted every unit from the bag number to its end."


def stems(text: str) -> frozenset[str]:
    return frozenset(word.strip(":.").rstrip("s") for word in text.lower().split())


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        (f"Bag number errors: {OFFICE}", "Bag number errors"),
        (f"Number bag: {OFFICE}", "Number bag"),
        (f"The bag number: {OFFICE}", None),
        (f"Office counted every number bag: {OFFICE}", None),
        (f"In short: {OFFICE}", None),
        (OFFICE, None),
        ("Bag number errors: 9 %", None),
    ],
)
def test_a_label_that_is_partly_made_up_is_found(sentence: str, label: str | None) -> None:
    assert invented_label(sentence, OFFICE, stems) == label
