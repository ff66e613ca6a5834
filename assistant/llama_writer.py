"""The writer that runs in this process: a quantized open-weight model through llama.cpp."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant.answer import ModelName
from assistant.chat_format import ChatFormat
from assistant.errors import ModelUnusable
from assistant.llama_model import LlamaModel, PieceDecoder, StoppedReading
from assistant.writer import Prompt, Stopped, Written

# Small models begin a yes or a no in several spellings; their probabilities are added up.
_YES = ("Yes", "yes", " Yes", " yes", "YES")
_NO = ("No", "no", " No", " no", "NO")


class LlamaWriter:
    """Writes with one GGUF file. Greedy: the same prompt gives the same words.

    One lock guards the model; a draft holds it until it ends or its iterator is closed, so a second
    question waits for the first. The weights are loaded at the first use, or by `warm_up`.
    """

    def __init__(
        self, name: ModelName, file: Path, *, context_tokens: int = 4096, threads: int | None = None
    ) -> None:
        self._name = name
        self._file = file
        self._context_tokens = context_tokens
        self._threads = threads
        self._lock = threading.Lock()
        self._model: LlamaModel | None = None
        self._format: ChatFormat | None = None
        self._judgement: tuple[list[int], list[int]] = ([], [])

    @property
    def name(self) -> ModelName:
        """Which model this is."""
        return self._name

    def warm_up(self) -> None:
        """Load the weights now. Raises ModelUnusable when they cannot be."""
        with self._lock:
            self._loaded()

    def close(self) -> None:
        """Free the memory."""
        with self._lock:
            if self._model is not None:
                self._model.close()
                self._model = None

    def count_tokens(self, text: str) -> int:
        """How many tokens the model reads `text` as."""
        # Tokenizing only reads the vocabulary, so it need not wait for a draft in progress.
        model = self._model
        if model is None:
            with self._lock:
                model = self._loaded()[0]
        return len(model.tokens(text, trusted=False))

    def write(self, prompt: Prompt, *, max_tokens: int, stopped: Stopped) -> Iterator[Written]:
        """See Writer."""
        with self._lock:
            model, chat = self._loaded()
            tokens = self._tokens(model, chat, prompt)
            read = len(tokens)
            room = model.context_tokens - read
            if room < 1:
                raise ModelUnusable(
                    f"{read} tokens leave no room for an answer in a context of {model.context_tokens}; "
                    "shorten the question, or raise the setting context_tokens"
                )
            decoder = PieceDecoder()
            limit = min(max_tokens, room)
            try:
                logits = model.read(tokens, stopped=stopped)
                for count in range(1, limit + 1):
                    token = int(np.argmax(logits))
                    if model.ends(token):
                        yield Written("", read, count - 1, finished=True)
                        return
                    yield Written(decoder.text(model.piece(token)), read, count)
                    if count == limit or stopped():
                        return
                    logits = model.read_on(token, stopped=stopped)
            except StoppedReading:
                return

    def yes_margin(self, prompt: Prompt, *, stopped: Stopped) -> float | None:
        """See Writer."""
        with self._lock:
            model, chat = self._loaded()
            try:
                logits = model.read(self._tokens(model, chat, prompt), stopped=stopped)
            except StoppedReading:
                return None
            yes, no = self._judgement
            return _log_sum(logits[yes]) - _log_sum(logits[no])

    def _loaded(self) -> tuple[LlamaModel, ChatFormat]:
        if self._model is None or self._format is None:
            model = LlamaModel(self._file, context_tokens=self._context_tokens, threads=self._threads)
            template = model.metadata("tokenizer.chat_template")
            try:
                self._format = ChatFormat(template, bos=model.special("bos"), eos=model.special("eos"))
            except ModelUnusable:
                model.close()
                raise
            self._judgement = (_first_tokens(model, _YES), _first_tokens(model, _NO))
            self._model = model
        return self._model, self._format

    def _tokens(self, model: LlamaModel, chat: ChatFormat, prompt: Prompt) -> list[int]:
        parts = chat.render(prompt)
        tokens = [token for part in parts for token in model.tokens(part.text, trusted=part.trusted)]
        bos = model.tokens(model.special("bos"), trusted=True) if model.adds_bos else []
        return tokens if tokens[: len(bos)] == bos else bos + tokens


def _first_tokens(model: LlamaModel, words: Sequence[str]) -> list[int]:
    return sorted({model.tokens(word, trusted=False)[0] for word in words})


def _log_sum(logits: np.ndarray) -> float:
    top = float(np.max(logits))
    return top + float(np.log(np.sum(np.exp(logits - top))))
