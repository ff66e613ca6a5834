"""A GGUF model and its context, through llama.cpp's own calls: tokens in, logits out.

Knows nothing of questions, articles or screens. The context holds one sequence; what it has read is
remembered, so that the next call reads only what differs. Not thread-safe: its owner holds one lock
over each whole use.
"""

import codecs
import ctypes
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelUnusable

_logger = logging.getLogger(__name__)
_WARNING_LEVEL = 3  # of llama.cpp's log levels: 1 debug, 2 info, 3 warning, 4 error


class StoppedReading(Exception):
    """Reading was given up because somebody asked to stop."""


class LlamaModel:
    """One loaded model with one context of `context_tokens` tokens on `threads` threads."""

    def __init__(self, file: Path, *, context_tokens: int = 4096, threads: int | None = None) -> None:
        """Load the model. Raises ModelUnusable when llama.cpp cannot."""
        # Importing loads the compiled library, which a command without a model can do without.
        import llama_cpp

        self._api: Any = llama_cpp
        self._log_callback = self._api.llama_log_callback(_pass_on)
        self._api.llama_log_set(self._log_callback, ctypes.c_void_p(0))
        self._api.llama_backend_init()
        self._stopped: Callable[[], bool] = lambda: False
        self._abort_callback = self._api.ggml_abort_callback(lambda _: self._stopped())
        self._model = self._load(file)
        self._vocab = self._api.llama_model_get_vocab(self._model)
        self._context = self._open_context(file, context_tokens, threads or len(os.sched_getaffinity(0)))
        self._memory = self._api.llama_get_memory(self._context)
        self._batch_size = int(self._api.llama_n_batch(self._context))
        self._batch = self._api.llama_batch_init(self._batch_size, 0, 1)
        self._vocabulary = int(self._api.llama_vocab_n_tokens(self._vocab))
        self._read: list[int] = []

    @property
    def context_tokens(self) -> int:
        """How many tokens the context holds."""
        return int(self._api.llama_n_ctx(self._context))

    def metadata(self, key: str) -> str | None:
        """A value of the file's metadata, or None."""
        size = 2**16
        buffer = ctypes.create_string_buffer(size)
        length = self._api.llama_model_meta_val_str(self._model, key.encode(), buffer, size)
        return None if length < 0 else buffer.value.decode("utf-8", errors="replace")

    def special(self, name: str) -> str:
        """The text of the token that begins ("bos") or ends ("eos") a text; "" when there is none."""
        token = getattr(self._api, f"llama_vocab_{name}")(self._vocab)
        return "" if token < 0 else self._api.llama_vocab_get_text(self._vocab, token).decode()

    @property
    def adds_bos(self) -> bool:
        """Whether the model wants its first token before any text."""
        return bool(self._api.llama_vocab_get_add_bos(self._vocab))

    def tokens(self, text: str, *, trusted: bool) -> list[int]:
        """The tokens of `text`; control tokens are recognised in trusted text only."""
        data = text.encode("utf-8", errors="replace")
        size = len(data) + 8
        found = (self._api.llama_token * size)()
        count = self._api.llama_tokenize(self._vocab, data, len(data), found, size, False, trusted)
        if count < 0:
            raise ModelUnusable(f"the tokenizer failed on {len(data)} bytes of text; verify the model's file")
        return list(found[:count])

    def piece(self, token: int) -> bytes:
        """The bytes that a token stands for; control tokens give none."""
        buffer = ctypes.create_string_buffer(256)
        length = self._api.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, False)
        return buffer.raw[: max(0, length)]

    def ends(self, token: int) -> bool:
        """Whether the token ends the model's turn."""
        return bool(self._api.llama_vocab_is_eog(self._vocab, token))

    def read(self, tokens: Sequence[int], *, stopped: Callable[[], bool]) -> NDArray[np.float32]:
        """Make the context hold exactly `tokens`; the logits after the last, shape (vocabulary,).

        Reads only what comes after the longest prefix that it has read already. Raises
        StoppedReading within a fraction of a second of `stopped`, ModelUnusable when it does not fit.
        """
        if not tokens or len(tokens) > self.context_tokens:
            raise ModelUnusable(
                f"{len(tokens)} tokens do not fit a context of {self.context_tokens}; shorten the question"
            )
        keep = 0
        for old, new in zip(self._read, tokens, strict=False):
            if old != new:
                break
            keep += 1
        self._forget_after(min(keep, len(tokens) - 1))
        self._stopped = stopped
        try:
            for start in range(len(self._read), len(tokens), self._batch_size):
                self._decode(tokens[start : start + self._batch_size])
        finally:
            self._stopped = lambda: False
        logits = self._api.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(logits, shape=(self._vocabulary,))

    def close(self) -> None:
        """Free the model's memory; it cannot be used after that."""
        if self._context is not None:
            self._api.llama_batch_free(self._batch)
            self._api.llama_free(self._context)
            self._api.llama_model_free(self._model)
            self._context = None

    def _load(self, file: Path) -> Any:
        parameters = self._api.llama_model_default_params()
        model = self._api.llama_model_load_from_file(str(file).encode(), parameters)
        if not model:
            raise ModelUnusable(f"model file {file}: llama.cpp cannot load it; run: footnote models verify")
        return model

    def _open_context(self, file: Path, context_tokens: int, threads: int) -> Any:
        parameters = self._api.llama_context_default_params()
        parameters.n_ctx = context_tokens
        parameters.n_batch = min(512, context_tokens)
        parameters.n_ubatch = min(512, context_tokens)
        parameters.n_seq_max = 1
        parameters.n_threads = threads
        parameters.n_threads_batch = threads
        parameters.flash_attn_type = self._api.LLAMA_FLASH_ATTN_TYPE_AUTO
        parameters.abort_callback = self._abort_callback
        parameters.no_perf = True
        context = self._api.llama_init_from_model(self._model, parameters)
        if not context:
            raise ModelUnusable(
                f"model file {file}: no context of {context_tokens} tokens could be made; "
                "lower the setting context_tokens, or free memory"
            )
        return context

    def _forget_after(self, length: int) -> None:
        if length == len(self._read):
            return
        if length and self._api.llama_memory_seq_rm(self._memory, 0, length, -1):
            del self._read[length:]
            return
        # A hybrid's memory cannot be rolled back: it reads everything again.
        self._api.llama_memory_clear(self._memory, True)
        self._read.clear()

    def _decode(self, tokens: Sequence[int]) -> None:
        batch = self._batch
        batch.n_tokens = len(tokens)
        for place, token in enumerate(tokens):
            batch.token[place] = token
            batch.pos[place] = len(self._read) + place
            batch.n_seq_id[place] = 1
            batch.seq_id[place][0] = 0
            batch.logits[place] = place == len(tokens) - 1
        status = self._api.llama_decode(self._context, batch)
        if status == 0:
            self._read.extend(tokens)
            return
        self._api.llama_memory_seq_rm(self._memory, 0, len(self._read), -1)
        if status == 2:
            raise StoppedReading
        raise ModelUnusable(f"llama.cpp could not read {len(tokens)} tokens (status {status}); see the log")


class PieceDecoder:
    """Joins token bytes to text: a character may be spread over several tokens."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def text(self, piece: bytes) -> str:
        """The characters that are complete with this piece."""
        return self._decoder.decode(piece)


def _pass_on(level: int, text: bytes, _: object) -> None:
    if level >= _WARNING_LEVEL:
        _logger.debug("llama.cpp: %s", text.decode("utf-8", errors="replace").rstrip())
