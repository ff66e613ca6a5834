import pytest

from assistant.evaluation.matching import bare, has_fact, is_word_for_word, overlaps, plain, spoken


@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        ("It scores 89.2% there.", "89.2%"),
        ("It scores 89.2% there.", "89.2"),
        ("It scores 25%.", "25"),
        ("The default is **Gemma** `4`.", "gemma 4"),
        ("The default is Gemma [1][2] 4.", "gemma 4"),
        ("In 3–6 months.", "3-6 months"),
        ("In 3\u22126\n months.", "3-6 months"),
        ("Pass /no_think to it.", "/no_think"),
        ("More than 100K+ of them", "100k"),
        ("It isn’t there yet.", "isn't there"),
        ("Ends on 1.5.", "1.5"),
        ("1.5, then more", "1.5"),
        ("It costs $0.5 a call", "$0.5"),
        ("C++", "c++"),
    ],
)
def test_a_fact_is_found_whatever_the_marks_dashes_and_case(answer: str, fact: str) -> None:
    assert has_fact(answer, [fact])


@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        ("It scores 25 points.", "25%"),
        ("It takes 11.5 GB.", "1.5"),
        ("It takes 1.55 GB.", "1.5"),
        ("It takes 11.5 GB.", "11"),
        ("It takes 11.5 GB.", "5"),
        ("It takes 1,025 rows.", "025"),
        ("It takes 25,000 rows.", "25"),
        ("It takes 1,025 rows.", "25"),
        ("The 235B model", "35b"),
        ("Openly said", "open"),
        ("Seen in source [25].", "25"),
        ("Sizes 3.[1]8B", "3.8b"),
    ],
)
def test_a_part_of_a_word_or_number_is_no_fact(answer: str, fact: str) -> None:
    assert not has_fact(answer, [fact])


def test_one_of_the_spellings_is_enough() -> None:
    assert has_fact("with 3.8 billion active", ["3.8b", "3.8 billion"])
    assert not has_fact("with 2.7 billion active", ["3.8b", "3.8 billion"])


def test_an_empty_spelling_is_never_found() -> None:
    assert not has_fact("anything", ["", "**"])


def test_what_stood_on_both_sides_of_a_citation_mark_stays_apart() -> None:
    assert spoken("So it is.[1]Then that.[2][13]") == "so it is. then that."


def test_plain_text_keeps_underscores_and_other_brackets() -> None:
    assert plain(" A_b  [x] `c`\n**d** ") == "a_b [x] c d"


def test_bare_text_loses_emphasis_code_and_table_marks_but_not_words() -> None:
    assert bare("| **Qwen3** | `4B` | _yes_ |\n| no_think |") == "Qwen3 4B yes no_think"


def test_gold_with_emphasis_marks_is_found_in_clean_text() -> None:
    gold = "Qwen2.5-14B-Instruct-1M**: At least 320GB VRAM (total across GPUs)."
    assert overlaps(gold, "Needed:\nQwen2.5-14B-Instruct-1M: At least\n320GB VRAM (total across GPUs).")


def test_a_table_row_is_found_with_and_without_its_bars() -> None:
    gold = "| Qwen3-Embedding-4B | 4B | 36 | 32K | 2560 | Yes | Yes |"
    assert overlaps(gold, "Qwen3-Embedding-4B\t4B\t36\t32K\t2560\tYes\tYes")
    assert overlaps(gold, f"|---|---|\n{gold}\n")


def test_curly_quotes_and_long_dashes_are_like_straight_ones() -> None:
    assert overlaps("results were 'fudged a bit'—so they said", "results were ‘fudged a bit’-so they said")


def test_half_of_the_gold_in_one_piece_is_an_overlap_and_less_is_none() -> None:
    gold = "abcdefghij"
    assert overlaps(gold, "--- fghij")
    assert overlaps(gold, "xx bcdef yy")
    assert not overlaps(gold, "abcd ... ghij")


def test_of_an_odd_length_more_than_half_is_needed() -> None:
    assert not overlaps("abcdefg", "abc efg")
    assert overlaps("abcdefg", "abcd")


def test_a_passage_that_is_only_a_part_of_the_gold_counts_from_half_on() -> None:
    gold = "The licence is permissive and the provenance is Western."
    assert overlaps(gold, gold[10:40])
    assert not overlaps(gold, gold[10:30])


def test_gold_of_marks_alone_overlaps_nothing() -> None:
    assert not overlaps("**", "anything at all")


def test_five_words_that_stand_in_a_source_are_word_for_word() -> None:
    sources = [plain("First. **Gemma 4** is the “safe” default — today, says the article.")]
    assert is_word_for_word('Gemma 4 is the "safe" default - today. [1]', sources)
    assert is_word_for_word("“is the ‘safe’ default - today”", [plain("is the 'safe' default – today")])


def test_four_words_a_changed_word_and_a_cut_number_are_not_word_for_word() -> None:
    sources = [plain("The model has been trained on 36 trillion tokens.")]
    assert not is_word_for_word("The model has been.", sources)
    assert not is_word_for_word("The model was trained on 36 trillion tokens.", sources)
    assert not is_word_for_word("The model has been trained on 3", sources)
    assert not is_word_for_word("The model has been trained", [])
