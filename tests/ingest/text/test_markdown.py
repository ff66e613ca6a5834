"""Markdown as blogs write it, to blocks."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.clean_text import CleanText
from ingest.text.markdown import MarkdownReader

READER = MarkdownReader()
POST = """{{< figure src="qwen.png" alt="A chart" caption="A > B" >}}

# Qwen3: Think Deeper

{{< button href="https://chat.example" label="CHAT" >}} {{% notice tip %}}

Today we release **Qwen3**, with [open weights](https://x.example) and a `thinking` mode:
the model writes `<think>` first, and <think> is closed before the answer.

## Results

| Model | AIME'24 | Size |
|:------|--------:|------|
| Qwen3 | 85.7 | 235B |
| QwQ   | 79.5 |

<table style="width:100%">
<tr><th>Price</th><th>Tokens</th></tr>
<!-- <tr><td>old</td><td>row</td></tr> -->
<tr><td>$0.40</td><td>10<sup>6</sup></td></tr>
</table>

It supports:

- **Dense** models
  - 0.6B and 1.7B
    - on a phone
- *MoE* models

> Quoted from the
> report.

```python
from qwen import chat  # {{< not a shortcode here >}}

chat("<think>")
```

1. First
2. Second,
   continued

![image](x.png)
Costs ~~$10~~ $5 per 1M tokens.<br>That is all.
"""


def blocks(markdown: str) -> list[tuple[str, str]]:
    out = CleanText()
    READER.write(markdown, out)
    return [(block.kind, out.text[block.start : block.end]) for block in out.blocks]


def test_a_post_of_a_blog_becomes_what_its_reader_sees() -> None:
    assert blocks(POST) == [
        ("heading", "Qwen3: Think Deeper"),
        (
            "paragraph",
            "Today we release Qwen3, with open weights and a thinking mode: the model writes <think> first, "
            "and <think> is closed before the answer.",
        ),
        ("heading", "Results"),
        ("table", "Model | AIME'24 | Size\nQwen3 | 85.7 | 235B\nQwQ | 79.5 |"),
        ("table", "Price | Tokens\n$0.40 | 10^6"),
        ("paragraph", "It supports:"),
        ("item", "Dense models"),
        ("item", "0.6B and 1.7B"),
        ("item", "on a phone"),
        ("item", "MoE models"),
        ("quote", "Quoted from the report."),
        ("code", 'from qwen import chat  # {{< not a shortcode here >}}\n\nchat("<think>")'),
        ("item", "First"),
        ("item", "Second, continued"),
        ("paragraph", "Costs $5 per 1M tokens. That is all."),
    ]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("{{< youtube id >}}Text", "Text"),
        ("Text {{< ref\n'x' >}} more", "Text more"),
        ("{{% tip %}}Kept words{{% /tip %}}", "Kept words"),
        ("{% include x.html %}Text", "Text"),
        ("A {{ page.title }} b", "A {{ page.title }} b"),
        ("Text {{< never closed", "Text {{< never closed"),
        ("Write `{% for m in messages %}` in a template", "Write {% for m in messages %} in a template"),
        ("``a ` {% b %} c`` {% d %}e", "a ` {% b %} c e"),
        ("A <!-- remark --> b", "A b"),
        ("A <!-- never closed", "A <!-- never closed"),
        ("<!--\n```\ncommented code\n```\n-->\nText", "Text"),
    ],
)
def test_orders_to_a_site_generator_and_comments_stay_out_but_in_code(markdown: str, text: str) -> None:
    assert [words for _, words in blocks(markdown)] == [text]


def test_code_keeps_what_elsewhere_is_an_order() -> None:
    fenced = "{% for m in messages %}\n<!-- a comment -->\n| no | table |\n# no heading"
    for fence in ("```", "~~~", "`````"):
        assert blocks(f"{fence}jinja\n{fenced}\n{fence}\n{{% x %}}After") == [
            ("code", fenced),
            ("paragraph", "After"),
        ]
    assert blocks(f"```\n{fenced}") == [("code", fenced)]


@pytest.mark.parametrize(
    "markdown",
    [
        "The model writes <think> before </think> it answers.",
        "List<String> and <your-name> here",
        "<|im_start|>user and <50% of it",
        "x < y and y > z",
        "$$x = 10^6$$ and $y_1$",
    ],
)
def test_what_only_looks_like_markup_is_text(markdown: str) -> None:
    assert blocks(markdown) == [("paragraph", markdown)]


def test_a_block_of_an_unknown_tag_keeps_tag_and_words() -> None:
    assert blocks("<think>\nFirst, a thought.\n</think>\n\nAnswer.") == [
        ("code", "<think>\nFirst, a thought.\n</think>"),
        ("paragraph", "Answer."),
    ]


@pytest.mark.parametrize(
    ("markdown", "rows"),
    [
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
        ("| a | b |\n|---|\n| 1 | 2 |", "a | b\n1 | 2"),
        ("| a | b |\n| 1 | 2 |", "a | b\n1 | 2"),
        ("a | b\n--|--\n1 | 2", "a | b\n1 | 2"),
        ("|a|b|\n|-|-|\n|x \\| y|**2**|", "a | b\nx | y | 2"),
        ("| a |\n|---|\n| |\n| 1 |", "a\n1"),
    ],
)
def test_tables_survive_even_when_they_are_malformed(markdown: str, rows: str) -> None:
    assert blocks(markdown) == [("table", rows)]
    assert blocks(f"Before\n\n{markdown}\n\nAfter")[1] == ("table", rows)


def test_lists_nested_thirty_deep_lose_nothing() -> None:
    nested = "\n".join("  " * depth + f"- item {depth}" for depth in range(30))
    assert blocks(nested) == [("item", f"item {depth}") for depth in range(30)]


def test_scripts_and_dangerous_links_leave_at_most_their_words() -> None:
    assert blocks(
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>Text [x](javascript:alert(1))"
    ) == [("paragraph", "Text [x](javascript:alert(1))")]


def test_a_paragraph_over_a_line_of_dashes_is_no_heading() -> None:
    story = "A sentence that goes on. " * 12
    assert blocks(f"{story}\n---\nMore")[0] == ("paragraph", story.strip())
    assert blocks("Heading\n---\nMore")[0] == ("heading", "Heading")


@given(st.text(st.sampled_from("ab \n\t#*-_`~|<>[]()!{}%&;1."), max_size=80))
def test_any_markdown_is_read_without_failing(markdown: str) -> None:
    for _, text in blocks(markdown):
        assert text.strip()


@given(st.lists(st.text(st.sampled_from("abcdefgh "), min_size=1).filter(str.strip), min_size=1, max_size=5))
def test_plain_paragraphs_come_out_as_they_went_in(paragraphs: list[str]) -> None:
    written = [" ".join(paragraph.split()) for paragraph in paragraphs]
    assert blocks("\n\n".join(written)) == [("paragraph", text) for text in written]


@pytest.mark.parametrize("piece", ["<!--", "{{<", "{%", "`a", "` ``", "```\n", "> ", "[", "*a ", "<b>", "| "])
def test_unclosed_marks_by_the_thousand_are_read_in_no_time(piece: str) -> None:
    began = time.thread_time()
    blocks(piece * 5000)
    assert time.thread_time() - began < 5
