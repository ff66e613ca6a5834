"""Plain text as people save and paste it, to blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.clean_text import CleanText
from ingest.text.plain_text import PlainTextFacts, PlainTextReader

PASTED = """Skip to main content
Pipeline Active
Last: 15:00 UTC|Next: 21:00 UTC
← Back to Insights

The Great Licence Shift: Banks Leave Llama

Three large banks said this week that they will replace Llama 3 by models that Apache licenses.

8 min readApr 13, 2026
Share

TL;DR
  • Three banks replace Llama 3.
  • The move takes six weeks, most of it
    spent on tests.

What They Run Today

All three run the models on their own machines. None of them sends customer data outside.
It has been so since 2024.

Bank
Model
Memory
North
Qwen3 8B
11.5 GB

| Bank | Licence |
|------|---------|
| South | Apache-2.0 |

→ Latency fell by 40% in the pilot.

Copy link
Related articles
Accept all cookies
Read more
"""

WRAPPED = """On the licences of open models

Three large banks said this week that they will replace Llama 3 with
models under the Apache licence, after their lawyers read the terms of
the community licence again. The move takes about six weeks, most of it
spent on tests with the banks' own questions, which their advisers have
collected over the last two years. None of the three sends any customer
data to a service outside, and all of them run the models on their own
machines, which they bought in the year before.

The second paragraph begins here. It is as long as the first, and it is
broken at the same column, so that every line but the last is full when
it is read by a program. It says nothing that matters, but it says that
at length, until it has filled as many lines as the paragraph before it
has, and then it ends, as all paragraphs do, with a full stop.
"""

GLUED = """Key takeaways
- Three banks replace Llama 3.
- The move takes six weeks.
What They Run Today
All three run the models on their own machines. None of them sends customer data outside.
BankModelMemoryNorthQwen3 8B11.5 GB
It took six weeks.
| Bank | Licence |
|------|---------|
| South | Apache-2.0 |
What It Costs
A second paragraph that says at length what the move has cost the three of them so far.
"""


def read(text: str) -> tuple[PlainTextFacts, list[tuple[str, str]]]:
    out = CleanText()
    facts = PlainTextReader().write(text, out)
    return facts, [(block.kind, out.text[block.start : block.end]) for block in out.blocks]


def test_a_pasted_page_leaves_its_furniture_behind() -> None:
    facts, blocks = read(PASTED)
    assert facts == PlainTextFacts("The Great Licence Shift: Banks Leave Llama", "2026-04-13")
    assert blocks == [
        ("heading", "The Great Licence Shift: Banks Leave Llama"),
        (
            "paragraph",
            "Three large banks said this week that they will replace Llama 3 by models that Apache licenses.",
        ),
        ("paragraph", "8 min readApr 13, 2026"),
        ("paragraph", "TL;DR"),
        ("item", "Three banks replace Llama 3."),
        ("item", "The move takes six weeks, most of it spent on tests."),
        ("heading", "What They Run Today"),
        (
            "paragraph",
            "All three run the models on their own machines. None of them sends customer data outside.",
        ),
        ("paragraph", "It has been so since 2024."),
        ("table", "Bank\nModel\nMemory\nNorth\nQwen3 8B\n11.5 GB"),
        ("table", "Bank | Licence\nSouth | Apache-2.0"),
        ("item", "Latency fell by 40% in the pilot."),
    ]


def test_paragraphs_that_were_broken_at_a_column_are_joined() -> None:
    facts, blocks = read(WRAPPED)
    assert facts.title == "On the licences of open models"
    assert [kind for kind, _ in blocks] == ["heading", "paragraph", "paragraph"]
    for _, text in blocks[1:]:
        assert text in " ".join(WRAPPED.split())
    assert blocks[1][1].startswith("Three large banks")
    assert blocks[2][1].endswith("with a full stop.")


def test_text_without_empty_lines_is_taken_line_by_line() -> None:
    facts, blocks = read(GLUED)
    assert facts.title == "What They Run Today"
    assert blocks == [
        ("heading", "Key takeaways"),
        ("item", "Three banks replace Llama 3."),
        ("item", "The move takes six weeks."),
        ("heading", "What They Run Today"),
        (
            "paragraph",
            "All three run the models on their own machines. None of them sends customer data outside.",
        ),
        ("paragraph", "BankModelMemoryNorthQwen3 8B11.5 GB"),
        ("paragraph", "It took six weeks."),
        ("table", "Bank | Licence\nSouth | Apache-2.0"),
        ("heading", "What It Costs"),
        (
            "paragraph",
            "A second paragraph that says at length what the move has cost the three of them so far.",
        ),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "← Back to Insights",
        "→ Next article: why cats purr",
        "Share",
        "SHARE THIS ARTICLE",
        "Skip to content",
        "Menu",
        "Sign in",
        "Cookie settings",
        "Accept all cookies",
        "Read more",
        "Related posts",
        "Copy link",
        "Advertisement",
        "Updated 09:00 CET | Next 12:00 CET",
        "© 2026 Quiet Briefings. All rights reserved.",
    ],
)
def test_a_line_of_page_furniture_is_no_text(line: str) -> None:
    assert read(f"A sentence before.\n\n{line}\n\nA sentence after.")[1] == [
        ("paragraph", "A sentence before."),
        ("paragraph", "A sentence after."),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "→ Latency fell by 40% in the pilot.",
        "→ Next, we measured the cost. It rose.",
        "Share prices fell.",
        "The menu is short.",
        "Sign in blood, said the devil.",
        "Accept all of it or nothing.",
        "Print is dead.",
        "Updated at 9:30. It held.",
        "© is a sign.",
    ],
)
def test_a_sentence_that_begins_like_furniture_is_kept(sentence: str) -> None:
    words = [text for _, text in read(f"A sentence before.\n\n{sentence}\n\nA sentence after.")[1]]
    assert words == ["A sentence before.", sentence.removeprefix("→ "), "A sentence after."]


@pytest.mark.parametrize("mark", ["-", "*", "•", "–", "▪", "→", "1.", "12)"])
def test_bulleted_and_numbered_lines_are_items(mark: str) -> None:
    assert read(f"Intro:\n\n{mark} one\n{mark} two\n  goes on\n\nEnd.")[1] == [
        ("paragraph", "Intro:"),
        ("item", "one"),
        ("item", "two goes on"),
        ("paragraph", "End."),
    ]


def test_a_heading_said_twice_stands_once() -> None:
    blocks = read("What It Costs\n\nWhat It Costs\n\nIt costs as much as it did in the year before.\n")[1]
    assert [text for _, text in blocks].count("What It Costs") <= 2
    assert blocks[-2] == ("heading", "What It Costs")


def test_underlined_headings_lose_their_lines() -> None:
    facts, blocks = read("Title\n=====\n\nA text that is long enough to stand below it.\n")
    assert facts.title == "Title"
    assert blocks[0] == ("heading", "Title")


@pytest.mark.parametrize("name", ["Key Takeaways", "SUMMARY", "TL;DR", "Introduction", "Conclusion"])
def test_a_heading_that_every_page_has_is_no_title(name: str) -> None:
    text = (
        f"{name}\n\nA first paragraph of some length to read.\n\nReal Title\n\nAnd a second one below that.\n"
    )
    assert read(text)[0].title == "Real Title"


def test_without_a_heading_or_a_byline_nothing_is_known() -> None:
    assert read("It is dated April 13, 2026 and says so.")[0] == PlainTextFacts(None, None)
    assert read("")[0] == PlainTextFacts(None, None)


def test_a_list_ends_where_a_line_stands_further_left_than_its_bullets() -> None:
    items = "  • Three banks move\n  • It takes six weeks,\n    most of it tests"
    assert read(f"Facts\n\n{items}\nbanksmodels6 min read\nHigh ImpactBanks must act before June.\n\nEnd.")[
        1
    ] == [
        ("heading", "Facts"),
        ("item", "Three banks move"),
        ("item", "It takes six weeks, most of it tests"),
        ("paragraph", "banksmodels6 min read"),
        ("paragraph", "High ImpactBanks must act before June."),
        ("paragraph", "End."),
    ]


def test_a_short_item_ends_with_its_line_unless_the_next_goes_on_in_small_letters() -> None:
    assert read("- one\n- two\nThe rest is text.\n\nEnd.")[1][1:3] == [
        ("item", "two"),
        ("paragraph", "The rest is text."),
    ]
    assert read("- one\n- two\nand a half\n\nEnd.")[1][1] == ("item", "two and a half")


def test_lines_before_a_list_are_no_item() -> None:
    assert read("Facts of the day\nWhat they cost:\n- one\n- two\n\nEnd.")[1][:3] == [
        ("paragraph", "Facts of the day"),
        ("paragraph", "What they cost:"),
        ("item", "one"),
    ]


@pytest.mark.parametrize(
    "byline", ["By Ann Roe, March 9, 2026", "9 March 2026", "Ann Roe · Mar 9, 2026 · 6 min read"]
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_what_stands_over_a_byline_is_the_title(byline: str, gap: str) -> None:
    facts, blocks = read(f"Why Nine Banks Stopped Renting Models{gap}{byline}\n\nThey did so in a year.\n")
    assert facts.title == "Why Nine Banks Stopped Renting Models"
    assert blocks[:2] == [("heading", facts.title), ("paragraph", byline)]


def test_a_few_words_over_a_longer_heading_are_no_title() -> None:
    text = "Live Feed\n\nWhy Nine Banks Stopped Renting Models\n\nNine banks stopped renting within a year.\n"
    assert read(text)[0].title == "Why Nine Banks Stopped Renting Models"


def test_other_scripts_have_titles_and_bylines_too() -> None:
    chinese = "小模型在银行的回归\n作者：李明 2026年3月9日 阅读时间 6 分钟\n\n九家银行的问题由它回答。\n"
    assert read(chinese)[0] == PlainTextFacts("小模型在银行的回归", "2026-03-09")
    arabic = "عودة النماذج الصغيرة\n\nتجيب النماذج الصغيرة عن معظم الأسئلة في تسعة بنوك منذ عام.\n"
    assert read(arabic)[0].title == "عودة النماذج الصغيرة"
    russian = "Малые модели возвращаются\nОпубликовано 9 марта 2026\n\nДевять банков отвечают сами.\n"
    assert read(russian)[0] == PlainTextFacts("Малые модели возвращаются", "2026-03-09")


def test_code_keeps_its_lines_and_fences_go() -> None:
    code = "def register(model):\n    print(model)"
    fenced = f"A text.\n\n```python\nall = 1\n\nwords\n```\n\nAn end.\n\n{code}\n\nEnd."
    assert read(fenced)[1] == [
        ("paragraph", "A text."),
        ("code", "all = 1\n\nwords"),
        ("paragraph", "An end."),
        ("code", code),
        ("paragraph", "End."),
    ]


def test_names_of_networks_go_where_several_stand_together() -> None:
    assert read("One sentence.\n\nTwitter\nLinkedIn\nEmail\n\nAnother sentence.")[1] == [
        ("paragraph", "One sentence."),
        ("paragraph", "Another sentence."),
    ]
    assert ("heading", "Reddit") in read("A.\n\nReddit\n\nA place where people ask each other.\n")[1]


@given(st.lists(st.text(st.sampled_from("abC .|-*•→\t=1é中"), max_size=20), max_size=12).map("\n".join))
def test_no_word_is_lost_that_is_not_furniture(text: str) -> None:
    letters = [sign for sign in text if sign in "abé中"]
    blocks = read(text)[1]
    kept = [sign for _, words in blocks for sign in words if sign in "abé中"]
    # A heading that is repeated at once is said once.
    assert kept == letters or any(kind == "heading" for kind, _ in blocks)
