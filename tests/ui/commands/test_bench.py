"""What the benchmark needs is missed before anything large is loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_footnote import Ran

from assistant.evaluation.questions import load_questions
from index_store.errors import RunError
from ui.commands.bench import _chosen
from ui.intake import STARTER_LIBRARY

Footnote = Callable[..., Ran]
QUESTIONS = STARTER_LIBRARY / "questions.jsonl"


def test_questions_need_a_library_and_a_library_has_to_be_there(footnote: Footnote, tmp_path: Path) -> None:
    without = footnote("bench", QUESTIONS)
    assert without.code == 2
    assert "--library" in without.err
    gone = footnote("bench", QUESTIONS, "--library", tmp_path / "gone")
    assert gone.code == 2
    assert "gone" in gone.err


def test_a_plot_of_an_unknown_form_is_refused_at_once(footnote: Footnote, tmp_path: Path) -> None:
    assert footnote("bench", "--plot", tmp_path / "bench.doc").code == 2


def test_the_questions_come_from_all_over_the_file_and_need_one_article_each() -> None:
    questions = load_questions(QUESTIONS)
    chosen = _chosen(questions, 5)
    assert [question.kind for question in chosen] == ["single"] * 5
    places = [questions.index(question) for question in chosen]
    assert places == sorted(places)
    assert places[-1] - places[0] >= 5
    with pytest.raises(RunError, match="needs 50"):
        _chosen(questions, 50)
