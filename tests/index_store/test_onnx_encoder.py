"""The quick encoder: near to the model it was made from, made once, and not missed where it cannot be."""

import json
import logging
import sys
from pathlib import Path

import numpy as np
import pytest

from index_store import sentence_embedder
from index_store.onnx_encoder import NotEncodable, OnnxEncoder, make_onnx
from index_store.sentence_embedder import SentenceEmbedder

TEXTS = [
    "The lighthouse at Grauwick was built in 1893.",
    "Which licence does the model come under?",
    "",
    "A longer passage about the tides, the ferries and the price of a crossing. " * 12,
    "Der Fährplan gilt ab April. 渡轮时刻表。",
]


def described(folder: Path, *, kinds: tuple[str, ...] = ("Transformer", "Pooling"), **pooling: bool) -> Path:
    """A model folder with its description and nothing else."""
    paths = ["", "1_Pooling", "2_Normalize"]
    modules = [{"type": f"models.{kind}", "path": path} for kind, path in zip(kinds, paths, strict=False)]
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 256}')
    return folder


@pytest.mark.parametrize(
    ("kinds", "pooling", "why"),
    [
        (("Transformer", "Pooling", "Dense"), {"pooling_mode_mean_tokens": True}, "Dense"),
        (("Router",), {}, "Router"),
        (("Transformer", "Pooling"), {"pooling_mode_max_tokens": True}, "max_tokens"),
        (("Transformer", "Pooling"), {}, "nothing"),
    ],
)
def test_a_model_of_another_make_is_refused_before_anything_is_written(
    tmp_path: Path, kinds: tuple[str, ...], pooling: dict[str, bool], why: str
) -> None:
    folder = described(tmp_path / "model", kinds=kinds, **pooling)
    with pytest.raises(NotEncodable, match=why):
        make_onnx(None, folder, tmp_path / "kept" / "a.onnx")
    assert not (tmp_path / "kept").exists()


def test_a_damaged_file_is_refused_in_one_line(tmp_path: Path) -> None:
    folder = described(tmp_path / "model", pooling_mode_mean_tokens=True)
    file = tmp_path / "a.onnx"
    file.write_bytes(b"no model at all")
    with pytest.raises(NotEncodable, match=r"a\.onnx cannot be opened") as caught:
        OnnxEncoder(file, folder, threads=1)
    assert "\n" not in str(caught.value)


def test_a_machine_without_the_library_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = described(tmp_path / "model", pooling_mode_mean_tokens=True)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(NotEncodable, match="onnxruntime is not installed"):
        OnnxEncoder(tmp_path / "a.onnx", folder, threads=1)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("encoders")


@pytest.fixture
def quick(real_embedder: SentenceEmbedder, kept: Path) -> SentenceEmbedder:
    """Made at the first use, and kept for the tests that follow."""
    return SentenceEmbedder(
        real_embedder.id, real_embedder._folder, dimensions=real_embedder.dimensions, quick=kept
    )


def test_its_vectors_are_those_of_the_model_but_for_rounding(
    real_embedder: SentenceEmbedder, quick: SentenceEmbedder
) -> None:
    full = real_embedder.embed(TEXTS, role="document")
    vectors = quick.embed(TEXTS, role="document")
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0] * len(TEXTS), abs=1e-5)
    assert float(np.mean(np.sum(full * vectors, axis=1))) > 0.98
    assert isinstance(quick._encoder, OnnxEncoder)


def test_a_text_has_the_same_vector_in_any_company(quick: SentenceEmbedder) -> None:
    together = quick.embed(TEXTS * 3, role="document")
    for place, text in enumerate(TEXTS):
        alone = quick.embed([text], role="document")[0]
        assert np.array_equal(alone, together[place])
        assert np.array_equal(alone, together[place + len(TEXTS)])


def test_what_is_kept_is_used_and_not_made_again(
    quick: SentenceEmbedder, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.warm_up()
    [file] = kept.iterdir()
    made = file.stat().st_mtime_ns
    monkeypatch.setattr(sentence_embedder, "PlainEncoder", _never)
    again = SentenceEmbedder(quick.id, quick._folder, dimensions=quick.dimensions, quick=kept)
    again.warm_up()
    assert file.stat().st_mtime_ns == made


def test_a_kept_file_that_is_damaged_is_made_again(quick: SentenceEmbedder, tmp_path: Path) -> None:
    quick.warm_up()
    again = SentenceEmbedder(quick.id, quick._folder, dimensions=quick.dimensions, quick=tmp_path / "kept")
    file = tmp_path / "kept" / f"{quick.id}-{sentence_embedder._RECIPE}-{quick._digest()}.onnx"
    file.parent.mkdir()
    file.write_bytes(b"half a file")
    again.warm_up()
    assert file.stat().st_size > 1_000_000


@pytest.mark.parametrize("trouble", ["too far off", "nowhere to write"])
def test_where_it_cannot_be_had_the_model_itself_embeds(
    real_embedder: SentenceEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    trouble: str,
) -> None:
    folder = tmp_path / "kept"
    if trouble == "too far off":
        monkeypatch.setattr(sentence_embedder, "_LEAST_COSINE", 1.1)
    else:
        folder.write_text("a file where the folder should be")
    slow = SentenceEmbedder(
        real_embedder.id, real_embedder._folder, dimensions=real_embedder.dimensions, quick=folder
    )
    with caplog.at_level(logging.WARNING):
        vector = slow.embed([TEXTS[0]], role="query")[0]
    assert float(vector @ real_embedder.embed([TEXTS[0]], role="query")[0]) == pytest.approx(1.0, abs=1e-4)
    assert "embeds slowly" in caplog.text


def _never(*_: object) -> None:
    pytest.fail("the model itself was loaded")
