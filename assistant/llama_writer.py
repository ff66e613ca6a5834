"""The writer that runs in this process: a quantized open-weight model through llama.cpp."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import ModelName
from assistant.chat_format import ChatFormat, PromptPart
from assistant.engine.drafting import Drafter, Opening, Verdict
from assistant.engine.engine import Engine
from assistant.engine.gguf_model import GgufModel, PieceDecoder
from assistant.engine.passage_states import NoStates, PassageStates
from assistant.engine.placing import Placed, Placer, Placing
from assistant.engine.plain_reader import PlainReader
from assistant.engine.room import NoRoomBeside
from assistant.engine.scheduler import StoppedReading
from assistant.engine.sequence_memory import SequenceMemory
from assistant.errors import ModelUnusable
from assistant.writer import Sources, Stopped, Task, Written

# Small models begin a yes or a no in several spellings; their probabilities are added up.
_YES = ("Yes", "yes", " Yes", " yes", "YES")
_NO = ("No", "no", " No", " no", "NO")
_HEADING = PromptPart("Sources:\n\n", trusted=True)
_GAP = PromptPart("\n\n", trusted=True)
# With this word before it the question is doubted rightly, and answered worse: docs/log.md.
_QUESTION = PromptPart("Question: ", trusted=True)
# What a question, its orders and the claims of its answer take beside sources and draft, tokens.
_TASK_TOKENS = 512
# Beside the longest question, three of the usual length. Each cell costs when states are moved.
_FOR_OTHERS = 2048
_MOST_SEQUENCES = 32
# What a recurrent part has read takes the same room for each sequence, however short.
_FEW_SEQUENCES = 8


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: GgufModel
    memory: SequenceMemory
    engine: Engine
    chat: ChatFormat


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
        self._parts: _Loaded | None = None

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
            return parts.engine.prepare(_prefix(parts, orders), _source(parts, text), stopped=stopped)
        except StoppedReading:
            return False

    def plain_reader(self) -> PlainReader:
        """A reader of its own over the same weights, from front to end: to measure against."""
        return PlainReader(self._loaded().model, cells=self._context_tokens, threads=self._threads)

    def plain_prompt(self, sources: Sources, task: Task) -> list[int]:
        """The tokens of a whole prompt, in the order in which a plain reader would read them."""
        parts = self._loaded()
        tail = _asked(task.question, task.order)
        passages = [token for text in sources.texts for token in _source(parts, text)]
        return [*_prefix(parts, sources.orders), *passages, *_tokens(parts.model, *tail, parts.chat.after)]

    def chat_prompt(self, text: str) -> list[int]:
        """The tokens of one user's turn without standing orders."""
        parts = self._loaded()
        return _tokens(parts.model, *parts.chat.before(""), PromptPart(text, trusted=False), parts.chat.after)

    def text_of(self, tokens: Sequence[int]) -> str:
        """The text that tokens stand for."""
        model = self._loaded().model
        return PieceDecoder().text([model.piece(token) for token in tokens])

    def _loaded(self) -> _Loaded:
        with self._lock:
            if self._parts is None:
                self._parts = self._load()
            return self._parts

    def _load(self) -> _Loaded:
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
        return _Loaded(model, memory, engine, chat)


class LlamaReading:
    """Sources before the model, put there with the first task."""

    def __init__(self, parts: _Loaded, sources: Sources, limit: int) -> None:
        self._parts = parts
        self._prefix = _prefix(parts, sources.orders)
        self._passages = [_source(parts, text) for text in sources.texts]
        self._closely = sources.closely
        self._beside = sources.beside
        self._urgent = sources.urgent or not sources.beside
        self._limit = limit
        self._placed: Placed | None = None

    def __enter__(self) -> "LlamaReading":
        return self

    def __exit__(self, *_: object) -> None:
        """Take the sources away."""
        if self._placed is not None:
            self._parts.engine.release(self._placed)

    def put_in_place(self, *, stopped: Stopped) -> None:
        """Put the sources before the model now, and not with the first task. Raises StoppedReading."""
        if self._placed is None:
            # With room for a task to come, else it would have to be put there once more.
            self._in_place(0, _TASK_TOKENS, stopped)

    def write(self, task: Task, *, max_tokens: int, stopped: Stopped) -> Iterator[Written]:
        """See Reading."""
        model, after = self._parts.model, self._parts.chat.after
        opening = Opening(
            stem=(),
            order=_tokens(model, *_asked(task.question, task.order), after),
            doubt=() if task.doubt is None else self._doubt(task),
        )
        try:
            placed, most = self._in_place(
                len(opening.stem) + len(opening.order) + len(opening.doubt), max_tokens, stopped
            )
        except (StoppedReading, NoRoomBeside):
            # What does not fit beside other evidence goes without an answer.
            return
        read = len(placed.read) + len(opening.stem) + len(opening.order)
        decoder = PieceDecoder()
        written = 0
        for step in self._parts.engine.write(
            placed, opening, most=most, stopped=stopped, urgent=self._urgent
        ):
            written += len(step.tokens)
            text = decoder.text([model.piece(token) for token in step.tokens])
            yield Written(text, read, written, step.finished, step.margin)

    def doubt(self, task: Task, *, stopped: Stopped) -> float | None:
        """See Reading."""
        margins = self._judge((), [self._doubt(task)], stopped)
        return margins[0] if margins else None

    def yes_margins(self, stem: str, questions: Sequence[str], *, stopped: Stopped) -> list[float] | None:
        """See Reading."""
        model, after = self._parts.model, self._parts.chat.after
        asked = [_tokens(model, PromptPart(question, trusted=False), after) for question in questions]
        first = _tokens(model, PromptPart(stem, trusted=False)) if stem else []
        return self._judge(first, asked, stopped)

    def _judge(
        self, stem: Sequence[int], asked: Sequence[Sequence[int]], stopped: Stopped
    ) -> list[float] | None:
        room = len(stem) + max(map(len, asked), default=0)
        if not (self._beside and self._passages):
            # Several fit into a batch; beside other evidence a source leaves no room for that.
            room = max(_TASK_TOKENS, room)
        try:
            placed, room = self._in_place(0, room, stopped)
            return self._parts.engine.judge(
                placed, stem, asked, room=room, stopped=stopped, urgent=self._urgent
            )
        except (StoppedReading, NoRoomBeside):
            return None

    def _doubt(self, task: Task) -> list[int]:
        asked = _asked(task.question, task.doubt or "")
        return _tokens(self._parts.model, _QUESTION, *asked, self._parts.chat.after)

    def _in_place(self, task: int, answer: int, stopped: Stopped) -> tuple[Placed, int]:
        """The sources in place, and how long an answer to a task of `task` tokens may be."""
        read = len(self._prefix) + sum(map(len, self._passages)) + task
        if read >= self._limit:
            raise ModelUnusable(
                f"{read} tokens leave no room for an answer in a context of {self._limit}; "
                "shorten the question, or raise the setting context_tokens"
            )
        answer = min(answer, self._limit - read)
        spare = task + answer
        if self._placed is not None and self._placed.room - len(self._placed.read) < spare:
            placed, self._placed = self._placed, None
            self._parts.engine.release(placed)
        if self._placed is None:
            self._placed = self._parts.engine.place(
                self._prefix,
                self._passages,
                spare=spare,
                stopped=stopped,
                anew=self._closely,
                beside=self._beside,
                urgent=self._urgent,
            )
        return self._placed, answer


def _prefix(parts: _Loaded, orders: str) -> list[int]:
    model = parts.model
    tokens = _tokens(model, *parts.chat.before(orders), _HEADING)
    bos = model.tokens(model.special("bos"), trusted=True) if model.adds_bos else []
    return tokens if tokens[: len(bos)] == bos else bos + tokens


def _source(parts: _Loaded, text: str) -> list[int]:
    return _tokens(parts.model, PromptPart(text, trusted=False), _GAP)


def _asked(question: str, what: str) -> tuple[PromptPart, ...]:
    return PromptPart(question, trusted=False), _GAP, PromptPart(what, trusted=False)


def _tokens(model: GgufModel, *parts: PromptPart) -> list[int]:
    return [token for part in parts for token in model.tokens(part.text, trusted=part.trusted)]


def _first_tokens(model: GgufModel, words: Sequence[str]) -> list[int]:
    return sorted({model.tokens(word, trusted=False)[0] for word in words})
