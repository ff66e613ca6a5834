"""An article is about what its title names, and not about what only begins with the same letters."""

import pytest
from tiny_library import article, hits

from assistant.finding.titles import titled


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
