"""A figure keeps the qualifier that its quote gives it."""

import pytest

from assistant.proof.qualifiers import qualified


@pytest.mark.parametrize(
    ("sentence", "text", "told"),
    [
        (
            "It takes inputs of 64K tokens.",
            "Input lengths of up to 64K tokens.",
            "It takes inputs of up to 64K tokens.",
        ),
        ("It saves 75% of the cost.", "This saves up to 75%.", "It saves up to 75% of the cost."),
        (
            "It was trained on 20 trillion tokens.",
            "Trained on over 20 trillion tokens.",
            "It was trained on over 20 trillion tokens.",
        ),
        ("It knows 119 languages.", "It knows ~119 languages.", "It knows about 119 languages."),
        (
            "Its window is 256K tokens.",
            "It reads 256K tokens natively and 1M tokens with extrapolation.",
            "Its window is 256K tokens natively.",
        ),
        (
            "It keeps logs for 30 days.",
            "Logs stay 30 days by default.",
            "It keeps logs for 30 days by default.",
        ),
        (
            "Half of them take 12%.",
            "On the whole they take 12% on average.",
            "Half of them take 12% on average.",
        ),
        (
            "It has 36 trillion tokens of approximately 119 languages.",
            "Approximately 36 trillion tokens covering 119 languages.",
            "It has approximately 36 trillion tokens of 119 languages.",
        ),
        (
            "The haemoglobin of a man has to be 13.5 g/dl.",
            "It has to be at least 12.5 g/dl for women and 13.5 g/dl for men.",
            "The haemoglobin of a man has to be at least 13.5 g/dl.",
        ),
        (
            "Its AIME score is 89.2%.",
            "The profile is strong: 89.2% AIME 2026, 92.4% MMLU.",
            "Its AIME 2026 score is 89.2%.",
        ),
    ],
)
def test_what_a_sentence_drops_or_misplaces_is_put_right(sentence: str, text: str, told: str) -> None:
    assert qualified(sentence, text) == told


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("It takes over 64K tokens.", "It takes more than 64K tokens."),
        ("It is at least 12.5 g/dl for women and 13.5 g/dl for men.", "At least 12.5 g/dl and 13.5 g/dl."),
        ("It has 8 layers.", "It takes up to 64K tokens and 8 layers."),
        ("It costs 3 euros for members.", "It costs less than 5 euros and 3 euros for members."),
        ("It lifts 20 litres by night.", "It lifts up to 80 litres by day and 20 litres by night."),
        ("The share that disagreed was 20%.", "Nearly 30% agreed and 20% disagreed."),
        ("It costs 9 euros.", "It takes about 5 euros. The visit takes 9 euros."),
        ("A 64K window serves it.", "A window of up to 64K serves it."),
        ("From 4 to 64 sockets.", "Up to 64 sockets, at least 4."),
        ("64K tokens are taken.", "Up to 64K tokens are taken."),
        ("It takes 64K tokens.", "It takes up to 64K tokens; the small one takes 64K."),
        ("It takes 64K tokens.", "It takes 64K tokens, and over 70K with care."),
        ("Gemma 4 takes it.", "Over 4 models take it."),
        ("It was done in 30 days.", "The move was spread over 30 days."),
        ("It names 3 ways.", "The article is about 3 ways."),
        ("It takes more than 29 languages.", "It takes 29+ languages."),
        ("It came in 2026.", "It came by about 2026."),
        ("A 64K-token window.", "Up to 64K tokens."),
        ("By default it is 30 days.", "It is 30 days by default."),
        ("It takes 30 days.", "It takes 30 days by default, and 30 days for others."),
        ("A 30-day period.", "It is 30 days by default."),
        ("Its AIME 2026 score is 89.2%.", "89.2% AIME 2026"),
        ("Its AIME score is 89.2%.", "89.2% AIME 2026, and 80% AIME 2025"),
        ("Its AIME score is 89.2%.", "89.2% AIME 2026; AIME is hard"),
        ("The EU fined it.", "The fine was due in 2026."),
    ],
)
def test_what_fits_or_may_not_be_meant_is_left_as_it_is(sentence: str, text: str) -> None:
    assert qualified(sentence, text) == sentence
