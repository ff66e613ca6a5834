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
# llama.cpp's kernels round differently for small batches and for rows of another group (logits moved by up
# to 0.4). A prompt is therefore read on from a multiple of _GROUP, never fewer than _LEAST_READ tokens at
# once, and behind such tokens only: then what was read before changes nothing. Tried on x86 processors with
# Qwen 2.5 and Gemma 3.
_GROUP = 8
_LEAST_READ = 64


class StoppedReading(Exception):
    """Reading was given up because somebody asked to stop."""


class LlamaModel:
    """One loaded model with one context of `context_tokens` tokens on `threads` threads."""

    def __init__(self, file: Path, *, context_tokens: int = 4096, threads: int | None = None) -> None:
        """Load the model. Raises ModelUnusable when llama.cpp cannot."""
        # Importing loads the compiled library, which a command without a model can do without.
        import llama_cpp

        self._api: Any = llama_cpp
        self._api.llama_log_set(_LOG_HOOK, ctypes.c_void_p(0))
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
        self._reusable = 0

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

        Reads little more than what comes after the longest prefix that it has read already; the logits
        are those of a fresh reading, and valid until the next one. Raises StoppedReading within a
        fraction of a second of `stopped`, ModelUnusable when it does not fit.
        """
        if not tokens or len(tokens) > self.context_tokens:
            raise ModelUnusable(
                f"{len(tokens)} tokens do not fit a context of {self.context_tokens}; "
                "shorten the question, or raise the setting context_tokens"
            )
        keep = 0
        for old, new in zip(self._read, tokens, strict=False):
            if old != new:
                break
            keep += 1
        keep = max(0, min(keep, self._reusable, len(tokens) - _LEAST_READ))
        self._forget_after(keep // _GROUP * _GROUP)
        while len(self._read) < len(tokens):
            left = len(tokens) - len(self._read)
            size = min(left, self._batch_size)
            if 0 < left - size < _LEAST_READ < size:
                size -= _LEAST_READ
            self._decode(tokens[len(self._read) :][:size], stopped)
        return self._logits()

    def read_on(self, token: int, *, stopped: Callable[[], bool]) -> NDArray[np.float32]:
        """Read one more token behind what was read; otherwise as `read`."""
        if len(self._read) >= self.context_tokens:
            raise ModelUnusable(
                f"the context of {self.context_tokens} tokens is full; ask for a shorter answer"
            )
        self._decode([token], stopped)
        return self._logits()

    def close(self) -> None:
        """Free the model's memory; it cannot be used after that."""
        if self._context is not None:
            self._api.llama_batch_free(self._batch)
            self._api.llama_free(self._context)
            self._api.llama_model_free(self._model)
            self._context = None

    def _load(self, file: Path) -> Any:
        parameters = self._api.llama_model_default_params()
        # The weights are rearranged for the processor as they are read; a mapped file would stay in memory
        # beside that copy, 0.6 GB of it with the default model.
        parameters.load_mode = self._api.LLAMA_LOAD_MODE_NONE
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
            self._api.llama_model_free(self._model)
            raise ModelUnusable(
                f"model file {file}: no context of {context_tokens} tokens could be made; "
                "lower the setting context_tokens, or free memory"
            )
        return context

    def _forget_after(self, length: int) -> None:
        if length == len(self._read):
            return
        self._cut_back(length)

    def _cut_back(self, length: int) -> None:
        self._reusable = min(self._reusable, length)
        if length and self._api.llama_memory_seq_rm(self._memory, 0, length, -1):
            del self._read[length:]
            return
        # A hybrid's memory cannot be rolled back: it reads everything again.
        self._api.llama_memory_clear(self._memory, True)
        self._read.clear()
        self._reusable = 0

    def _logits(self) -> NDArray[np.float32]:
        logits = self._api.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(logits, shape=(self._vocabulary,))

    def _decode(self, tokens: Sequence[int], stopped: Callable[[], bool]) -> None:
        batch = self._batch
        batch.n_tokens = len(tokens)
        for place, token in enumerate(tokens):
            batch.token[place] = token
            batch.pos[place] = len(self._read) + place
            batch.n_seq_id[place] = 1
            batch.seq_id[place][0] = 0
            batch.logits[place] = place == len(tokens) - 1
        self._stopped = stopped
        try:
            status = self._api.llama_decode(self._context, batch)
        finally:
            self._stopped = lambda: False
        if status == 0:
            if len(tokens) >= _LEAST_READ and self._reusable == len(self._read):
                self._reusable += len(tokens)
            self._read.extend(tokens)
            return
        self._cut_back(len(self._read))  # it may have taken in a part of them
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


# The hook is the whole process's: one that went with its model would be called after its end.
_LOG_HOOK = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(_pass_on)
