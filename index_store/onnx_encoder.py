"""A sentence-transformers model in eight bits, run by ONNX Runtime: three times as fast on a processor.

Made once from the model's own folder and kept; the tokenizer and all else are read from that folder, so
that neither PyTorch nor transformers is loaded once it is there.
"""

import json
import logging
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np

from index_store.embedder import Vectors
from index_store.quiet_libraries import silence_libraries

_logger = logging.getLogger(__name__)
Pooling = Literal["mean", "cls"]


class NotEncodable(Exception):
    """This model, or this machine, cannot have an encoder of this kind; the message says why."""


class OnnxEncoder:
    """Encodes texts with a kept ONNX file and the tokenizer beside the model. Safe to use from threads."""

    def __init__(self, file: Path, folder: Path, *, threads: int) -> None:
        """Open what `make_onnx` has kept. Raises NotEncodable when a part is missing or does not fit.

        `threads` is how many texts are encoded side by side.
        """
        silence_libraries()
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise NotEncodable(f"{error.name} is not installed") from error
        # Where somebody else's program had imported it before, and it speaks already.
        onnxruntime.disable_telemetry_events()
        self._pooling, longest = _shape_of(folder)
        options = onnxruntime.SessionOptions()
        # One thread for each text, several texts side by side: better than all threads on one.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # both libraries raise kinds of their own
            raise NotEncodable(f"{file.name} cannot be opened ({_line(error)})") from error
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(longest)
        self._threads = threads

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, a row for each text; there must be one at least."""
        encodings = self._tokenizer.encode_batch(list(texts))
        # Each alone: the eight bits are scaled to what is read together, so that a text in company would get
        # another vector; and padding costs more than batches gain.
        with ThreadPoolExecutor(min(self._threads, len(encodings))) as pool:
            return np.stack(list(pool.map(self._vector, [encoding.ids for encoding in encodings])))

    def _vector(self, ids: Sequence[int]) -> Vectors:
        tokens = np.asarray([ids], dtype=np.int64)
        given = {
            "input_ids": tokens,
            "attention_mask": np.ones_like(tokens),
            "token_type_ids": np.zeros_like(tokens),
        }
        states = self._session.run(None, {name: given[name] for name in self._inputs})[0][0]
        pooled = states[0] if self._pooling == "cls" else states.mean(axis=0)
        return np.asarray(pooled / np.linalg.norm(pooled), dtype=np.float32)


def make_onnx(model: Any, folder: Path, file: Path) -> None:
    """Export a loaded SentenceTransformer in eight bits to `file`, whole or not at all.

    Raises NotEncodable where the model's shape or a missing library forbids it.
    """
    _shape_of(folder)
    try:
        import onnx
        import torch
        from onnxruntime.quantization import QuantType, quantize_dynamic
    except ImportError as error:
        raise NotEncodable(f"{error.name} is not installed") from error
    file.parent.mkdir(parents=True, exist_ok=True)
    full, quantized = file.with_suffix(".full"), file.with_suffix(".partial")
    try:
        with warnings.catch_warnings():
            # The exporter by tracing is the older of two; the other needs one more library and gives no more.
            warnings.simplefilter("ignore")
            _export(torch, model, full)
        with _unlogged():
            # By the channel: by the whole matrix the vectors are off by .06 and more, so by .007.
            quantize_dynamic(
                full,
                quantized,
                weight_type=QuantType.QInt8,
                per_channel=True,
                op_types_to_quantize=["MatMul"],
                extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
            )
        quantized.replace(file)
    except Exception as error:  # the exporter fails in many ways, all of which mean the same here
        raise NotEncodable(f"it cannot be exported ({_line(error)})") from error
    finally:
        full.unlink(missing_ok=True)
        quantized.unlink(missing_ok=True)


def _export(torch: Any, model: Any, file: Path) -> None:
    transformer = model[0].auto_model.eval()
    known = model[0].tokenizer.model_input_names
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in known]

    class States(torch.nn.Module):  # type: ignore[misc]
        """The transformer with its inputs by place, as the exporter wants them."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, *given: Any) -> Any:
            """The last hidden states."""
            return self.transformer(**dict(zip(names, given, strict=True))).last_hidden_state

    example = torch.ones(2, 16, dtype=torch.long)
    given = tuple(torch.zeros_like(example) if name == "token_type_ids" else example for name in names)
    axes = {name: {0: "texts", 1: "tokens"} for name in (*names, "states")}
    torch.onnx.export(
        States(),
        given,
        str(file),
        input_names=names,
        output_names=["states"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def _shape_of(folder: Path) -> tuple[Pooling, int]:
    """How a model's token vectors become one, and how many tokens it takes; from its own description."""
    try:
        modules = json.loads((folder / "modules.json").read_text())
        kinds = [module["type"].rpartition(".")[2] for module in modules]
        if kinds[:2] != ["Transformer", "Pooling"] or kinds[2:] not in ([], ["Normalize"]):
            raise NotEncodable(f"a model of the parts {', '.join(kinds)} is not known here")
        pooling = json.loads((folder / modules[1]["path"] / "config.json").read_text())
        longest = json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotEncodable(f"its description cannot be read ({_line(error)})") from error
    chosen = [name for name, value in pooling.items() if name.startswith("pooling_mode_") and value is True]
    ways: dict[str, Pooling] = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    if len(chosen) != 1 or chosen[0] not in ways or not isinstance(longest, int):
        raise NotEncodable(f"pooling by {', '.join(chosen) or 'nothing'} is not known here")
    return ways[chosen[0]], longest


@contextmanager
def _unlogged() -> Iterator[None]:
    """The quantizer tells each of its steps to the root logger."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
