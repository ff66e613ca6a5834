from pathlib import Path

from ui.commands.measured_questions import or_starter


def test_without_a_file_the_starter_library_asks_and_answers() -> None:
    questions, library = or_starter(None, None)
    assert questions.is_file()
    assert library == questions.parent / "articles"


def test_another_folder_may_answer_the_starter_librarys_questions(tmp_path: Path) -> None:
    assert or_starter(None, tmp_path)[1] == tmp_path


def test_the_questions_of_a_file_are_put_to_the_library_that_is_named_if_any(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    assert or_starter(file, None) == (file, None)
    assert or_starter(file, tmp_path) == (file, tmp_path)
