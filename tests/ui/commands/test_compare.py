import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_footnote import QUESTION, WEIGHTS, Ran

from ui.home import Home

pytestmark = pytest.mark.whole

Footnote = Callable[..., Ran]
BOTH = "qwen2.5-coder-1.5b,second-writer"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    lines = [
        {
            "id": f"q{number}",
            "kind": "single",
            "question": QUESTION,
            "gold_articles": ["heron.md"],
            "gold_passages": ["The Heron model needs 12 GB of memory."],
            "answer_facts": [["12 GB"]],
        }
        for number in range(2)
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


@pytest.fixture
def second(home: Home, footnote: Footnote) -> None:
    """The second model's file; `footnote` has put the default's there before."""
    (home.models / "second.gguf").write_bytes(WEIGHTS)


@pytest.mark.usefixtures("second")
def test_two_models_are_asked_the_same_and_differences_are_to_the_first(
    footnote: Footnote, articles: Path, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "answers.jsonl"
    ran = footnote("compare", questions, "--models", BOTH, "--library", articles, "--out", out, "--json")
    assert ran.code == 0
    assert [model["id"] for model in ran.document["models"]] == BOTH.split(",")
    assert [model["model"]["id"] for model in ran.document["models"]] == BOTH.split(",")
    (difference,) = ran.document["differences"]
    assert (difference["model"], difference["against"]) == ("second-writer", "qwen2.5-coder-1.5b")
    assert difference["shares"]["fact_recall"]["value"] == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(line["model"], line["id"]) for line in lines] == [
        (model, id) for model in BOTH.split(",") for id in ("q0", "q1")
    ]
    assert all(line["answer"]["model"]["id"] == line["model"] for line in lines)


@pytest.mark.usefixtures("second")
def test_people_see_a_table(footnote: Footnote, articles: Path, questions: Path) -> None:
    ran = footnote("compare", questions, "--models", BOTH, "--library", articles)
    assert ran.out.startswith("qwen2.5-coder-1.5b against second-writer, 2 questions")
    assert "fact recall" in ran.out


@pytest.mark.parametrize("models", ["", "second-writer", "second-writer,second-writer"])
def test_one_model_alone_is_wrong_usage(footnote: Footnote, questions: Path, models: str) -> None:
    ran = footnote("compare", questions, "--models", models)
    assert (ran.code, ran.out) == (2, "")
    assert "name two models or more" in ran.error


def test_a_model_that_is_not_here_is_told_before_anything_is_asked(
    footnote: Footnote, articles: Path, questions: Path
) -> None:
    ran = footnote("compare", questions, "--models", BOTH, "--library", articles)
    assert (ran.code, ran.out) == (1, "")
    assert "second-writer" in ran.error
    assert "asking" not in ran.err
