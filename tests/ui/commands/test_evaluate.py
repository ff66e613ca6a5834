import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_footnote import QUESTION, Ran, serving, workshop

from assistant.answer import Answer
from assistant.evaluation.questions import Question, load_questions
from index_store.errors import RunError
from ui.home import Home
from ui.intake import STARTER_LIBRARY
from ui.local_desk import LocalDesk

pytestmark = pytest.mark.whole

Footnote = Callable[..., Ran]


def record(id: str, **fields: object) -> str:
    question = {
        "id": id,
        "kind": "single",
        "question": QUESTION,
        "gold_articles": ["heron.md"],
        "gold_passages": ["The Heron model needs 12 GB of memory."],
        "answer_facts": [["12 GB"]],
    }
    return json.dumps({**question, **fields})


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    lines = [
        record("q1"),
        record("q2", kind="a kind of its own", gold_articles=["stork.md"], gold_passages=[]),
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_the_measures_come_as_one_document(footnote: Footnote, articles: Path, questions: Path) -> None:
    ran = footnote("eval", questions, "--library", articles, "--json")
    assert ran.code == 0
    text = json.dumps(ran.document)
    for measure in ("hit@1", "hit@5", "hit@10", "evidence_recall", "fact_recall", "gold_citations"):
        assert measure in text
    assert "asking: 100 %" in ran.err


def test_every_answer_is_written_down(
    footnote: Footnote, articles: Path, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.jsonl"
    assert footnote("eval", questions, "--library", articles, "--out", out).code == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [set(line) for line in lines] == [{"id", "answer"}] * 2
    assert [line["id"] for line in lines] == ["q1", "q2"]
    assert lines[0]["answer"]["text"] == "The Heron model needs 12 GB of memory. [1]"
    asked = footnote("ask", QUESTION, "--library", articles, "--json").document
    assert set(lines[0]["answer"]) == set(asked)


def test_people_see_a_table_within_80_columns(footnote: Footnote, articles: Path, questions: Path) -> None:
    out = footnote("eval", questions, "--library", articles).out
    assert "hit@5" in out
    assert max(map(len, out.splitlines())) <= 80


def test_without_a_file_the_starter_librarys_questions_are_asked(
    footnote: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read: list[Path] = []

    def first_two(file: Path) -> tuple[Question, ...]:
        read.append(file)
        return load_questions(file)[:2]

    monkeypatch.setattr("ui.commands.evaluate.load_questions", first_two)
    out = tmp_path / "results.jsonl"
    assert footnote("eval", "--out", out).code == 0
    assert read == [STARTER_LIBRARY / "questions.jsonl"]
    assert not home.user_library.exists()
    cited = [json.loads(line)["answer"]["evidence"] for line in out.read_text().splitlines()]
    assert len(cited) == 2
    assert all((STARTER_LIBRARY / "articles" / one["article"]).exists() for row in cited for one in row)


def test_the_users_library_is_measured_when_no_folder_is_named(
    footnote: Footnote, articles: Path, questions: Path
) -> None:
    footnote("sync", articles)
    ran = footnote("eval", questions)
    assert ran.code == 0
    assert "reading the sources" not in ran.err


def test_a_question_that_fails_is_counted_and_the_run_goes_on(
    footnote: Footnote, articles: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = LocalDesk.ask
    calls: list[str] = []

    def failing_once(self: LocalDesk, question: str, **rest: object) -> Answer:
        calls.append(question)
        if len(calls) == 1:
            raise RunError("the model stumbled; ask again")
        return ask(self, question, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(LocalDesk, "ask", failing_once)
    out = tmp_path / "results.jsonl"
    ran = footnote("eval", questions, "--library", articles, "--out", out, "--json")
    assert ran.code == 1
    assert ran.document
    assert ran.error == "footnote: 1 of 2 questions failed; the first: the model stumbled; ask again"
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert lines[0]["error"] == "the model stumbled; ask again"
    assert lines[1]["answer"]["status"] == "answered"


def test_an_interrupted_run_keeps_the_answers_it_has(
    footnote: Footnote, articles: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = LocalDesk.ask
    calls: list[str] = []

    def interrupted(self: LocalDesk, question: str, **rest: object) -> Answer:
        calls.append(question)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return ask(self, question, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(LocalDesk, "ask", interrupted)
    out = tmp_path / "results.jsonl"
    ran = footnote("eval", questions, "--library", articles, "--out", out)
    assert ran.code == 130
    assert ran.error == f"footnote: stopped; {out} keeps what came of 1 of 2 questions"
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["q1"]


def test_without_its_model_there_is_no_run(
    footnote: Footnote, home: Home, articles: Path, questions: Path
) -> None:
    ran = footnote("eval", questions, "--library", articles, "--model", "second-writer")
    assert (ran.code, ran.out) == (1, "")
    assert "footnote models fetch second-writer" in ran.error
    assert not home.libraries.exists()
    assert footnote("eval", questions, "--model", "nonsense").code == 2


def test_what_cannot_be_written_or_drawn_is_told_before_the_first_question(
    footnote: Footnote, home: Home, articles: Path, questions: Path, tmp_path: Path
) -> None:
    drawn = footnote("eval", questions, "--library", articles, "--plot", tmp_path / "plot.nonsense")
    assert (drawn.code, drawn.out) == (2, "")
    assert ".nonsense" in drawn.error
    assert not home.libraries.exists()
    out = tmp_path / "none" / "results.jsonl"
    written = footnote("eval", questions, "--library", articles, "--out", out)
    assert (written.code, written.out) == (2, "")
    assert not home.libraries.exists()
    assert str(out) in written.error


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": "x"}', record("a") + "\n" + record("a")])
def test_a_file_without_questions_is_wrong_usage(
    footnote: Footnote, articles: Path, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(content)
    ran = footnote("eval", file, "--library", articles)
    assert (ran.code, ran.out) == (2, "")
    assert str(file) in ran.error


def test_the_figures_are_drawn(footnote: Footnote, articles: Path, questions: Path, tmp_path: Path) -> None:
    plot = tmp_path / "figures.svg"
    assert footnote("eval", questions, "--library", articles, "--plot", plot).code == 0
    assert "<svg" in plot.read_text()


def test_beside_a_serving_process_its_model_answers(
    footnote: Footnote, home: Home, articles: Path, questions: Path
) -> None:
    footnote("sync", articles)
    desk = LocalDesk(workshop(home))
    with serving(home, desk):
        assert desk.articles()
        ran = footnote("eval", questions, "--json")
    desk.close()
    assert ran.code == 0
    assert "asking the serving process" in ran.err
