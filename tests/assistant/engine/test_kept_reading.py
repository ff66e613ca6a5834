"""With a real model: what was read once serves every question, in any way of putting it in place."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from real_bench import PASSAGES, PREFIX, QUESTIONS, RealBench, words

from assistant.engine.placing import Placing
from assistant.engine.sequence_memory import Logits
from assistant.engine.state_files import StateFiles

CLOSE = 0.35  # logits; so far two ways of reading the same tokens may lie apart
MakeBench = Callable[..., RealBench]


def assert_same_but_for_ties(bench: RealBench, question: str, one: list[int], other: list[int]) -> None:
    """The same words and the same end, unless two were so close that the order of adding up decides.

    How close is looked up in evidence read plainly, which lies as far apart again.
    """
    if one != other:
        place = next(n for n, (a, b) in enumerate(zip([*one, -1], [*other, -1], strict=False)) if a != b)
        logits = bench.logits([*bench.whole(question), *one[:place]])
        ends = [token for token in range(len(logits)) if bench.model.ends(token)]
        end = max(ends, key=lambda token: float(logits[token]))
        first, second = (words[place] if place < len(words) else end for words in (one, other))
        assert abs(float(logits[first] - logits[second])) < 2 * CLOSE


def test_states_from_the_disk_give_the_words_of_states_just_made(
    make_bench: MakeBench, tmp_path: Path
) -> None:
    made = make_bench(StateFiles(tmp_path, budget=10**9))
    first = [made.ask(question) for question in QUESTIONS]
    anew = make_bench(StateFiles(tmp_path, budget=10**9))
    assert [anew.ask(question) for question in QUESTIONS] == first
    passages = sum(len(anew.tokens(text)) for text in PASSAGES)
    batches = anew.memory.batches
    assert sum(count for _, count in batches) == sum(count for _, count in made.memory.batches) - passages


def alike(one: Logits, other: Logits) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def test_plain_evidence_is_what_llama_cpp_reads_all_at_once_but_for_rounding(make_bench: MakeBench) -> None:
    made = make_bench(placing="plain")
    for question in QUESTIONS[:2]:
        whole, said = made.logits(made.whole(question)), made.first_logits(question)
        assert alike(whole, said) > 0.999
        assert float(np.abs(whole - said).max()) < 2 * CLOSE


@pytest.mark.parametrize("placing", ["shifted", "overlaid"])
def test_composed_evidence_says_nearly_what_plain_evidence_says(
    make_bench: MakeBench, placing: Placing
) -> None:
    """No passage has seen the one before it; yet all are seen: without them the model says other things."""
    made = make_bench(placing=placing)
    for question in QUESTIONS[:2]:
        whole, said = made.logits(made.whole(question)), made.first_logits(question)
        opening = made.opening(question)
        without = made.logits([*made.tokens(PREFIX), *opening.stem, *opening.order])
        assert int(np.argmax(said)) == int(np.argmax(whole))
        assert alike(whole, said) > max(0.93, alike(whole, without))


def test_plain_evidence_is_what_llama_cpp_reads_in_the_same_pieces_to_the_last_bit(
    make_bench: MakeBench,
) -> None:
    made = make_bench(placing="plain")
    prefix, *passages = (len(made.tokens(text)) for text in (PREFIX, *PASSAGES))
    for question in QUESTIONS[:2]:
        expected = made.logits(made.whole(question), prefix, prefix + sum(passages))
        assert np.array_equal(made.first_logits(question), expected)


def test_composed_evidence_is_answered_from(bench: RealBench) -> None:
    for question, fact in zip(QUESTIONS, ("119", "Apache 2.0", "Alibaba", "card"), strict=True):
        text = b"".join(map(bench.model.piece, words(bench.ask(question, most=20)))).decode()
        assert fact in text


def test_guessing_changes_no_word(make_bench: MakeBench, bench: RealBench) -> None:
    plain = make_bench(guessing=False)
    for question in QUESTIONS:
        assert_same_but_for_ties(
            bench, question, words(bench.ask(question, most=20)), words(plain.ask(question, most=20))
        )


def test_a_batch_of_checks_gives_the_margins_of_one_at_a_time(bench: RealBench) -> None:
    together = bench.judge(QUESTIONS)
    alone = [margin for question in QUESTIONS for margin in bench.judge([question])]
    assert together == pytest.approx(alone, abs=2 * CLOSE)
    assert bench.judge([]) == []


def test_four_askers_at_once_get_what_one_gets(bench: RealBench) -> None:
    alone = [words(bench.ask(question)) for question in QUESTIONS]
    with ThreadPoolExecutor(4) as threads:
        together = [words(steps) for steps in threads.map(bench.ask, QUESTIONS)]
    for question, one, other in zip(QUESTIONS, alone, together, strict=True):
        assert_same_but_for_ties(bench, question, one, other)
