"""A draft comes in pieces of any size, and gives the same whole, clean sentences."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentence_stream import SentenceStream, clean_sentence, finds_nothing
from index_store.sentences import sentences

# What drafts are made of, and what has ended sentences too early before.
_WORDS = "It costs the a É 3.5 3. 7 e.g. U.S. Mr. v0.4.6 1. 12) B. end. Why? No! . … - [1] you"
_ODD = [
    'said."',
    "so.)",
    "你好。",
    "好！」",
    "世界",
    "**Bold**",
    "**It.**",
    "*",
    "**",
    "`",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\xa0",
]
_MATERIAL = st.lists(st.sampled_from([*_WORDS.split(), *_ODD]), max_size=40)


def streamed(pieces: list[str], *, natural: bool = True) -> list[str]:
    stream = SentenceStream()
    return [text for piece in pieces for text in stream.add(piece)] + stream.finish(natural=natural)


def words_of(sentence: str) -> str:
    """What makes a sentence a repetition: its words, whatever stands between them."""
    return " ".join(re.findall(r"\w+", sentence.lower()))


@given(_MATERIAL, st.sampled_from(["", " "]), st.lists(st.integers(0, 300), max_size=12), st.booleans())
def test_however_a_draft_is_cut_it_gives_the_same_sentences(
    words: list[str], between: str, cuts: list[int], natural: bool
) -> None:
    draft = between.join(words)
    places = [0, *sorted(cut for cut in cuts if cut < len(draft)), len(draft)]
    pieces = [draft[start:end] for start, end in pairwise(places)]
    whole = streamed([draft], natural=natural)
    assert streamed(pieces, natural=natural) == whole
    assert streamed(list(draft), natural=natural) == whole


@given(_MATERIAL)
def test_no_sentence_of_a_draft_is_lost(words: list[str]) -> None:
    draft = " ".join(words)
    given = {words_of(text) for text in streamed(list(draft))}
    assert {words_of(text) for text in sentences(draft) if text.isalpha()} <= given


def test_a_sentence_is_given_as_soon_as_the_next_one_begins() -> None:
    stream = SentenceStream()
    assert stream.add("Gemma 4 is open. ") == []
    assert stream.add("I") == ["Gemma 4 is open."]


def test_a_line_break_gives_its_sentence_at_once() -> None:
    stream = SentenceStream()
    assert stream.add("A heading\n") == ["A heading"]
    assert stream.add("\n\n") == []


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("It costs 3.5 dollars. It is open.", ["It costs 3.5 dollars.", "It is open."]),
        ("Use a tool, e.g. Ollama. Then wait.", ["Use a tool, e.g. Ollama.", "Then wait."]),
        ("See Fig. 3 for more. J. Smith wrote it.", ["See Fig. 3 for more.", "J. Smith wrote it."]),
        ("它是开放的。它很快！", ["它是开放的。", "它很快！"]),
        ("“It is so.” He left.", ["“It is so.”", "He left."]),
        ("Version 0.4.6 is out. v0.4.7 is not.", ["Version 0.4.6 is out. v0.4.7 is not."]),
        ("**It is open.** It is `new.` So.", ["It is open.", "It is new.", "So."]),
        ("One\r\nTwo\r\n", ["One", "Two"]),
        ("Done. 1. First it starts. 2. Then it ends.", ["Done.", "First it starts.", "Then it ends."]),
        ("", []),
        (" \n \n", []),
        ("... 1. 2. 3. ---", []),
        ("The radius \\(r\\) counts.", ["The radius r counts."]),
    ],
)
def test_drafts_are_cut_where_a_reader_would(draft: str, expected: list[str]) -> None:
    assert streamed(list(draft)) == expected


@pytest.mark.parametrize("torn", ["It is bui", "It has, e.g", "It costs 3.", "It costs 3", "It is so, ("])
def test_a_torn_end_is_given_up(torn: str) -> None:
    assert streamed([f"It is open. {torn}"], natural=False) == ["It is open."]


@pytest.mark.parametrize("end", ["It is built.", "It is built!", "It is “built.”", "它很快。", "Is it?)"])
def test_a_draft_that_was_cut_just_after_a_sentence_keeps_it(end: str) -> None:
    assert streamed([f"It is open. {end}"], natural=False) == ["It is open.", end]


def test_an_end_that_is_no_sentence_is_kept_when_the_model_meant_it() -> None:
    assert streamed(["It is open. Yes"], natural=True) == ["It is open.", "Yes"]


def test_a_repeated_sentence_is_given_once_and_counted() -> None:
    stream = SentenceStream()
    given = stream.add("It is open. It is  OPEN! **It is open.** It is new. It")
    assert given == ["It is open.", "It is new."]
    assert stream.repeats == 2


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("It is open [1].", "It is open."),
        ("It is open. [1][23]", "It is open."),
        ("It is open [1, 2] and new [3-5].", "It is open and new."),
        ("It is open [Source: Qwen3 (2025-04-29)].", "It is open."),
        ("**It** is `open`.", "It is open."),
        ("- It is open.", "It is open."),
        ("• It is open.", "It is open."),
        ("2) It is open.", "It is open."),
        ("1. **Open**: it is.", "Open: it is."),
        ("**1. Open**: it is.", "Open: it is."),
        ("## It is open", "It is open"),
        ("Answer: It is open.", "It is open."),
        ("**Answer:** It is open.", "It is open."),
        ("#1 of the list", "#1 of the list"),
        ("1.5 billion run it.", "1.5 billion run it."),
        ("-5 degrees.", "-5 degrees."),
        ("2024. was cold", "2024. was cold"),
        ("The array [a] is kept.", "The array [a] is kept."),
        ("It is open in all sizes; 2.", "It is open in all sizes."),
        ("It is open since 2024, 2.", "It is open since 2024, 2."),
        ("The number of copies: 1.", "The number of copies: 1."),
    ],
)
def test_what_small_models_add_is_taken_off_and_nothing_else(raw: str, clean: str) -> None:
    assert clean_sentence(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("The sources state that it is open.", "It is open."),
        ("The sources also note that it is open.", "It is open."),
        ("According to the provided sources, 5 models are open.", "5 models are open."),
        ("Based on the sources above, it is.", "It is."),
        ("The source says that 你好。", "你好。"),
        ("They also mention that copies remain.", "Copies remain."),
        ("It also states that copies remain.", "Copies remain."),
        ("They mention that copies remain.", "They mention that copies remain."),
        ("The sources state that", "The sources state that"),
        ("The source code says that it is.", "The source code says that it is."),
    ],
)
def test_a_sentence_need_not_say_that_there_are_sources(raw: str, clean: str) -> None:
    assert clean_sentence(raw) == clean


@pytest.mark.parametrize(
    "sentence",
    [
        "The sources do not provide the price.",
        "The provided sources don't mention a price.",
        "The source does not explicitly state the price.",
        "The sources in this library do not say what it costs.",
        "The price is not mentioned in the given sources.",
        "the sources you gave do not include it",
    ],
)
def test_a_draft_can_say_that_it_finds_nothing(sentence: str) -> None:
    assert finds_nothing(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Open source licences do not include a warranty.",
        "The open source models do not give any support.",
        "Open-source models don't contain the training data.",
        "The source code does not include the weights.",
        "The weights are not provided in the source code.",
        "The sources state the price.",
        "It does not provide a price.",
        "",
    ],
)
def test_a_sentence_about_open_source_does_not_say_that_nothing_is_found(sentence: str) -> None:
    assert not finds_nothing(sentence)


def test_what_was_asked_is_no_sentence_of_its_answer() -> None:
    stream = SentenceStream("Tell me all of it.")
    assert stream.add("Tell me ALL of it. It is open. So") == ["It is open."]
    assert stream.repeats == 1


def test_no_question_is_a_sentence_of_an_answer() -> None:
    stream = SentenceStream()
    assert stream.add("Is it OPEN? Yes, it is. 它是开放的吗？是。 So") == ["Yes, it is.", "是。"]
    assert stream.finish(natural=True) == ["So"]
    assert SentenceStream().add('He asked "who pays?" and left. It') == ['He asked "who pays?" and left.']
