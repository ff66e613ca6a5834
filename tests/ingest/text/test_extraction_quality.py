"""The measure of extraction counts what it says."""

from pathlib import Path

import pytest

from index_store.article import Article, Block
from ingest.text.extraction_quality import PageScore, main, report, score, score_folder, tokens

HEAD = "---\ntitle: A dam\npublished: 2026-03-01\n---\n"


def article(text: str, **facts: str) -> Article:
    return Article("s", "p", title="A dam", text=text, published="2026-03-01", **facts)


def test_words_count_as_often_as_they_stand_there() -> None:
    assert tokens("The dam, the DAM!") == {"the": 2, "dam": 2}


def test_scripts_without_spaces_count_sign_by_sign() -> None:
    assert tokens("南门桥 A1") == {"南": 1, "门": 1, "桥": 1, "a1": 1}


def test_the_same_text_scores_one_and_another_zero() -> None:
    assert score(article("The dam holds."), f"{HEAD}The dam holds.", name="a") == PageScore("a", 1.0, 1.0, ())
    assert score(article("Nothing."), f"{HEAD}The dam holds.", name="a").f1 == 0


def test_what_is_missing_costs_recall_and_what_is_too_much_precision() -> None:
    assert score(article("The dam"), f"{HEAD}The dam holds water", name="a").recall == 0.5
    assert score(article("The dam holds water"), f"{HEAD}The dam", name="a").precision == 0.5


def test_a_first_heading_with_the_title_does_not_count() -> None:
    found = Article(
        "s", "p", "A dam", "A dam\n\nIt holds.", (Block("heading", 0, 5, 1),), published="2026-03-01"
    )
    assert score(found, f"{HEAD}It holds.", name="a").f1 == 1


def test_a_fact_that_is_not_told_is_to_be_none() -> None:
    found = score(article("x", author="Ada", publisher="P"), f"{HEAD}x", name="a")
    assert found.wrong == ("author", "publisher")


def test_a_folder_of_pages_with_their_texts_is_scored(tmp_path: Path) -> None:
    (tmp_path / "dam.html").write_text(
        '<title>A dam</title><meta name="date" content="2026-03-01"><p>It holds.</p>'
    )
    (tmp_path / "dam.md").write_text(f"{HEAD}It holds.")
    (tmp_path / "other.html").write_text("<p>No text beside it.</p>")
    assert [(one.name, one.f1, one.wrong) for one in score_folder(tmp_path)] == [("dam", 1.0, ())]


@pytest.mark.parametrize("scores", [[], [PageScore("dam", 0.5, 1.0, ("title",))]])
def test_the_report_ends_with_the_means(scores: list[PageScore]) -> None:
    assert report(scores).splitlines()[-2:] == [
        f"{0.667 if scores else 0:.3f}  token F1, mean of {len(scores)} pages",
        f"{6 / 7 if scores else 1:.3f}  facts as expected, of {7 * len(scores)}",
    ]


@pytest.mark.parametrize("arguments", [[], ["/no/such/folder"], ["a", "b"]])
def test_without_a_folder_the_report_says_what_to_name(arguments: list[str], tmp_path: Path) -> None:
    for given in (arguments, [str(tmp_path)]):
        with pytest.raises(SystemExit, match=r"NAME\.md"):
            main(given)
