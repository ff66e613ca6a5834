"""The weights and the vocabulary of one GGUF file."""

import codecs
import ctypes
import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import ModelUnusable
from index_store.shared_processors import share_processors

_logger = logging.getLogger(__name__)
_WARNING_LEVEL = 3  # of llama.cpp's log levels: 1 debug, 2 info, 3 warning, 4 error


class GgufModel:
    """One loaded model. Its vocabulary may be asked by any thread; it must outlive its memories."""

    def __init__(self, file: Path) -> None:
        """Load the weights; an interrupt gives that up. Raises ModelUnusable when llama.cpp cannot."""
        share_processors()
        # Importing loads the compiled library, which a command without a model can do without.
        import llama_cpp

        self.api: Any = llama_cpp
        self.file = file
        self.api.llama_log_set(_LOG_HOOK, ctypes.c_void_p(0))
        self.api.llama_backend_init()
        self.handle = self._load(file)
        self._lock = threading.Lock()
        self._vocab = self.api.llama_model_get_vocab(self.handle)
        self.vocabulary = int(self.api.llama_vocab_n_tokens(self._vocab))

    @property
    def version(self) -> str:
        """Of the library: what one version has laid out in memory, another need not read."""
        return f"llama-cpp-python {self.api.__version__}"

    @property
    def can_roll_back(self) -> bool:
        """Whether what was read last can be taken back; not with a recurrent part."""
        return not (
            self.api.llama_model_is_recurrent(self.handle) or self.api.llama_model_is_hybrid(self.handle)
        )

    def metadata(self, key: str) -> str | None:
        """A value of the file's metadata, or None."""
        size = 2**16
        buffer = ctypes.create_string_buffer(size)
        length = self.api.llama_model_meta_val_str(self.handle, key.encode(), buffer, size)
        return None if length < 0 else buffer.value.decode("utf-8", errors="replace")

    def special(self, name: str) -> str:
        """The text of the token that begins ("bos") or ends ("eos") a text; "" when there is none."""
        token = getattr(self.api, f"llama_vocab_{name}")(self._vocab)
        return "" if token < 0 else self.api.llama_vocab_get_text(self._vocab, token).decode()

    @property
    def adds_bos(self) -> bool:
        """Whether the model wants its first token before any text."""
        return bool(self.api.llama_vocab_get_add_bos(self._vocab))

    def tokens(self, text: str, *, trusted: bool) -> list[int]:
        """The tokens of `text`; control tokens are recognised in trusted text only. Raises ModelUnusable."""
        data = text.encode("utf-8", errors="replace")
        size = len(data) + 8
        found = (self.api.llama_token * size)()
        with self._open():
            count = self.api.llama_tokenize(self._vocab, data, len(data), found, size, False, trusted)
        if count < 0:
            raise ModelUnusable(f"the tokenizer failed on {len(data)} bytes of text; verify the model's file")
        return list(found[:count])

    def piece(self, token: int) -> bytes:
        """The bytes that a token stands for; control tokens give none."""
        buffer = ctypes.create_string_buffer(256)
        with self._open():
            length = self.api.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, False)
        return buffer.raw[: max(0, length)]

    def ends(self, token: int) -> bool:
        """Whether the token ends the model's turn."""
        return bool(self.api.llama_vocab_is_eog(self._vocab, token))

    def close(self) -> None:
        """Free the weights; it cannot be used after that."""
        with self._lock:
            if self.handle is not None:
                self.api.llama_model_free(self.handle)
                self.handle = None

    @contextmanager
    def _open(self) -> Iterator[None]:
        """Keeps the vocabulary in memory while another thread may want to close."""
        with self._lock:
            if self.handle is None:
                raise ModelUnusable("the model has been closed; ask again when it is open")
            yield

    def _load(self, file: Path) -> Any:
        load = self.api.llama_model_load_from_file
        parameters = self.api.llama_model_default_params()
        # The weights are rearranged for the processor as they are read; a mapped file would stay in memory
        # beside that copy, 0.6 GB of it with the default model.
        parameters.load_mode = self.api.LLAMA_LOAD_MODE_NONE
        given_up = threading.Event()
        parameters.progress_callback = self.api.llama_progress_callback(lambda *_: not given_up.is_set())
        # In a thread of its own: an interrupt that Python raises within a call back from llama.cpp is lost.
        with ThreadPoolExecutor(1, thread_name_prefix="footnote-loading") as threads:
            try:
                model = threads.submit(load, str(file).encode(), parameters).result()
            except BaseException:
                given_up.set()
                raise
        if not model:
            raise ModelUnusable(f"model file {file}: llama.cpp cannot load it; run: footnote models verify")
        return model


class PieceDecoder:
    """Joins token bytes to text: a character may be spread over several tokens."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def text(self, pieces: Sequence[bytes]) -> str:
        """The characters that are complete with these pieces."""
        return "".join(self._decoder.decode(piece) for piece in pieces)


def _pass_on(level: int, text: bytes, _: object) -> None:
    if level >= _WARNING_LEVEL:
        _logger.debug("llama.cpp: %s", text.decode("utf-8", errors="replace").rstrip())


# The hook is the whole process's: one that went with its model would be called after its end.
_LOG_HOOK = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(_pass_on)
