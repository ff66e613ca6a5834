"""What is written and judged behind evidence follows from these tokens alone, however they are read."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_memory import END, ToyMemory, done, toy_logits
from toy_states import ToyStates

from assistant.engine.drafting import Drafter, Opening, Step, Verdict
from assistant.engine.placing import Placed, Placer
from assistant.errors import ModelUnusable

PREFIX = [31, 32, 33, 34]
PASSAGES = ([1, 2, 3, 4, 5, 6, 7, 8] * 3, [9, 8, 7, 9, 8, 7, 2])
EVIDENCE = [*PREFIX, *PASSAGES[0], *PASSAGES[1]]
VERDICT = Verdict(yes=(3, 5), no=(4,))
TOKENS = st.lists(st.integers(1, 39), min_size=1, max_size=10)


class Desk:
    """Evidence in place, and somebody who writes behind it."""

    def __init__(
        self, *, guessing: bool = True, sequences: int = 16, cells: int = 512, end: int = END
    ) -> None:
        self.memory = ToyMemory(sequences=sequences, cells=cells, batch=cells)
        self.drafter = Drafter(
            self.memory, ends=lambda token: token == end, verdict=VERDICT, guessing=guessing
        )
        self.placer = Placer(self.memory, ToyStates(), model="toy")
        self.placed: Placed = done(self.memory, self.placer.place(PREFIX, PASSAGES, 400))
        self._before = (self.memory.used, self.memory.free)
        self.memory.batches.clear()

    def write(self, opening: Opening, most: int) -> list[Step]:
        steps: list[Step] = []
        done(self.memory, self.drafter.write(self.placed, opening, most, steps.append))
        return steps

    def judge(self, stem: Sequence[int], questions: Sequence[Sequence[int]], room: int = 300) -> list[float]:
        return done(self.memory, self.drafter.judge(self.placed, stem, questions, room))

    @property
    def leaks(self) -> bool:
        return (self.memory.used, self.memory.free) != self._before


def greedy(read: Sequence[int], most: int) -> tuple[list[int], bool]:
    """What the toy model writes behind these tokens, one by one, and whether it came to its own end."""
    written: list[int] = []
    for _ in range(most):
        token = int(np.argmax(toy_logits([*read, *written])))
        if token == END:
            return written, True
        written.append(token)
    return written, False


def written(steps: Sequence[Step]) -> list[int]:
    return [token for step in steps for token in step.tokens]


@pytest.mark.parametrize("guessing", [True, False])
@settings(max_examples=40)
@given(stem=TOKENS, order=TOKENS, doubt=st.just([]) | TOKENS, most=st.integers(1, 40))
def test_a_draft_is_the_greedy_one_with_and_without_guesses(
    guessing: bool, stem: list[int], order: list[int], doubt: list[int], most: int
) -> None:
    desk = Desk(guessing=guessing)
    steps = desk.write(Opening(stem, order, doubt), most)
    words, ended = greedy([*EVIDENCE, *stem, *order], most)
    assert written(steps) == words
    assert [step.finished for step in steps].count(True) == ended
    assert not ended or steps[-1] == Step(finished=True)
    margins = [step.margin for step in steps if step.margin is not None]
    assert margins == ([VERDICT.margin(toy_logits([*EVIDENCE, *stem, *doubt]))] if doubt else [])
    assert steps[0].margin is not None or not doubt
    assert not desk.leaks


def test_guesses_that_come_true_save_batches() -> None:
    """Else the property above would hold for a drafter that never guesses."""
    openings = [Opening([], [number, 20, number]) for number in range(1, 30)]
    batches = []
    for guessing in (True, False):
        desk = Desk(guessing=guessing)
        for opening in openings:
            desk.write(opening, 30)
        batches.append(len(desk.memory.batches))
    assert batches[0] < 0.8 * batches[1]


def test_an_end_that_was_guessed_ends_the_draft() -> None:
    """What is read holds ends of turns, so they are guessed like other tokens."""
    tried = 0
    for number in range(1, 40):
        order = [number, 20, number]
        *before, end = greedy([*EVIDENCE, *order], 6)[0] or [END]
        stem = [*before[-3:], end, 1]  # what comes next has been read: the same words, and then the end
        words, _ = greedy([*EVIDENCE, *stem, *order], 6)
        if words == [*before, end] and len(words) == 6 and end not in before:
            tried += 1
            steps = Desk(end=end).write(Opening(stem, order), 40)
            assert steps == [*(Step((word,)) for word in before), Step(finished=True)]
    assert tried > 3


def test_no_more_is_written_or_read_than_was_asked_for() -> None:
    desk = Desk()
    for most in range(6):
        desk.memory.batches.clear()
        steps = desk.write(Opening([], [5, 6, 7]), most)
        assert len(written(steps)) <= most
        assert sum(len(run.tokens) for batch in desk.memory.batches for run in batch) <= 3 + 4 * most


def test_two_drafts_behind_the_same_evidence_do_not_see_each_other() -> None:
    desk = Desk()
    openings = [Opening([11], [12, 13], [14]), Opening([11], [22, 23])]
    told: list[list[Step]] = [[], []]
    works = [
        desk.drafter.write(desk.placed, opening, 25, steps.append)
        for opening, steps in zip(openings, told, strict=True)
    ]
    wanted = {number: next(work) for number, work in enumerate(works)}
    while wanted:  # all in one batch, as the scheduler does it
        runs = [run for some in wanted.values() for run in some]
        rows = iter(desk.memory.decode(runs, lambda: False))
        for number, some in list(wanted.items()):
            try:
                wanted[number] = works[number].send([next(rows) for _ in some])
            except StopIteration:
                del wanted[number]
    for opening, steps in zip(openings, told, strict=True):
        assert written(steps) == greedy([*EVIDENCE, *opening.stem, *opening.order], 25)[0]
    assert not desk.leaks


def test_where_many_write_nobody_guesses() -> None:
    """Their words fill the batch already."""
    desk = Desk()
    works = [desk.drafter.write(desk.placed, Opening([], [5, 6]), 60, lambda _: None) for _ in range(4)]
    wanted = [next(work) for work in works]
    for _ in range(8):
        wanted = [
            work.send(desk.memory.decode(runs, lambda: False))
            for work, runs in zip(works, wanted, strict=True)
        ]
        assert all(len(run.tokens) == 1 for runs in wanted for run in runs)
    for work in works[1:]:
        work.close()
    desk.memory.batches.clear()
    with suppress(StopIteration):
        while True:
            wanted[0] = works[0].send(desk.memory.decode(wanted[0], lambda: False))
    assert any(len(run.tokens) > 1 for batch in desk.memory.batches for run in batch)
    assert not desk.leaks


def test_the_stem_is_read_once_for_order_and_doubt() -> None:
    desk = Desk()
    desk.write(Opening([11, 12, 13], [14, 15], [16]), 1)
    assert [len(run.tokens) for run in desk.memory.batches[0]] == [3, 1, 2]


@settings(max_examples=40)
@given(stem=st.just([]) | TOKENS, questions=st.lists(TOKENS, max_size=20), free=st.integers(1, 14))
def test_questions_judged_together_get_the_margins_of_each_alone(
    stem: list[int], questions: list[list[int]], free: int
) -> None:
    desk = Desk(sequences=2 + free)
    together = desk.judge(stem, questions)
    expected = [VERDICT.margin(toy_logits([*EVIDENCE, *stem, *question])) for question in questions]
    assert together == expected
    assert not desk.leaks


@settings(max_examples=40)
@given(question=TOKENS, doubt=TOKENS)
def test_a_question_is_weighed_by_its_own_tokens_and_by_the_doubt_behind_it(
    question: list[int], doubt: list[int]
) -> None:
    desk = Desk()
    margin, likelihood = done(desk.memory, desk.drafter.weigh(desk.placed, question, doubt))
    told = []
    for place in range(1, len(question)):
        logits = toy_logits([*EVIDENCE, *question[:place]]).astype(float)
        told.append(logits[question[place]] - np.log(np.exp(logits).sum()))
    assert margin == VERDICT.margin(toy_logits([*EVIDENCE, *question, *doubt]))
    assert likelihood == pytest.approx(sum(told) / len(told) if told else 0.0, abs=1e-4)
    assert len(desk.memory.batches) == 1
    assert not desk.leaks


def test_several_questions_go_into_one_batch_but_leave_sequences_for_others() -> None:
    desk = Desk(sequences=16)
    desk.judge([11], [[number, 7] for number in range(12)])
    assert [len(batch) - 1 for batch in desk.memory.batches] == [7, 5]
    few = Desk(sequences=3)
    few.judge([11], [[number, 7] for number in range(3)])
    assert [len(batch) - 1 for batch in few.memory.batches] == [1, 1, 1]


def test_questions_keep_to_the_room_that_they_have() -> None:
    desk = Desk()
    margins = desk.judge([11, 12], [[5] * 10, [6] * 10, [7] * 4, [8] * 18], room=22)
    assert [len(batch) - 1 for batch in desk.memory.batches] == [2, 1, 1]
    assert len(margins) == 4
    with pytest.raises(ModelUnusable, match=r"a question of 21 tokens .* shorten it") as raised:
        desk.judge([11, 12], [[5] * 21], room=22)
    assert "\n" not in str(raised.value)
    assert not desk.leaks


def test_without_a_sequence_to_judge_in_it_says_so_and_keeps_none() -> None:
    desk = Desk()
    taken = [desk.memory.take() for _ in range(desk.memory.free)]
    with pytest.raises(ModelUnusable, match=r"all sequences .* ask again in a moment"):
        desk.judge([], [[1], [2]])
    for sequence in taken:
        desk.memory.give_back(sequence)
    assert not desk.leaks


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_a_draft_given_up_halfway_leaves_nothing_behind(steps: int) -> None:
    desk = Desk()
    work = desk.drafter.write(desk.placed, Opening([11], [5, 6, 7], [8]), 30, lambda _: None)
    runs = next(work)
    for _ in range(steps - 1):
        runs = work.send(desk.memory.decode(runs, lambda: False))
    work.close()
    assert not desk.leaks
    assert desk.drafter._writing == 0


@given(st.lists(st.floats(-30, 30, width=32), min_size=6, max_size=6))
def test_the_margin_is_the_log_odds_of_all_spellings(values: list[float]) -> None:
    logits = np.array(values, dtype=np.float32)
    odds = np.exp(logits.astype(np.float64))
    expected = float(np.log((odds[3] + odds[5]) / odds[4]))
    assert VERDICT.margin(logits) == pytest.approx(expected, abs=1e-4)


def test_large_logits_give_a_margin_too() -> None:
    assert VERDICT.margin(np.array([0, 0, 0, 900, -900, 899], dtype=np.float32)) > 1700
