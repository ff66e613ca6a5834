"""The canned writer keeps the promises of every writer, so that what it proves holds for real ones."""

from assistant.answer import ModelName
from assistant.writer import CannedWriter, Sources, Task, Writer, Written

SOURCES = Sources("Be exact.", ("Llama is another.", "Gemma 4 is open."))
ASKED = Task("Question: is Gemma open?", "Answer it.")


def never() -> bool:
    return False


def pieces(
    writer: Writer, task: Task = ASKED, *, sources: Sources = SOURCES, max_tokens: int = 100
) -> list[Written]:
    with writer.read(sources, stopped=never) as reading:
        return list(reading.write(task, max_tokens=max_tokens, stopped=never))


def drafted(writer: Writer) -> str:
    return "".join(piece.text for piece in pieces(writer))


def test_it_says_what_it_was_given_for_the_question() -> None:
    writer = CannedWriter([("Llama", "no"), ("is Gemma", "Yes,  it\nis."), ("Gemma", "never")])
    assert drafted(writer) == "Yes,  it\nis."


def test_a_reply_may_be_given_for_the_order() -> None:
    assert drafted(CannedWriter([("Answer it", "Yes.")])) == "Yes."


def test_without_a_reply_it_says_the_sources() -> None:
    assert drafted(CannedWriter()) == "Llama is another.\n\nGemma 4 is open."


def test_the_same_task_gives_the_same_words() -> None:
    writer = CannedWriter()
    assert drafted(writer) == drafted(writer)


def test_only_the_last_piece_tells_a_natural_end() -> None:
    made = pieces(CannedWriter([("Gemma", "Gemma 4 is open.")]), max_tokens=4)
    assert [piece.finished for piece in made] == [False, False, False, True]
    assert [piece.answer_tokens for piece in made] == [1, 2, 3, 4]
    assert {piece.prompt_tokens for piece in made} == {2 + 3 + 4 + 4 + 2}


def test_a_draft_that_reaches_its_limit_has_no_natural_end() -> None:
    made = pieces(CannedWriter([("Gemma", "Gemma 4 is open.")]), max_tokens=3)
    assert [piece.text for piece in made] == ["Gemma", " 4", " is"]
    assert not made[-1].finished


def test_a_stop_ends_the_draft_between_two_words() -> None:
    answers = iter([False, False, True])
    with CannedWriter([("Gemma", "Gemma 4 is open.")]).read(SOURCES, stopped=never) as reading:
        made = list(reading.write(ASKED, max_tokens=9, stopped=lambda: next(answers)))
    assert [piece.text for piece in made] == ["Gemma", " 4"]


def test_an_empty_reply_ends_naturally() -> None:
    made = pieces(CannedWriter([("Gemma", "")]), max_tokens=9)
    assert [(piece.text, piece.finished) for piece in made] == [("", True)]


def test_a_doubt_is_judged_before_a_word_is_written_and_at_no_other_time() -> None:
    writer = CannedWriter([("Gemma", "Yes.")], [("do they say", -1.5)], default_margin=3.0)
    doubted = Task(ASKED.question, ASKED.order, "But do they say so?")
    assert [piece.yes_margin for piece in pieces(writer, doubted)] == [-1.5, None]
    assert [piece.text for piece in pieces(writer, doubted)] == ["", "Yes."]
    assert [piece.yes_margin for piece in pieces(writer)] == [None]


def test_nothing_is_judged_or_written_when_stopped() -> None:
    with CannedWriter().read(SOURCES, stopped=lambda: True) as reading:
        task = Task("Is it?", "Answer.", "Do they say?")
        assert list(reading.write(task, max_tokens=9, stopped=lambda: True)) == []


def test_it_judges_as_it_was_told_and_not_at_all_when_stopped() -> None:
    writer = CannedWriter(margins=[("Gemma", -1.5)], default_margin=3.0)
    with writer.read(SOURCES, stopped=never) as reading:
        asked = ["is Gemma open?", "is Llama open?"]
        assert reading.yes_margins("Question:", asked, stopped=never) == [-1.5, 3.0]
        assert reading.yes_margins("Of Gemma:", ["is it open?"], stopped=never) == [-1.5]
        assert reading.yes_margins("Question:", [], stopped=never) == []
        assert reading.yes_margins("Question:", asked, stopped=lambda: True) is None


def test_it_has_nothing_to_prepare() -> None:
    assert not CannedWriter().prepare("Be exact.", "Gemma 4 is open.", stopped=never)


def test_it_names_itself_and_no_file() -> None:
    assert CannedWriter().name == ModelName("canned", None)
