"""Sequences over one pool of cells: alike where they read alike, and blind to each other."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from assistant.engine.gguf_model import GgufModel
from assistant.engine.sequence_memory import Logits, ReadingAborted, Run, SequenceMemory
from assistant.errors import ModelUnusable

MakeMemory = Callable[..., SequenceMemory]
FRANCE = "The capital of France is"
LONG = "The capital of France is Paris. " * 12 + "The capital of Italy is"


def read(memory: SequenceMemory, sequence: int, tokens: Sequence[int], start: int = 0) -> Logits:
    [[logits]] = memory.decode([Run((sequence,), start, tokens, "last")], lambda: False)
    return logits


def alike(one: Logits, other: Logits) -> bool:
    """Nearly the same: llama.cpp adds up in another order where cells lie elsewhere."""
    return int(np.argmax(one)) == int(np.argmax(other)) and float(np.corrcoef(one, other)[0, 1]) > 0.9995


def last_position(memory: SequenceMemory, sequence: int) -> int:
    return int(memory._api.llama_memory_seq_pos_max(memory._memory, sequence))


@pytest.fixture
def memory(make_memory: MakeMemory) -> SequenceMemory:
    return make_memory()


@pytest.fixture
def france(model: GgufModel) -> list[int]:
    return model.tokens(FRANCE, trusted=False)


@pytest.fixture
def long(model: GgufModel) -> list[int]:
    return model.tokens(LONG, trusted=False)


def test_the_next_word_is_a_likely_one(memory: SequenceMemory, model: GgufModel, france: list[int]) -> None:
    assert model.piece(int(np.argmax(read(memory, memory.take(), france)))) == b" Paris"


def test_logits_are_copies_of_the_whole_vocabulary(
    memory: SequenceMemory, model: GgufModel, france: list[int]
) -> None:
    first = read(memory, memory.take(), france)
    kept = first.copy()
    read(memory, memory.take(), france[:2])
    assert first.shape == (model.vocabulary,)
    assert np.array_equal(first, kept)


def test_what_other_sequences_have_read_changes_nothing(
    memory: SequenceMemory, long: list[int], france: list[int]
) -> None:
    alone = read(memory, memory.take(), france)
    read(memory, memory.take(), long)
    assert alike(read(memory, memory.take(), france), alone)


def test_a_copy_has_read_what_the_first_has_and_goes_its_own_way(
    memory: SequenceMemory, model: GgufModel, long: list[int]
) -> None:
    one, other = memory.take(), memory.take()
    read(memory, one, long)
    memory.copy(one, other)
    words = model.tokens(" Rome. And", trusted=False)
    expected = read(memory, one, words, len(long))
    memory.cut(one, len(long))
    read(memory, other, model.tokens(" nowhere", trusted=False), len(long))
    assert np.array_equal(read(memory, one, words, len(long)), expected)


def test_a_copy_may_end_early(memory: SequenceMemory, long: list[int]) -> None:
    one, other, fresh = (memory.take() for _ in range(3))
    read(memory, fresh, long[:20])
    expected = read(memory, fresh, long[20:22], 20)
    read(memory, one, long[:20])
    read(memory, one, long[30:40], 20)
    memory.copy(one, other, 20)
    assert last_position(memory, other) == 19
    assert alike(read(memory, other, long[20:22], 20), expected)


def test_what_is_cut_is_forgotten(memory: SequenceMemory, long: list[int]) -> None:
    sequence = memory.take()
    expected = read(memory, sequence, long)
    for kept in (1, len(long) - 1):
        memory.cut(sequence, kept)
        assert last_position(memory, sequence) == kept - 1
        assert alike(read(memory, sequence, long[kept:], kept), expected)
    memory.give_back(sequence)
    assert np.array_equal(read(memory, memory.take(), long), expected)


def test_a_saved_state_is_restored_also_in_another_memory(
    make_memory: MakeMemory, long: list[int], france: list[int]
) -> None:
    first, second = make_memory(), make_memory(cells=512, sequences=4)
    sequence = first.take()
    read(first, sequence, long)
    state = first.save(sequence)
    expected = read(first, sequence, france, len(long))
    for memory in (first, second):
        restored = memory.take()
        assert memory.restore(restored, bytearray(state))
        assert last_position(memory, restored) == len(long) - 1
        again = read(memory, restored, france, len(long))
        # In the second it lies in the cells where it was in the first.
        assert np.array_equal(again, expected) if memory is second else alike(again, expected)


def test_a_state_is_restored_into_cells_that_lie_apart(make_memory: MakeMemory, long: list[int]) -> None:
    memory = make_memory(cells=256)
    one, other, third = (memory.take() for _ in range(3))
    read(memory, third, long[:20])
    state = memory.save(third)
    expected = read(memory, third, long[20:21], 20)
    memory.cut(third)
    runs = [Run((one, other)[place % 2 :][:1], place // 2, long[:1]) for place in range(248)]
    memory.decode(runs, lambda: False)
    memory.cut(other)  # leaves holes of one cell each
    assert memory.restore(third, bytearray(state))
    assert alike(read(memory, third, long[20:21], 20), expected)


@pytest.mark.parametrize("state", [b"", b"\x00", b"no state at all" * 50])
def test_what_is_no_state_is_refused_and_leaves_nothing(
    memory: SequenceMemory, france: list[int], state: bytes
) -> None:
    expected = read(memory, memory.take(), france)
    sequence = memory.take()
    assert not memory.restore(sequence, bytearray(state))
    assert last_position(memory, sequence) == -1
    assert alike(read(memory, sequence, france), expected)


def test_a_state_that_finds_no_room_is_refused(make_memory: MakeMemory, long: list[int]) -> None:
    memory = make_memory(cells=256)
    one, other = memory.take(), memory.take()
    read(memory, one, long)
    state = memory.save(one)
    read(memory, one, (long * 2)[: 256 - len(long) - 5], len(long))
    assert not memory.restore(other, bytearray(state))
    memory.cut(one)
    assert memory.restore(other, bytearray(state))


def test_what_is_moved_is_read_as_if_it_had_stood_there(memory: SequenceMemory, long: list[int]) -> None:
    """Nearly: keys are turned once more, in half precision."""
    moved, there, elsewhere = (memory.take() for _ in range(3))
    read(memory, moved, long[:40])
    memory.move(moved, 100)
    assert last_position(memory, moved) == 139
    shifted = read(memory, moved, long[40:42], 140)
    read(memory, there, long[:40], 100)
    assert alike(shifted, read(memory, there, long[40:42], 140))
    read(memory, elsewhere, long[:40])
    memory.move(elsewhere, 0)
    assert last_position(memory, elsewhere) == 39


def test_what_is_to_be_moved_is_moved_though_nobody_wants_the_batch_any_more(
    memory: SequenceMemory, long: list[int]
) -> None:
    """llama.cpp would take cells for moved whose turning it was told to give up."""
    moved, there, unwanted = (memory.take() for _ in range(3))
    read(memory, moved, long[:40])
    assert not memory.is_moving
    memory.move(moved, 100)
    assert memory.is_moving
    memory.decode([Run((unwanted,), 0, long)], lambda: True)
    assert not memory.is_moving
    shifted = read(memory, moved, long[40:42], 140)
    read(memory, there, long[:40], 100)
    assert alike(shifted, read(memory, there, long[40:42], 140))
    memory.cut(unwanted)
    with pytest.raises(ReadingAborted):
        memory.decode([Run((unwanted,), 0, long)], lambda: True)


def test_runs_of_a_batch_give_the_logits_that_each_wanted(
    memory: SequenceMemory, model: GgufModel, long: list[int], france: list[int]
) -> None:
    stem, one, other = (memory.take() for _ in range(3))
    end = len(long)
    rows = memory.decode(
        [
            Run((one, other), 0, long),
            Run((one,), end, france, "every"),
            Run((stem,), 0, france, "last"),
            Run((other,), end, france[:2], "last"),
        ],
        lambda: False,
    )
    assert [len(wanted) for wanted in rows] == [0, len(france), 1, 1]
    assert model.piece(int(np.argmax(rows[2][0]))) == b" Paris"
    # What the shared run has read is behind both, and neither sees the other's words.
    alone = memory.take()
    assert alike(rows[1][-1], read(memory, alone, [*long, *france]))
    assert alike(rows[3][0], rows[1][1])


def test_an_aborted_batch_can_be_cut_back_and_read_again(memory: SequenceMemory, long: list[int]) -> None:
    sequence = memory.take()
    expected = read(memory, sequence, long)
    memory.cut(sequence)
    for _ in range(3):
        with pytest.raises(ReadingAborted):
            memory.decode([Run((sequence,), 0, long, "last")], lambda: True)
        memory.cut(sequence, 0)
    assert np.array_equal(read(memory, sequence, long), expected)


def test_an_abort_is_asked_for_within_a_batch(memory: SequenceMemory, long: list[int]) -> None:
    calls = iter(range(10**6))
    with pytest.raises(ReadingAborted):
        memory.decode([Run((memory.take(),), 0, long)], lambda: next(calls) > 50)
    assert next(calls) < 60


def test_small_batches_are_not_asked(memory: SequenceMemory, france: list[int]) -> None:
    memory.decode([Run((memory.take(),), 0, france)], lambda: True)


@pytest.mark.parametrize("tokens", [[10**7], [-5]])
def test_after_a_refused_token_it_reads_on(
    memory: SequenceMemory, france: list[int], tokens: list[int]
) -> None:
    sequence = memory.take()
    expected = read(memory, memory.take(), france)
    with pytest.raises(ModelUnusable, match="could not read") as raised:
        read(memory, sequence, [*france, *tokens])
    assert "\n" not in str(raised.value)
    memory.cut(sequence)
    assert alike(read(memory, sequence, france), expected)


def test_a_full_memory_refuses_in_one_line_and_serves_on(make_memory: MakeMemory, long: list[int]) -> None:
    memory = make_memory(cells=256)
    one, other = memory.take(), memory.take()
    tokens = (long * 3)[: memory.cells]
    read(memory, one, tokens)
    with pytest.raises(ModelUnusable, match=r"could not read 5 tokens \(status 1\)") as raised:
        read(memory, other, long[:5])
    assert "\n" not in str(raised.value)
    memory.cut(one, 100)
    read(memory, other, long[:5])


def test_sequences_are_given_out_once_and_taken_back(make_memory: MakeMemory) -> None:
    memory = make_memory(cells=256, sequences=3)
    assert memory.sequences == memory.free == 3
    assert len({memory.take() for _ in range(3)}) == 3
    with pytest.raises(ModelUnusable, match="in use; ask again in a moment"):
        memory.take()
    memory.give_back(1)
    with memory.sequence() as sequence:
        assert (sequence, memory.free) == (1, 0)
    assert memory.free == 1


def test_a_context_that_cannot_be_made_is_told_in_one_line(model: GgufModel) -> None:
    with pytest.raises(ModelUnusable, match="no context of 0 tokens could be made; lower") as raised:
        SequenceMemory(model, cells=0, threads=1)
    assert "\n" not in str(raised.value)
