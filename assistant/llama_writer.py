"""The writer that runs in this process: a quantized open-weight model through llama.cpp."""

import threading
from collections.abc import Sequence
from pathlib import Path

from assistant.answer import ModelName
from assistant.chat_format import ChatFormat
from assistant.engine.drafting import Drafter, Verdict
from assistant.engine.engine import Engine
from assistant.engine.gguf_model import GgufModel, PieceDecoder
from assistant.engine.passage_states import NoStates, PassageStates
from assistant.engine.placing import Placer, Placing
from assistant.engine.plain_reader import PlainReader
from assistant.engine.scheduler import StoppedReading
from assistant.engine.sequence_memory import SequenceMemory
from assistant.llama_reading import LlamaReading
from assistant.loaded_model import LoadedModel
from assistant.writer import Sources, Stopped, Task

# Small models begin a yes or a no in several spellings; their probabilities are added up.
_YES = ("Yes", "yes", " Yes", " yes", "YES")
_NO = ("No", "no", " No", " no", "NO")
# Beside the longest question, three of the usual length. Each cell costs when states are moved.
_FOR_OTHERS = 2048
_MOST_SEQUENCES = 32
# What a recurrent part has read takes the same room for each sequence, however short.
_FEW_SEQUENCES = 8


class LlamaWriter:
    """Writes with one GGUF file. Greedy: the same question over the same sources gives the same words.

    Several may ask at once. The weights are loaded at the first use, or by `warm_up`.
    """

    def __init__(
        self,
        name: ModelName,
        file: Path,
        *,
        context_tokens: int = 4096,
        threads: int | None = None,
        states: PassageStates | None = None,
        guessing: bool = True,
        placing: Placing | None = None,
    ) -> None:
        """`context_tokens` is the most that one question may take; the memory holds more, for others.

        `states` keeps what was read of the sources; without, every question reads them anew.
        """
        self._name = name
        self._file = file
        self._context_tokens = context_tokens
        self._threads = threads
        self._states = states or NoStates()
        self._guessing = guessing
        self._placing = placing
        self._lock = threading.Lock()
        self._parts: LoadedModel | None = None

    @property
    def name(self) -> ModelName:
        """Which model this is."""
        return self._name

    @property
    def keeps_sources(self) -> bool:
        """See Writer. Loads the weights: it is theirs to tell."""
        return self._loaded().engine.keeps_states

    def warm_up(self) -> None:
        """Load the weights now. Raises ModelUnusable when they cannot be."""
        self._loaded()

    def close(self) -> None:
        """Free the memory, once everybody has been told to stop."""
        with self._lock:
            parts, self._parts = self._parts, None
        if parts is not None:
            parts.engine.close()
            parts.memory.close()
            parts.model.close()

    def count_tokens(self, text: str) -> int:
        """How many tokens the model reads `text` as."""
        return len(self._loaded().model.tokens(text, trusted=False))

    def read(self, sources: Sources, *, stopped: Stopped) -> "LlamaReading":
        """See Writer. Nothing is read before the first task."""
        return LlamaReading(self._loaded(), sources, self._context_tokens)

    def prepare(self, orders: str, text: str, *, stopped: Stopped) -> bool:
        """See Writer. False when it is kept already, was stopped, or this model reads plainly."""
        parts = self._loaded()
        try:
            return parts.engine.prepare(parts.prefix(orders), parts.source(text), stopped=stopped)
        except StoppedReading:
            return False

    def plain_reader(self) -> PlainReader:
        """A reader of its own over the same weights, from front to end: to measure against."""
        return PlainReader(self._loaded().model, cells=self._context_tokens, threads=self._threads)

    def plain_prompt(self, sources: Sources, task: Task) -> list[int]:
        """The tokens of a whole prompt, in the order in which a plain reader would read them."""
        parts = self._loaded()
        passages = [token for text in sources.texts for token in parts.source(text)]
        opening = parts.opening(task)
        return [*parts.prefix(sources.orders), *passages, *opening.stem, *opening.order]

    def chat_prompt(self, text: str) -> list[int]:
        """The tokens of one user's turn without standing orders."""
        return self._loaded().turn(text)

    def text_of(self, tokens: Sequence[int]) -> str:
        """The text that tokens stand for."""
        model = self._loaded().model
        return PieceDecoder().text([model.piece(token) for token in tokens])

    def _loaded(self) -> LoadedModel:
        with self._lock:
            if self._parts is None:
                self._parts = self._load()
            return self._parts

    def _load(self) -> LoadedModel:
        model = GgufModel(self._file)
        try:
            template = model.metadata("tokenizer.chat_template")
            chat = ChatFormat(template, bos=model.special("bos"), eos=model.special("eos"))
            memory = SequenceMemory(
                model,
                cells=self._context_tokens + _FOR_OTHERS,
                sequences=_MOST_SEQUENCES if model.can_roll_back else _FEW_SEQUENCES,
                threads=self._threads,
            )
        except BaseException:
            model.close()
            raise
        weights = f"{self._name.sha256 or self._file} {model.version}"
        # What a recurrent part has read is one whole; it cannot be put together from passages.
        placing = self._placing if model.can_roll_back else "plain"
        placer = Placer(memory, self._states, model=weights, placing=placing)
        drafter = Drafter(
            memory,
            ends=model.ends,
            verdict=Verdict(_first_tokens(model, _YES), _first_tokens(model, _NO)),
            guessing=self._guessing and model.can_roll_back,
        )
        engine = Engine(memory, placer, drafter)
        return LoadedModel(model, memory, engine, chat)


def _first_tokens(model: GgufModel, words: Sequence[str]) -> list[int]:
    return sorted({model.tokens(word, trusted=False)[0] for word in words})
