"""Writes and judges behind evidence in place. All here are steps of jobs, in the scheduler's thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from assistant.engine.guesses import PromptLookup
from assistant.engine.placing import Placed, Tokens
from assistant.engine.scheduler import Work
from assistant.engine.sequence_memory import Logits, Run, SequenceMemory
from assistant.errors import ModelUnusable

# llama.cpp reads four tokens in little more time than one (1.3 times, two cores), five in much more.
_GROUP = 4
_AT_ONCE = 8  # questions judged in one batch


@dataclass(frozen=True, slots=True)
class Verdict:
    """The tokens that begin a yes and those that begin a no."""

    yes: Tokens
    no: Tokens

    def margin(self, logits: Logits) -> float:
        """The log odds of yes against no."""
        return _log_sum(logits[list(self.yes)]) - _log_sum(logits[list(self.no)])


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands behind the evidence: a stem read once, the order to write, and perhaps a doubt to judge."""

    stem: Tokens
    order: Tokens
    doubt: Tokens = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What a draft has got further by: new tokens, or the margin of its doubt; `finished` at its own end."""

    tokens: tuple[int, ...] = ()
    margin: float | None = None
    finished: bool = False


@dataclass(slots=True)
class _Draft:
    """A draft under way: its sequence, its next position, and what guesses come from."""

    sequence: int
    at: int
    lookup: PromptLookup


class Drafter:
    """Greedy. `ends` tells the tokens that end a turn; guesses need a memory that can be rolled back."""

    def __init__(
        self, memory: SequenceMemory, *, ends: Callable[[int], bool], verdict: Verdict, guessing: bool
    ) -> None:
        self._memory = memory
        self._ends = ends
        self._verdict = verdict
        self._guessing = guessing
        self._writing = 0

    def write(self, placed: Placed, opening: Opening, most: int, tell: Callable[[Step], None]) -> Work[None]:
        """Write up to `most` tokens, telling each step."""
        with self._memory.sequence() as sequence:
            self._memory.copy(placed.sequence, sequence)
            logits = yield from self._open(placed, opening, sequence, tell)
            read = [*placed.read, *opening.stem, *opening.order]
            draft = _Draft(sequence, placed.end + len(opening.stem) + len(opening.order), PromptLookup(read))
            self._writing += 1
            try:
                yield from self._go_on(draft, int(np.argmax(logits)), most, tell)
            finally:
                self._writing -= 1

    def _open(
        self, placed: Placed, opening: Opening, draft: int, tell: Callable[[Step], None]
    ) -> Work[Logits]:
        """Read the task; when there is a doubt, in the same batch, the stem once for both."""
        middle = placed.end + len(opening.stem)
        order = Run((draft,), middle, opening.order, "last")
        if not opening.doubt:
            stem = [Run((draft,), placed.end, opening.stem)] if opening.stem else []
            *_, [logits] = yield [*stem, order]
            return logits
        with self._memory.sequence() as doubting:
            self._memory.copy(placed.sequence, doubting)
            stem = [Run((doubting, draft), placed.end, opening.stem)] if opening.stem else []
            *_, [doubt], [logits] = yield [*stem, Run((doubting,), middle, opening.doubt, "last"), order]
        tell(Step(margin=self._verdict.margin(doubt)))
        return logits

    def _go_on(self, draft: "_Draft", token: int, most: int, tell: Callable[[Step], None]) -> Work[None]:
        """Write from `token` on. Guesses are read along with the last token; true ones stay."""
        while most > 0:
            if self._ends(token):
                tell(Step(finished=True))
                return
            tell(Step((token,)))
            draft.lookup.add(token)
            most -= 1
            guesses = draft.lookup.guess(min(most, self._guesses())) if most else []
            [rows] = yield [Run((draft.sequence,), draft.at, [token, *guesses], "every")]
            draft.at += 1
            for guess, row in zip(guesses, rows, strict=False):
                token = int(np.argmax(row))
                if token != guess or self._ends(token):
                    break
                tell(Step((token,)))
                draft.lookup.add(token)
                most -= 1
                draft.at += 1
            else:
                token = int(np.argmax(rows[-1]))
            if guesses:
                self._memory.cut(draft.sequence, draft.at)

    def _guesses(self) -> int:
        return _GROUP // max(1, self._writing) - 1 if self._guessing else 0

    def judge(
        self, placed: Placed, stem: Tokens, questions: Sequence[Tokens], room: int
    ) -> Work[list[float]]:
        """The margins of questions behind one stem, which is read once for all.

        `room` is how many tokens may stand behind the evidence at once: stem and questions.
        """
        margins: list[float] = []
        while len(margins) < len(questions):
            some = self._at_once(questions[len(margins) :], room - len(stem))
            sequences: list[int] = []
            try:
                for _ in some:
                    sequences.append(self._memory.take())
                    self._memory.copy(placed.sequence, sequences[-1])
                runs = [Run(tuple(sequences), placed.end, stem)] if stem else []
                middle = placed.end + len(stem)
                runs += [
                    Run((sequence,), middle, question, "last")
                    for sequence, question in zip(sequences, some, strict=True)
                ]
                rows = yield runs
                margins += [self._verdict.margin(logits) for [logits] in rows[len(runs) - len(some) :]]
            finally:
                for sequence in sequences:
                    self._memory.give_back(sequence)
        return margins

    def weigh(self, placed: Placed, question: Tokens, doubt: Tokens) -> Work[tuple[float, float]]:
        """The margin of a doubt behind a question, and the mean log probability of the question's tokens."""
        with self._memory.sequence() as sequence:
            self._memory.copy(placed.sequence, sequence)
            ending = Run((sequence,), placed.end + len(question), doubt, "last")
            rows, [logits] = yield [Run((sequence,), placed.end, question, "every"), ending]
        return self._verdict.margin(logits), _mean_log_probability(question, rows)

    def _at_once(self, questions: Sequence[Tokens], room: int) -> Sequence[Tokens]:
        """The first of the questions, as many as there is room for, and sequences, some left for others."""
        most = max(1, min(_AT_ONCE, self._memory.free // 2))
        lengths = list(accumulate(map(len, questions[:most])))
        if lengths[0] > room:
            raise ModelUnusable(
                f"a question of {lengths[0]} tokens about the sources leaves no room for others "
                f"({room} are left); shorten it"
            )
        return questions[: sum(length <= room for length in lengths)]


def _mean_log_probability(tokens: Tokens, rows: Sequence[Logits]) -> float:
    """Of all tokens but the first: each row of logits tells of the next one."""
    told = [float(row[token]) - _log_sum(row) for token, row in zip(tokens[1:], rows, strict=False)]
    return sum(told) / max(1, len(told))


def _log_sum(logits: Logits) -> float:
    top = float(np.max(logits))
    return top + float(np.log(np.sum(np.exp(logits - top))))
