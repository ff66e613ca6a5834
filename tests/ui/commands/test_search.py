from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_footnote import Ran, serving, workshop, write_articles

from ui.home import Home
from ui.local_desk import LocalDesk

pytestmark = pytest.mark.whole

Footnote = Callable[..., Ran]
FIELDS = {"article", "title", "passage", "score", "start", "end"}


@pytest.fixture
def synced(footnote: Footnote, articles: Path) -> Footnote:
    assert footnote("sync", articles).code == 0
    return footnote


def test_the_json_has_the_agreed_fields_and_exact_spans(synced: Footnote) -> None:
    document = synced("search", "Heron memory", "--json").document
    assert set(document) == {"question", "passages"}
    assert document["question"] == "Heron memory"
    assert [one["article"] for one in document["passages"]] == ["heron.md", "stork.md"]
    for one in document["passages"]:
        assert set(one) >= FIELDS
        text = synced("articles", one["article"], "--json").document["text"]
        assert one["passage"] == text[one["start"] : one["end"]]
    scores = [one["score"] for one in document["passages"]]
    assert scores == sorted(scores, reverse=True)


def test_no_model_is_needed(synced: Footnote, home: Home) -> None:
    (home.models / "writer.gguf").unlink()
    assert synced("search", "Heron").code == 0


def test_as_many_passages_as_asked_for(synced: Footnote) -> None:
    assert len(synced("search", "model", "-k", "1", "--json").document["passages"]) == 1
    assert len(synced("search", "model", "--limit", "100", "--json").document["passages"]) == 2


def test_people_see_title_place_and_passage(synced: Footnote) -> None:
    lines = [line.rstrip() for line in synced("search", "Heron memory", "-k", "1").out.splitlines()]
    assert lines[:5] == [
        "1. The Heron model (Marsh Press, 2026-03-01)",
        "   heron.md › The Heron model · 1.718",
        "   The Heron model",
        "",
        "   The Heron model needs 12 GB of memory. It was trained on bird calls.",
    ]


def test_an_empty_library_says_what_to_do(footnote: Footnote) -> None:
    assert footnote("search", "Heron").out == (
        "Nothing found: the library is empty. Add articles: footnote sync PATH, or footnote sync URL\n"
    )
    assert footnote("search", "Heron", "--json").document == {"question": "Heron", "passages": []}


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_is_wrong_usage(synced: Footnote, question: str) -> None:
    ran = synced("search", question, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "empty" in ran.error


def test_long_and_odd_questions_are_searched(synced: Footnote) -> None:
    for question in ("x" * 4_000, "鳥 🐦", "[/bold]", "…"):
        assert synced("search", question).code == 0


def test_a_question_that_is_too_long_is_refused_as_by_ask(synced: Footnote) -> None:
    searched, asked = (synced(command, "x" * 4_001, "--json") for command in ("search", "ask"))
    assert (searched.code, searched.out) == (2, "")
    assert searched.error == asked.error
    assert "4,001 characters; shorten it to 4,000" in searched.error


def test_a_folder_without_articles_is_told_without_advice_for_another_library(
    footnote: Footnote, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    ran = footnote("search", "Heron", "--library", tmp_path / "empty")
    assert (ran.code, ran.out) == (0, "Nothing found: the library is empty.\n")
    assert f"library {str(tmp_path / 'empty')!r} holds no article" in ran.err


def test_stray_bytes_in_a_question_are_wrong_usage(synced: Footnote) -> None:
    assert synced("search", b"caf\xe9".decode(errors="surrogateescape")).code == 2


def test_a_folder_is_searched_by_itself(synced: Footnote, home: Home, tmp_path: Path) -> None:
    other = write_articles(tmp_path / "other", {"crane.md": "# Crane\n\nThe Crane model is new.\n"})
    for _ in range(2):
        found = synced("search", "model", "--library", other, "--json").document["passages"]
        assert [one["article"] for one in found] == ["crane.md"]
    own = synced("search", "model", "--json").document["passages"]
    assert {one["article"] for one in own} == {"heron.md", "stork.md"}


def test_it_is_handed_over_to_a_serving_process(synced: Footnote, home: Home) -> None:
    alone = synced("search", "Heron memory", "--json").document
    desk = LocalDesk(workshop(home))
    with serving(home, desk):
        assert desk.articles()  # the library is in use
        ran = synced("search", "Heron memory", "--json")
        refused = synced("search", " ")
    desk.close()
    assert ran.document == alone
    assert "asking the serving process" in ran.err
    assert refused.code == 2


def test_what_an_article_says_is_neither_markup_nor_an_order(footnote: Footnote, tmp_path: Path) -> None:
    folder = write_articles(
        tmp_path / "odd", {"[/red].md": "# [bold]Bird[/bold] :smile:\n\nText \x1b[31mred\x1b[0m [/].\n"}
    )
    ran = footnote("search", "bird text", "--library", folder)
    assert ran.code == 0
    assert "[bold]Bird[/bold] :smile:" in ran.out
    assert "[/red].md" in ran.out
    assert "\x1b" not in ran.out + ran.err
