"""Sources put before a model in this process, and what is written and judged behind them."""

from collections.abc import Iterator, Sequence

from assistant.engine.gguf_model import PieceDecoder
from assistant.engine.placing import Placed
from assistant.engine.room import NoRoomBeside
from assistant.engine.scheduler import StoppedReading
from assistant.errors import ModelUnusable
from assistant.loaded_model import LoadedModel
from assistant.writer import Sources, Stopped, Task, Weight, Written

# What a question, its orders and the claims of its answer take beside sources and draft, tokens.
_TASK_TOKENS = 512


class LlamaReading:
    """Sources before the model, put there with the first task."""

    def __init__(self, parts: LoadedModel, sources: Sources, limit: int) -> None:
        self._parts = parts
        self._prefix = parts.prefix(sources.orders)
        self._passages = [parts.source(text) for text in sources.texts]
        self._closely = sources.closely
        self._beside = sources.beside
        self._urgent = sources.urgent
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
        model = self._parts.model
        opening = self._parts.opening(task)
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
        margins = self._judge((), [self._parts.doubt(task)], stopped)
        return margins[0] if margins else None

    def weigh(self, task: Task, *, stopped: Stopped) -> Weight | None:
        """See Reading."""
        question, doubt = self._parts.question(task), self._parts.ending(task.doubt or "")
        try:
            placed, _ = self._in_place(len(question) + len(doubt), 0, stopped)
            weighed = self._parts.engine.weigh(placed, question, doubt, stopped=stopped, urgent=self._urgent)
        except (StoppedReading, NoRoomBeside):
            return None
        return Weight(*weighed)

    def yes_margins(self, stem: str, questions: Sequence[str], *, stopped: Stopped) -> list[float] | None:
        """See Reading."""
        asked = [self._parts.ending(question) for question in questions]
        return self._judge(self._parts.stem(stem), asked, stopped)

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
