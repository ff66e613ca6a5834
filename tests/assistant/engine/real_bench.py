"""An engine with the small real model, and a few questions about two passages."""

import threading
from collections.abc import Callable, Sequence
from itertools import pairwise

from assistant.engine.drafting import Drafter, Opening, Step, Verdict
from assistant.engine.engine import Engine
from assistant.engine.gguf_model import GgufModel
from assistant.engine.passage_states import NoStates, PassageStates
from assistant.engine.placing import Placer, Placing
from assistant.engine.scheduler import Work
from assistant.engine.sequence_memory import Logits, ReadingAborted, Run, SequenceMemory

SECONDS = 120.0
PREFIX = "<|im_start|>system\nYou answer from sources.<|im_end|>\n<|im_start|>user\nSources:\n\n"
PASSAGES = (
    "Source: Gemma 4\nThe licence of Gemma 4 is Apache 2.0. It was made by Google. It runs on one card.\n\n",
    "Source: Qwen3\nQwen3 speaks 119 languages. It was made by Alibaba. Its smallest has 0.6 billion.\n\n",
)
QUESTIONS = (
    "How many languages does Qwen3 speak?",
    "What is the licence of Gemma 4?",
    "Who made Qwen3?",
    "Does Gemma 4 run on one card?",
)
AFTER = " Answer in a sentence.<|im_end|>\n<|im_start|>assistant\n"


def never() -> bool:
    return False


class Watched(SequenceMemory):
    """Tells what each batch read, and whether it was given up."""

    def __init__(self, model: GgufModel, **options: int) -> None:
        super().__init__(model, **options)
        self.batches: list[tuple[str, int]] = []
        self.begun = threading.Event()

    def decode(self, runs: Sequence[Run], aborted: Callable[[], bool]) -> list[list[Logits]]:
        self.begun.set()
        count = sum(len(run.tokens) for run in runs)
        try:
            rows = super().decode(runs, aborted)
        except ReadingAborted:
            self.batches.append(("aborted", count))
            raise
        self.batches.append(("read", count))
        return rows


class RealBench:
    """An engine whose memory is watched."""

    def __init__(
        self,
        model: GgufModel,
        states: PassageStates | None = None,
        *,
        placing: Placing = "shifted",
        guessing: bool = True,
    ) -> None:
        self.model = model
        self.memory = Watched(model, cells=2048, threads=1)
        placer = Placer(self.memory, states or NoStates(), model="small", placing=placing)
        verdict = Verdict(yes=self.tokens("Yes")[:1], no=self.tokens("No")[:1])
        drafter = Drafter(self.memory, ends=model.ends, verdict=verdict, guessing=guessing)
        self.engine = Engine(self.memory, placer, drafter)
        self.verdict = verdict

    def tokens(self, text: str) -> list[int]:
        return self.model.tokens(text, trusted=True)

    def opening(self, question: str) -> Opening:
        return Opening(self.tokens(f"{question}\n\n"), self.tokens(AFTER))

    def whole(self, question: str) -> list[int]:
        return [
            token for text in (PREFIX, *PASSAGES, f"{question}\n\n", AFTER) for token in self.tokens(text)
        ]

    def ask(self, question: str, *, most: int = 12, stopped: Callable[[], bool] = never) -> list[Step]:
        passages = [self.tokens(text) for text in PASSAGES]
        placed = self.engine.place(self.tokens(PREFIX), passages, spare=150, stopped=stopped)
        try:
            return list(self.engine.write(placed, self.opening(question), most=most, stopped=stopped))
        finally:
            self.engine.release(placed)

    def judge(self, questions: Sequence[str]) -> list[float]:
        passages = [self.tokens(text) for text in PASSAGES]
        placed = self.engine.place(self.tokens(PREFIX), passages, spare=300, stopped=never)
        asked = [self.tokens(question + AFTER) for question in questions]
        try:
            return self.engine.judge(placed, self.tokens("Say Yes or No: "), asked, room=300, stopped=never)
        finally:
            self.engine.release(placed)

    def logits(self, tokens: Sequence[int], *cuts: int) -> Logits:
        """What llama.cpp says after reading all at once, or cut at these places, in a memory of its own."""
        memory = SequenceMemory(self.model, cells=512, threads=1)
        sequence = memory.take()
        try:
            for start, end in pairwise((0, *cuts, len(tokens))):
                [[logits]] = memory.decode([Run((sequence,), start, tokens[start:end], "last")], never)
            return logits
        finally:
            memory.close()

    def first_logits(self, question: str) -> Logits:
        """What the model says behind evidence in place, before it writes a word."""
        passages = [self.tokens(text) for text in PASSAGES]
        placed = self.engine.place(self.tokens(PREFIX), passages, spare=150, stopped=never)
        opening = self.opening(question)

        def reading() -> Work[Logits]:
            with self.memory.sequence() as sequence:
                self.memory.copy(placed.sequence, sequence)
                tokens = [*opening.stem, *opening.order]
                [[logits]] = yield [Run((sequence,), placed.end, tokens, "last")]
                return logits

        said = self.engine._scheduler.submit(reading()).future.result(SECONDS)
        self.engine.release(placed)
        return said

    def left(self) -> tuple[int, list[int]]:
        """Free sequences, and where others end that have read something, once all has come to its end."""

        def nothing() -> Work[None]:
            return
            yield

        for _ in range(3):  # what ends late may hand in something itself
            self.engine._scheduler.submit(nothing()).future.result(SECONDS)
        memory = self.memory
        ends = [
            memory._api.llama_memory_seq_pos_max(memory._memory, sequence)
            for sequence in range(memory.sequences)
        ]
        return memory.free, [end for end in ends if end != -1]

    def close(self) -> None:
        self.engine.close()
        self.memory.close()


def words(steps: Sequence[Step]) -> list[int]:
    return [token for step in steps for token in step.tokens]
