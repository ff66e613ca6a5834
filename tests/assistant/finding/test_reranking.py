"""A reranker changes the order of what was found, and nothing else."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tiny_library import article, hits

from assistant.errors import ModelMissing, ModelUnusable
from assistant.finding.reranking import CrossEncoderReranker, read_text, reranked

FOUND = hits(
    article("one.md", "The Heron model needs 12 GB."),
    article("two.md", "The Stork model runs under the MIT licence."),
    article("three.md", "Storks nest in Strasbourg."),
)
QUESTION = "Which licence has the Stork model?"


class SharedWords:
    """Scores a text by the question's words in it."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        self.read += texts
        asked = set(question.lower().strip("?").split())
        return [float(len(asked & set(text.lower().strip(".").split()))) for text in texts]


def test_the_best_comes_first_and_what_scores_alike_stays_as_it_was() -> None:
    found = reranked(QUESTION, FOUND, SharedWords())
    assert [hit.passage.article for hit in found] == ["two.md", "one.md", "three.md"]
    assert sorted(found, key=lambda hit: -hit.score) == FOUND


def test_without_a_reranker_the_order_stays() -> None:
    assert reranked(QUESTION, FOUND, None) == FOUND


@pytest.mark.parametrize("found", [[], FOUND[:1]])
def test_where_there_is_nothing_to_order_nothing_is_read(found: list[object]) -> None:
    reranker = SharedWords()
    assert reranked(QUESTION, found, reranker) == found  # type: ignore[arg-type]
    assert reranker.read == []


def test_a_passage_is_read_under_title_and_headings_each_said_once() -> None:
    whole = article("a.md", "Licence\nIt is MIT.", title="The Stork model")
    [hit] = hits(whole, headings=("The Stork model", "Licence"))
    assert read_text(hit.passage) == "The Stork model\nLicence\nIt is MIT."


def test_a_folder_without_a_model_is_told_before_any_question(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="setting reranker"):
        CrossEncoderReranker(tmp_path / "none")


def test_its_libraries_are_silenced_before_they_are_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ImportError):
        CrossEncoderReranker(tmp_path).scores(QUESTION, ["A text."])
    assert os.environ["HF_HUB_OFFLINE"] == "1"


@pytest.mark.model
def test_a_cross_encoder_is_loaded_from_its_folder_and_scores_each_text(tmp_path: Path) -> None:
    reranker = CrossEncoderReranker(tiny_cross_encoder(tmp_path, labels=1))
    texts = ["the stork model runs under the licence", "storks nest", "word " * 2_000]
    scores = reranker.scores(QUESTION, texts)
    assert len(scores) == 3
    assert len(set(scores)) == 3
    assert reranker.scores(QUESTION, texts) == pytest.approx(scores)
    assert reranker.scores(QUESTION, []) == []


@pytest.mark.model
def test_what_is_no_cross_encoder_is_told_in_one_line(tmp_path: Path) -> None:
    sorting = CrossEncoderReranker(tiny_cross_encoder(tmp_path / "sorts", labels=3))
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    for reranker in (sorting, CrossEncoderReranker(tmp_path / "torn")):
        with pytest.raises(ModelUnusable, match="setting reranker") as raised:
            reranker.scores(QUESTION, ["a", "b"])
        assert "\n" not in str(raised.value)


def tiny_cross_encoder(folder: Path, *, labels: int) -> Path:
    """One with random weights and a vocabulary of a few words."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *"the stork model licence runs under nest word".split(),
    ]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        initializer_range=1.0,
        num_labels=labels,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder
