"""Where sentences end."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.sentences import sentence_spans, sentences

# What sentences are made of, so that chance meets the hard places.
SIGNS = " \n\t.!?…。！？؟۔\"'”’)]』"
WORDS = "e.g. |Dr. |U.S. |1. |12. |3.8|A. |word|Word|iPhone |中文|\u00a0|\u2028|\r|é|😀|. |! ".split("|")
PIECES = st.lists(st.sampled_from([*SIGNS, *WORDS]), max_size=30).map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "It grew by 3.8 billion in 2.5 years.",
        "Models (e.g. Qwen) are open, i.e. free.",
        "Dr. Smith and Prof. Jones met.",
        "See Fig. 3 and Sec. 4 of vol. 2.",
        "J. R. Smith wrote it.",
        "The U.S. Army and the U.K. Treasury agreed.",
        "1. First of all.",
        "It costs approx. 3 dollars.",
        "Wait... what happened here?",
        "She asked why? and left.",
        "Visit example.org or read v1.2.3 of it.",
        "No full stop at all",
        "It was about 12 p.m. yesterday.",
    ],
)
def test_this_is_one_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ["It rained.", "We left."],
        ["Really?", "Yes!", "Good."],
        ['"It works."', "He smiled."],
        ["It works (mostly).", "He smiled."],
        ["It is 3.8.", "It was 2.7 before."],
        ["They stopped…", "Then they went on."],
        ["It happened in 2024.", "In 2025 it ended."],
        ["Nothing changed!?", "No."],
        ["We have no. 5.", "And no more."],
    ],
)
def test_these_are_several(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts
    assert sentences("  ".join(parts) + "  ") == parts


def test_chinese_sentences_need_no_space_between_them() -> None:
    assert sentences("模型很大。价格很低！你说“好。”我走了") == [
        "模型很大。",
        "价格很低！",
        "你说“好。”",
        "我走了",
    ]


@pytest.mark.parametrize(
    "parts",
    [
        ["オープンなモデルは速い。", "多くの銀行が使う！", "なぜか？", "安いからだ｡", "以上"],
        ["彼は「行く。」と言った。", "私も行く。"],
        ["「もう遅い。」", "彼は帰った。"],
        ["版本为３．５。", "5个都很好．", "对"],
    ],
)
def test_japanese_and_chinese_sentences_end_at_their_own_stops(parts: list[str]) -> None:
    assert sentences("".join(parts)) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["تطورت النماذج بسرعة.", "فمن المستفيد؟", "هذا سؤال مهم!", "بلغت 3.5 مليون."],
        ["یہ پہلا جملہ ہے۔", "یہ دوسرا ہے۔"],
        ["यह पहला वाक्य है।", "यह दूसरा है।"],
        ["Модели развивались быстро.", "Кому это выгодно?", "Банкам."],
    ],
)
def test_sentences_of_other_scripts_are_parted(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_a_line_break_always_ends_a_sentence() -> None:
    assert sentences("Heading\nan item\n\nMore. text") == ["Heading", "an item", "More. text"]


def test_nothing_has_no_sentences() -> None:
    assert sentences("") == []
    assert sentences(" \n\t\n ") == []


@given(st.one_of(st.text(), PIECES))
def test_spans_are_in_order_do_not_overlap_and_leave_out_only_white_space(text: str) -> None:
    at = 0
    for start, end in sentence_spans(text):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
        at = end
    assert not text[at:].strip()


@given(PIECES)
def test_a_sentence_read_alone_is_one_sentence(text: str) -> None:
    for sentence in sentences(text):
        assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("piece", "times", "end"),
    [
        ("This is a sentence. ", 20_000, ""),
        (".", 300_000, ""),
        (". ", 100_000, ""),
        ("?!", 100_000, ""),
        ("a", 300_000, ". B."),
        ("e.g. ", 60_000, ""),
        ('"', 300_000, ""),
        ("。", 100_000, ""),
        ("．", 100_000, "5"),
        ("؟", 300_000, ""),
        (" ", 300_000, ". Y"),
    ],
)
def test_a_line_as_long_as_a_book_is_read_in_one_pass(piece: str, times: int, end: str) -> None:
    line = "." + piece * times + end
    began = time.thread_time()
    assert sum(1 for _ in sentence_spans(line)) > 0
    assert time.thread_time() - began < 3


@pytest.mark.parametrize(
    "text",
    [
        "Am 4. März 2026 begann es.",
        "Im 19. Jahrhundert brannte man z. B. Kohle, d. h. Ruß.",
        "Vgl. Abb. 3 auf S. 12 des Hefts.",
        "Sie zahlten u. a. Firmen, bzw. Deren Erben.",
        "См. рис. 5 и табл. 2 на стр. 7.",
        "Проф. Иванов жил в г. Москве.",
        "Это дёшево, т. е. Почти даром.",
        "Mme. Dupont est venue, p. 5.",
    ],
)
def test_abbreviations_and_ordinals_of_other_languages_end_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("В 2020 г. Было иначе.", 2),
        ("Рыба, раки и т. д. Дальше.", 2),
        ("See option d. It works.", 2),
        ("Es kam im Jahr 12. Dann nicht.", 2),
        ("It ran for nine hours. May follows.", 2),
    ],
)
def test_what_looks_like_them_at_the_end_of_a_sentence_does(text: str, count: int) -> None:
    assert len(sentences(text)) == count
