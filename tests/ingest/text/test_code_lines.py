"""Code within plain text is told from sentences, lists and tables."""

import time

import pytest

from ingest.text.code_lines import code_spans

PYTHON = "def register(model):\n    for name in model.files:\n        print(name, sha256(name))"


@pytest.mark.parametrize(
    "code",
    [
        PYTHON,
        "$ pip install heron\n$ heron serve --bits 4",
        "const a = read();\nif (a) {\n  write(a);\n}",
        "SELECT name FROM models\n  WHERE bits = 4;",
        "<ul>\n  <li>one</li>\n</ul>",
        ">>> 1 + 1\n2",
    ],
)
def test_code_is_told_by_its_signs_and_indents(code: str) -> None:
    lines = ["Some words before it:", "", *code.split("\n"), "", "And some after it."]
    assert list(code_spans(lines)) == [(2, len(lines) - 2, False)]


@pytest.mark.parametrize(
    "text",
    [
        "One line of text.\nAnother one of text.",
        "  • one\n  • two\n    goes on",
        "Bits = 4\nMemory = 4 GB",
        "Model (small)\nModel (large)",
        "- for each model: one line\n- import of weights",
        "  The model reads its files, and then it prints the hash of each (slowly).\nSo it does;",
        "if it rains:\n  we stay, since nobody wants to be wet and cold in a place that is far away.",
    ],
)
def test_what_only_has_some_of_its_signs_is_text(text: str) -> None:
    assert list(code_spans(text.split("\n"))) == []


def test_what_stands_between_fences_is_code_whatever_it_says() -> None:
    lines = ["Text.", "```python", "Nothing but words.", "", "More.", "```", "Text.", "~~~", "never closed"]
    assert list(code_spans(lines)) == [(1, 6, True)]


@pytest.mark.parametrize("line", ["f(" * 5000, "(" * 20_000, "a=" * 10_000, "x(y" * 7000 + ")", "{" * 20_000])
def test_hostile_lines_take_no_time(line: str) -> None:
    began = time.thread_time()
    list(code_spans([line[:190]] * 300 + [line] * 3))
    list(code_spans([line[:200] + ")"] * 300))
    assert time.thread_time() - began < 2
