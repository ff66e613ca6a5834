"""The library that ships with Footnote, and the questions that are asked of it."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import ingest
from ingest.article_file import ArticleReader

LIBRARY = Path(ingest.__file__).parent / "starter_library"
FIELDS = ["id", "kind", "question", "history", "gold_articles", "gold_passages", "answer_facts", "note"]
KINDS = {"single": 14, "multi": 3, "unanswerable": 4, "followup": 2, "conflict": 2}
BANK = "We run Llama on-premise in a bank: which open model should we move to, and why?"

ARTICLES = {path.name: path.read_text(encoding="utf-8") for path in sorted((LIBRARY / "articles").iterdir())}
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (LIBRARY / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
ANSWERABLE = [question for question in QUESTIONS if question["kind"] != "unanswerable"]
UNANSWERABLE = [question for question in QUESTIONS if question["kind"] == "unanswerable"]

each_article = pytest.mark.parametrize("name", ARTICLES)
each_answerable = pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question["id"])
each_unanswerable = pytest.mark.parametrize("question", UNANSWERABLE, ids=lambda question: question["id"])


def on_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def without_marks(text: str) -> str:
    return on_one_line(re.sub(r"[*`|]", " ", text.lower()))


def states(text: str, spelling: str) -> bool:
    """Whether `spelling` stands in `text` as a whole word or a whole number."""
    before = r"(?<![a-z0-9])(?<!\d[.,])" if spelling[0].isalnum() else ""
    after = r"(?![a-z0-9])(?![.,]\d)" if spelling[-1].isalnum() else ""
    return re.search(before + re.escape(spelling) + after, without_marks(text)) is not None


def states_any(text: str, spellings: list[str]) -> bool:
    return any(states(text, spelling) for spelling in spellings)


def head_and_body(name: str) -> tuple[dict[str, Any], str]:
    before, head, body = ARTICLES[name].split("---\n", 2)
    assert before == ""
    return yaml.safe_load(head), body


def published(name: str) -> date:
    day = head_and_body(name)[0]["date"]
    assert isinstance(day, date)
    return day


def test_ten_articles_ship_and_nothing_beside_them() -> None:
    assert len(ARTICLES) == 10
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*\.md", name) for name in ARTICLES)


@each_article
def test_an_article_names_its_title_its_date_and_one_of_the_two_imprints(name: str) -> None:
    head, _ = head_and_body(name)
    assert list(head) == ["title", "date", "publisher"]
    assert head["title"]
    assert date(2026, 4, 1) <= published(name) <= date(2026, 10, 31)
    assert head["publisher"] in {"Footnote Handbook", "Footnote Field Notes"}


@each_article
def test_an_article_has_300_to_800_words_in_several_sections(name: str) -> None:
    _, body = head_and_body(name)
    assert 300 <= len(body.split()) <= 800
    assert len(re.findall(r"^## \S", body, re.MULTILINE)) >= 3


def test_no_title_is_used_twice() -> None:
    assert len({head_and_body(name)[0]["title"] for name in ARTICLES}) == len(ARTICLES)


def test_the_articles_hold_tables_lists_and_code_to_show_how_these_are_cited() -> None:
    bodies = [head_and_body(name)[1] for name in ARTICLES]
    assert sum("|---|" in body for body in bodies) >= 2
    assert any("```" in body for body in bodies)
    assert any(re.search(r"^- ", body, re.MULTILINE) for body in bodies)


def test_25_questions_of_the_agreed_kinds_ship() -> None:
    assert [question["id"] for question in QUESTIONS] == [f"s{number:03d}" for number in range(1, 26)]
    assert Counter(question["kind"] for question in QUESTIONS) == KINDS
    assert len({question["question"].casefold() for question in QUESTIONS}) == len(QUESTIONS)
    assert all(list(question) == FIELDS for question in QUESTIONS)


def test_the_first_question_is_the_one_about_the_bank() -> None:
    assert QUESTIONS[0]["question"] == BANK


def test_only_followups_have_history_and_every_turn_has_a_question_and_an_answer() -> None:
    for question in QUESTIONS:
        assert bool(question["history"]) == (question["kind"] == "followup"), question["id"]
        assert all(len(turn) == 2 and all(turn) for turn in question["history"]), question["id"]


def test_every_article_answers_some_question() -> None:
    assert {name for question in QUESTIONS for name in question["gold_articles"]} == set(ARTICLES)


@each_answerable
def test_gold_is_there_in_full(question: dict[str, Any]) -> None:
    assert question["gold_articles"]
    assert question["gold_passages"]
    assert question["answer_facts"]
    assert set(question["gold_articles"]) <= set(ARTICLES)
    if question["kind"] in {"multi", "conflict"}:
        assert len(question["gold_articles"]) >= 2


@each_answerable
def test_gold_passages_stand_word_for_word_in_the_gold_articles(question: dict[str, Any]) -> None:
    golds = [on_one_line(ARTICLES[name]) for name in question["gold_articles"]]
    for passage in question["gold_passages"]:
        assert passage == on_one_line(passage)
        assert 40 <= len(passage) <= 200, passage
        assert any(passage in gold for gold in golds), passage
    for gold in golds:
        assert any(passage in gold for passage in question["gold_passages"])


@each_answerable
def test_gold_passages_survive_the_cleaning_of_the_articles(question: dict[str, Any]) -> None:
    reader = ArticleReader()
    cleaned = [
        without_marks(reader.read(LIBRARY / "articles" / name, source="starter", path=name).text)
        for name in question["gold_articles"]
    ]
    for passage in question["gold_passages"]:
        assert any(without_marks(passage) in text for text in cleaned), passage


@each_answerable
def test_facts_stand_in_the_gold_articles_and_in_the_passages(question: dict[str, Any]) -> None:
    golds = [ARTICLES[name] for name in question["gold_articles"]]
    spoken = " ".join(question["gold_passages"])
    for spellings in question["answer_facts"]:
        assert spellings
        assert all(spelling == spelling.lower() for spelling in spellings)
        holding = [gold for gold in golds if states_any(gold, spellings)]
        # One article has to answer a single or followup question alone.
        alone = question["kind"] in {"single", "followup"}
        assert len(holding) >= (len(golds) if alone else 1), spellings
        assert states_any(spoken, spellings), spellings


@each_unanswerable
def test_what_an_unanswerable_question_asks_for_is_in_no_article(question: dict[str, Any]) -> None:
    assert not question["gold_articles"] + question["gold_passages"] + question["answer_facts"]
    note = re.match(r"absent: (?P<pattern>.+?) -- \S", question["note"])
    assert note is not None
    for name, text in ARTICLES.items():
        found = re.search(note["pattern"], text, re.IGNORECASE)
        assert found is None, f"{name}: {found}"


def test_two_imprints_give_different_values_for_the_same_thing_within_days() -> None:
    said = "Qwen3-8B at 4 bits with a context of 32,768 tokens needs {} of memory."
    handbook, notes = "context-and-memory.md", "quantization.md"
    assert said.format("10 GB") in on_one_line(ARTICLES[handbook])
    assert said.format("8 GB") in on_one_line(ARTICLES[notes])
    assert head_and_body(handbook)[0]["publisher"] != head_and_body(notes)[0]["publisher"]
    assert abs((published(handbook) - published(notes)).days) < 7


def test_a_later_article_replaces_the_figure_of_an_earlier_one() -> None:
    before, after = "retrieval-and-citations.md", "two-cores.md"
    assert "The evidence budget in this handbook is 2,000 tokens a question" in on_one_line(ARTICLES[before])
    assert "The evidence budget in this handbook is now 800 tokens a question" in on_one_line(ARTICLES[after])
    assert head_and_body(before)[0]["publisher"] == head_and_body(after)[0]["publisher"]
    assert (published(after) - published(before)).days > 90
