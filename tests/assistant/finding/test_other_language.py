"""A question in another language is told apart, and asked in English where that keeps its figures."""

import pytest

from assistant.finding.other_language import in_english, is_in_another_language
from assistant.writer import CannedWriter


@pytest.mark.parametrize(
    "question",
    [
        "Wie oft dürfen Männer Vollblut spenden?",
        "Welche Lizenz hat Gemma 4?",
        "Was kostet ein Kessel T4?",
        "Pourquoi la glace carbonique a-t-elle été abandonnée ?",
        "¿Cuántas plaquetas se desecharon en 2025?",
        "Quanto tempo devono essere conservati i log?",
        "Por quanto tempo os registros devem ser mantidos?",
        "Hoe lang moeten logboeken worden bewaard?",
        "Какая лицензия у Gemma 4?",
        "Gemma 4 采用什么许可证？",
    ],
)
def test_a_question_in_another_language_is_known(question: str) -> None:
    assert is_in_another_language(question)


@pytest.mark.parametrize(
    "question",
    [
        "How often may men give whole blood?",
        "Which licence does Gemma 4 come under?",
        "What is the de facto rule of La Liga?",
        "Gemma 4 licence",
        "Who is Ludwig van der Berg?",
        "Will it die?",
        "",
        "2025",
    ],
)
def test_an_english_question_is_left_alone(question: str) -> None:
    assert not is_in_another_language(question)
    assert in_english(question, CannedWriter(), lambda: False) is None


def test_the_model_puts_it_into_english() -> None:
    writer = CannedWriter([("Vollblut", "“How often may men give whole blood?”\nThat is it.")])
    asked = "Wie oft dürfen Männer Vollblut spenden?"
    assert in_english(asked, writer, lambda: False) == "How often may men give whole blood?"
    assert in_english(asked, writer, lambda: True) is None


@pytest.mark.parametrize("reply", ["Wie oft dürfen Männer spenden?", "", "How often in all?"])
def test_what_is_no_such_question_in_english_is_not_asked(reply: str) -> None:
    writer = CannedWriter([("2025", reply)])
    assert in_english("Wie oft durften Männer im Jahr 2025 spenden, und wer?", writer, lambda: False) is None


@pytest.mark.parametrize(
    "reply",
    [
        'The question "{}" translates to "When do the night buses run on Friday?"',
        'The question "{}" translates to "When do the night buses run on Friday?" in English.',
        '"When do the night buses run on Friday?" ("{}")',
        "“{}” is “When do the night buses run on Friday?”.",
    ],
)
def test_of_a_reply_that_tells_how_it_translates_the_question_is_taken(reply: str) -> None:
    asked = "Wann fahren die Nachtbusse am Freitag?"
    writer = CannedWriter([("Nachtbusse", reply.format(asked))])
    assert in_english(asked, writer, lambda: False) == "When do the night buses run on Friday?"
