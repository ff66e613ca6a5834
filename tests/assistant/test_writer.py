"""The canned writer keeps the promises of every writer, so that what it proves holds for real ones."""

from assistant.answer import ModelName
from assistant.writer import CannedWriter, Prompt, Writer

ASKED = Prompt("Be exact.", "Gemma 4 is open.", "Question: is Gemma open?")


def drafted(writer: Writer, prompt: Prompt = ASKED, *, max_tokens: int = 100) -> str:
    return "".join(part.text for part in writer.write(prompt, max_tokens=max_tokens, stopped=lambda: False))


def test_it_says_what_it_was_given_for_the_question() -> None:
    writer = CannedWriter([("Llama", "no"), ("is Gemma", "Yes,  it\nis."), ("Gemma", "never")])
    assert drafted(writer) == "Yes,  it\nis."


def test_without_a_reply_it_says_the_evidence() -> None:
    assert drafted(CannedWriter()) == ASKED.evidence


def test_the_same_prompt_gives_the_same_words() -> None:
    writer = CannedWriter()
    assert drafted(writer) == drafted(writer)


def test_only_the_last_piece_tells_a_natural_end() -> None:
    pieces = list(CannedWriter().write(ASKED, max_tokens=4, stopped=lambda: False))
    assert [piece.finished for piece in pieces] == [False, False, False, True]
    assert [piece.answer_tokens for piece in pieces] == [1, 2, 3, 4]
    assert {piece.prompt_tokens for piece in pieces} == {2 + 4 + 4}


def test_a_draft_that_reaches_its_limit_has_no_natural_end() -> None:
    pieces = list(CannedWriter().write(ASKED, max_tokens=3, stopped=lambda: False))
    assert [piece.text for piece in pieces] == ["Gemma", " 4", " is"]
    assert not pieces[-1].finished


def test_a_stop_ends_the_draft_between_two_words() -> None:
    answers = iter([False, False, True])
    pieces = list(CannedWriter().write(ASKED, max_tokens=9, stopped=lambda: next(answers)))
    assert [piece.text for piece in pieces] == ["Gemma", " 4"]


def test_an_empty_reply_ends_naturally() -> None:
    pieces = list(CannedWriter([("Gemma", "")]).write(ASKED, max_tokens=9, stopped=lambda: False))
    assert [(piece.text, piece.finished) for piece in pieces] == [("", True)]


def test_it_judges_as_it_was_told_and_not_at_all_when_stopped() -> None:
    writer = CannedWriter(margins=[("Gemma", -1.5)], default_margin=3.0)
    other = Prompt("", "", "Question: is Llama open?")
    assert writer.yes_margin(ASKED, stopped=lambda: False) == -1.5
    assert writer.yes_margin(other, stopped=lambda: False) == 3.0
    assert writer.yes_margin(ASKED, stopped=lambda: True) is None


def test_it_names_itself_and_no_file() -> None:
    assert CannedWriter().name == ModelName("canned", None)
