"""An article is about what its title names, and not about what only begins with the same letters."""

import pytest
from tiny_library import article, hits

from assistant.finding.titles import names, titled


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Qwen3", "Qwen3: Think Deeper"),
        ("Qwen3", "Introducing Qwen3"),
        ("Gemma 4", "What Gemma-4 can do"),
        ("Qwen3-Coder", "Qwen3-Coder is out"),
        ("QwQ", "QwQ: a preview"),
    ],
)
def test_a_title_has_the_very_name(name: str, title: str) -> None:
    [hit] = hits(article("a.md", "Text.", title=title))
    assert titled(name, hit.passage)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Qwen3", "Qwen3-Coder is out"),
        ("Qwen3", "Qwen3 Embedding is out"),
        ("Qwen3", "Qwen3.5 is out"),
        ("Qwen2", "Qwen2.5 is out"),
        ("Qwen1.5", "CodeQwen1.5 is out"),
        ("Gemma 4", "Gemma 41"),
        ("Gemma", ""),
    ],
)
def test_a_title_has_another_name(name: str, title: str) -> None:
    [hit] = hits(article("a.md", "Text.", title=title or "-"))
    assert not titled(name, hit.passage)


@pytest.mark.parametrize(
    "question", ["qwen-image size?", "Of Qwen Image: the size", "Is QwenImage's size known?"]
)
def test_a_question_names_a_thing_in_whatever_spelling(question: str) -> None:
    assert names("qwen-image", question)


@pytest.mark.parametrize("question", ["Qwen-Image-Edit?", "Is Qwen-Images it?", "qwen and image"])
def test_a_question_about_something_longer_does_not_name_it(question: str) -> None:
    assert not names("qwen-image", question)


def test_another_version_is_another_name() -> None:
    assert names("qwen2.5-vl", "How large is Qwen2.5-VL?")
    assert not names("qwen2", "How large is Qwen2.5?")
