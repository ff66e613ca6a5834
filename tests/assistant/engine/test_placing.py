"""Passages are read once behind the prefix, and stand one behind the other when they are asked about."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_memory import ToyMemory, done
from toy_states import ToyStates

from assistant.engine.passage_states import NoStates, PassageStates
from assistant.engine.placing import Placed, Placer, Placing
from assistant.engine.sequence_memory import Run
from assistant.errors import ModelUnusable

PREFIX = [31, 32, 33, 34]
ONE, OTHER = [1, 2, 3, 4, 5], [11, 12, 13]
TOKENS = st.lists(st.integers(1, 39), min_size=1, max_size=12)


def placer(memory: ToyMemory, states: PassageStates | None = None, placing: Placing | None = None) -> Placer:
    return Placer(memory, states or NoStates(), model="toy", placing=placing)


def place(
    memory: ToyMemory, made: Placer, passages: Sequence[Sequence[int]], prefix: Sequence[int] = PREFIX
) -> Placed:
    return done(memory, made.place(prefix, passages, 100))


def words(memory: ToyMemory, placed: Placed) -> list[int]:
    return [token for _, token in memory.read_by(placed.sequence)]


def lengths(memory: ToyMemory) -> list[int]:
    return [len(run.tokens) for batch in memory.batches for run in batch]


@pytest.mark.parametrize("placing", ["shifted", "plain"])
@settings(max_examples=40)
@given(prefix=TOKENS, passages=st.lists(TOKENS, max_size=5))
def test_evidence_stands_in_order_behind_the_prefix_without_gaps(
    placing: Placing, prefix: list[int], passages: list[list[int]]
) -> None:
    memory = ToyMemory(cells=200, batch=200)
    placed = place(memory, placer(memory, ToyStates(), placing), passages, prefix)
    whole = [*prefix, *(token for passage in passages for token in passage)]
    assert memory.read_by(placed.sequence) == list(enumerate(whole))
    assert (placed.end, placed.read, placed.room) == (len(whole), whole, 100)


@settings(max_examples=40)
@given(prefix=TOKENS, passages=st.lists(TOKENS, max_size=4))
def test_overlaid_passages_stand_all_at_the_same_place(prefix: list[int], passages: list[list[int]]) -> None:
    memory = ToyMemory(cells=200, batch=200)
    placed = place(memory, placer(memory, ToyStates(), "overlaid"), passages, prefix)
    expected = [*enumerate(prefix)]
    for passage in passages:
        expected += enumerate(passage, start=len(prefix))
    assert sorted(memory.read_by(placed.sequence)) == sorted(expected)
    assert placed.end == len(prefix) + max(map(len, passages), default=0)


def test_a_question_without_passages_is_not_held_up_by_what_another_one_moves() -> None:
    memory = ToyMemory()
    made = placer(memory, ToyStates())
    place(memory, made, [ONE, OTHER])  # everything is kept from here on
    moving = made.place(PREFIX, [ONE, OTHER], 100)
    assert [len(run.tokens) for run in next(moving)] == [1]
    assert memory.is_moving
    assert place(memory, made, []).end == len(PREFIX)
    moving.close()


def test_each_passage_is_read_behind_the_prefix_alone() -> None:
    memory = ToyMemory()
    placed = place(memory, placer(memory, ToyStates()), [ONE, OTHER])
    assert memory.behind(placed.sequence) == [
        *(PREFIX[:place] for place in range(4)),
        *(PREFIX + ONE[:place] for place in range(5)),
        *(PREFIX + OTHER[:place] for place in range(2)),
        # The last token of all has seen everything before it.
        [*PREFIX, *ONE, *OTHER[:2]],
    ]


def test_a_memory_that_cannot_shift_reads_all_in_one_and_keeps_nothing() -> None:
    memory, states = ToyMemory(can_shift=False), ToyStates()
    made = placer(memory, states)
    placed = place(memory, made, [ONE, OTHER])
    assert not made.keeps_states
    assert states.kept == {}
    assert memory.behind(placed.sequence)[-1] == [*PREFIX, *ONE, *OTHER[:-1]]


def test_what_is_kept_is_not_read_again() -> None:
    states = ToyStates()
    first, second = ToyMemory(), ToyMemory()
    made = placer(first, states)
    assert not made.is_kept(PREFIX, ONE)
    before = place(first, made, [ONE, OTHER])
    assert lengths(first) == [4, 5, 3, 1]
    anew = placer(second, states)
    assert anew.is_kept(PREFIX, ONE)
    # In another order and after a restart, only the prefix is read, and the token with which all moves.
    after = place(second, anew, [OTHER, ONE])
    assert lengths(second) == [4, 1]
    assert words(second, after) == [*PREFIX, *OTHER, *ONE]
    assert words(first, before) == [*PREFIX, *ONE, *OTHER]


def test_a_state_is_kept_for_its_model_and_prefix_alone() -> None:
    memory, states = ToyMemory(), ToyStates()
    made = placer(memory, states)
    done(memory, made.prepare(PREFIX, ONE))
    assert made.is_kept(PREFIX, ONE)
    assert not made.is_kept(PREFIX[:-1], ONE)
    assert not made.is_kept(PREFIX, ONE[:-1])
    assert not Placer(memory, states, model="other").is_kept(PREFIX, ONE)


def test_preparing_leaves_nothing_in_the_memory_but_the_prefix() -> None:
    memory, states = ToyMemory(), ToyStates()
    made = placer(memory, states)
    for passage in (ONE, OTHER, ONE):
        done(memory, made.prepare(PREFIX, passage))
    assert len(states.kept) == 2
    assert memory.used == len(PREFIX)
    assert memory.free == memory.sequences - 1


def test_nothing_is_left_to_be_moved_by_a_batch_that_may_be_given_up() -> None:
    memory = ToyMemory()
    made = placer(memory, ToyStates())
    for passages in ([], [ONE], [ONE, OTHER], [OTHER, ONE, ONE]):
        memory.batches.clear()
        place(memory, made, passages)
        assert not memory.is_moving
    # All stood there already when the batch of one token was read.
    assert lengths(memory) == [1]


def test_the_last_passage_can_be_read_behind_the_others() -> None:
    memory, states = ToyMemory(), ToyStates()
    made = placer(memory, states)
    place(memory, made, [ONE, OTHER])
    memory.batches.clear()
    placed = done(memory, made.place(PREFIX, [ONE, OTHER], 100, anew=True))
    assert memory.read_by(placed.sequence) == list(enumerate([*PREFIX, *ONE, *OTHER]))
    [[run]] = memory.batches
    assert (run.start, run.tokens) == (len(PREFIX) + len(ONE), OTHER)
    assert len(states.kept) == 2


def test_a_passage_that_is_read_anew_is_not_kept() -> None:
    memory, states = ToyMemory(), ToyStates()
    made = placer(memory, states)
    placed = done(memory, made.place(PREFIX, [ONE], 100, anew=True))
    assert words(memory, placed) == [*PREFIX, *ONE]
    assert not states.kept


def test_the_same_passage_twice_stands_there_twice() -> None:
    memory = ToyMemory()
    placed = place(memory, placer(memory, ToyStates()), [ONE, ONE])
    assert memory.read_by(placed.sequence) == list(enumerate([*PREFIX, *ONE, *ONE]))


def test_letting_go_frees_all_but_the_prefix() -> None:
    memory = ToyMemory()
    made = placer(memory, ToyStates())
    for _ in range(3):
        placed = place(memory, made, [ONE, OTHER])
        done(memory, made.release(placed))
        assert memory.used == len(PREFIX)
        assert memory.free == memory.sequences - 1


def test_what_the_model_does_not_take_is_dropped_and_read_anew() -> None:
    memory, states = ToyMemory(), ToyStates()
    made = placer(memory, states)
    place(memory, made, [ONE, OTHER])
    # Refused where it is not the first, so that others stand in their places already.
    refusals = iter([False, True])
    memory.refuses = lambda _: next(refusals, False)
    memory.batches.clear()
    placed = place(memory, made, [OTHER, ONE])
    assert lengths(memory) == [len(ONE), 1]
    assert len(states.dropped) == 1
    assert made.is_kept(PREFIX, ONE)
    assert memory.read_by(placed.sequence) == list(enumerate([*PREFIX, *OTHER, *ONE]))
    assert memory.behind(placed.sequence)[-2] == [*PREFIX, *ONE[:-2]]


def test_evidence_is_never_left_out_silently() -> None:
    memory = ToyMemory()
    memory.refuses = lambda _: True
    with pytest.raises(ModelUnusable, match="a source of 5 tokens could not be put before the model"):
        place(memory, placer(memory, ToyStates()), [ONE, OTHER])
    assert memory.used == len(PREFIX)
    assert memory.free == memory.sequences - 1


def test_two_who_come_at_once_keep_one_prefix_between_them() -> None:
    memory = ToyMemory()
    made = placer(memory, ToyStates())
    works = [made.place(PREFIX, [passage], 100) for passage in (ONE, OTHER)]
    prefixes = [next(work) for work in works]
    for work, prefix in zip(works, prefixes, strict=True):
        passage = work.send(memory.decode(prefix, lambda: False))
        with pytest.raises(StopIteration) as ended:
            work.send(memory.decode(passage, lambda: False))
        done(memory, made.release(ended.value.value))
    assert memory.used == len(PREFIX)
    assert memory.free == memory.sequences - 1


def test_a_prefix_that_makes_room_for_others_takes_nothing_from_who_is_at_it() -> None:
    memory = ToyMemory()
    made = placer(memory, ToyStates())
    work = made.place(PREFIX, [ONE, OTHER], 100)
    runs = work.send(memory.decode(next(work), lambda: False))  # the prefix; then the first passage
    others = [place(memory, made, [OTHER], [number] * 6) for number in range(20, 24)]
    runs = work.send(memory.decode(runs, lambda: False))
    runs = work.send(memory.decode(runs, lambda: False))
    with pytest.raises(StopIteration) as ended:
        work.send(memory.decode(runs, lambda: False))
    placed = ended.value.value
    assert memory.read_by(placed.sequence) == list(enumerate([*PREFIX, *ONE, *OTHER]))
    assert memory.behind(placed.sequence)[-2] == [*PREFIX, *OTHER[:-2]]
    for one in (placed, *others):
        done(memory, made.release(one))
    assert memory.free == memory.sequences - 2
    assert memory.used <= 2 * 6


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_job_given_up_halfway_leaves_nothing_behind(steps: int) -> None:
    memory = ToyMemory()
    made = placer(memory, ToyStates())
    work = made.place(PREFIX, [ONE, OTHER], 100)
    runs: Sequence[Run] = next(work)
    for _ in range(steps - 1):
        runs = work.send(memory.decode(runs, lambda: False))
    work.close()
    prefixes = min(1, steps - 1)
    assert memory.used == prefixes * len(PREFIX)
    assert memory.free == memory.sequences - prefixes
