import json
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation.questions import Question, QuestionsUnreadable, load_questions
from index_store.errors import UsageError

_WHOLE: dict[str, Any] = {
    "id": "q1",
    "kind": "followup",
    "question": "And its licence?",
    "history": [["What is Qwen3?", "A model family."]],
    "gold_articles": ["blog/qwen3.md"],
    "gold_passages": ["under the Apache 2.0 licence"],
    "answer_facts": [["apache 2.0", "apache-2.0"], ["open"]],
    "note": "",
}


def _write(folder: Path, *lines: str) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_every_field_of_a_line_is_read(tmp_path: Path) -> None:
    (question,) = load_questions(_write(tmp_path, json.dumps(_WHOLE)))
    assert question == Question(
        id="q1",
        kind="followup",
        question="And its licence?",
        history=(("What is Qwen3?", "A model family."),),
        gold_articles=("blog/qwen3.md",),
        gold_passages=("under the Apache 2.0 licence",),
        answer_facts=(("apache 2.0", "apache-2.0"), ("open",)),
    )


def test_only_id_kind_and_question_are_needed_and_unknown_fields_do_no_harm(tmp_path: Path) -> None:
    path = _write(tmp_path, '{"id": "a", "kind": "single", "question": "Why?", "difficulty": 3}')
    assert load_questions(path) == (Question("a", "single", "Why?"),)


def test_blank_lines_a_byte_order_mark_and_raw_line_separators_are_read_over(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    line = '{"id": "a", "kind": "single", "question": "one\u2028two"}'
    path.write_bytes(b"\xef\xbb\xbf\n" + line.encode() + b"\r\n\n")
    assert [question.question for question in load_questions(path)] == ["one\u2028two"]


def test_an_unknown_kind_is_kept_and_scored_as_single() -> None:
    question = Question("a", "comparison", "Why?")
    assert question.kind == "comparison"
    assert question.scored_as == "single"
    assert question.answerable
    assert not question.needs_every_article


def test_multi_and_conflict_need_every_article() -> None:
    needing = [
        kind
        for kind in ("single", "multi", "followup", "conflict", "unanswerable")
        if Question("a", kind, "Why?").needs_every_article
    ]
    assert needing == ["multi", "conflict"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", 7),
        ("id", " "),
        ("kind", None),
        ("question", ""),
        ("history", "earlier"),
        ("history", [["only a question"]]),
        ("history", [["question", ""]]),
        ("gold_articles", "blog/qwen3.md"),
        ("gold_passages", [3]),
        ("gold_passages", ["**"]),
        ("answer_facts", ["apache 2.0"]),
        ("answer_facts", [[]]),
        ("answer_facts", 5),
        ("note", 1),
    ],
)
def test_a_wrong_field_is_named_with_its_file_line_and_value(tmp_path: Path, field: str, value: Any) -> None:
    path = _write(tmp_path, json.dumps(_WHOLE), json.dumps(_WHOLE | {"id": "q2"} | {field: value}))
    with pytest.raises(QuestionsUnreadable) as caught:
        load_questions(path)
    message = str(caught.value)
    assert f"questions {str(path)!r}, line 2: field {field!r} is {json.dumps(value)}" in message
    assert "\n" not in message


@pytest.mark.parametrize("field", ["id", "kind", "question"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    line = json.dumps({name: value for name, value in _WHOLE.items() if name != field})
    with pytest.raises(QuestionsUnreadable, match=rf"line 1: field '{field}' is missing"):
        load_questions(_write(tmp_path, line))


def test_a_long_value_is_cut_in_the_message(tmp_path: Path) -> None:
    line = json.dumps(_WHOLE | {"gold_articles": "x" * 5000})
    with pytest.raises(QuestionsUnreadable) as caught:
        load_questions(_write(tmp_path, line))
    assert "..." in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["", '{"id": "a",'], "line 2: not JSON"),
        (['["a"]'], "line 1: .* is no JSON object"),
        (["[" * 100_000], "line 1: not JSON"),
        ([json.dumps(_WHOLE), json.dumps(_WHOLE)], "line 2: id 'q1' is used twice"),
        ([""], "holds no question"),
    ],
)
def test_what_is_no_set_of_questions_is_refused_in_one_line(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    with pytest.raises(QuestionsUnreadable, match=said) as caught:
        load_questions(_write(tmp_path, *lines))
    message = str(caught.value)
    assert "\n" not in message
    # As every error of the program: what, the value, and behind a semicolon what to do.
    assert message.startswith("questions '")
    assert "; " in message
    assert not message.endswith(".")


def test_a_file_that_is_missing_a_folder_or_not_utf8_is_wrong_usage(tmp_path: Path) -> None:
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b'{"id": "caf\xe9"}')
    for path in (tmp_path / "none.jsonl", tmp_path, latin):
        with pytest.raises(UsageError, match=path.name):
            load_questions(path)
