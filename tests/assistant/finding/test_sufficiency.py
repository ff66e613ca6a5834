"""Whether to answer at all: the model's word on passages and sentences."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_library import article, hits

from assistant.finding.sufficiency import EvidenceJudge, SufficiencyBounds
from assistant.writer import CannedReading, CannedWriter, Sources, Stopped, Task

BOUNDS = SufficiencyBounds()
GEMMA = article("a.md", "Gemma 4 runs on an A100 card.", title="News from Google")
THREE = hits(article("three.md", "Gemma 4 is open.\n\nIt is a model.\n\nIt runs on one card."))
KNOWN, UNKNOWN = "Is Gemma 4 open?", "Is Mistral open?"
margins = st.floats(-5, 5)


class JudgingWriter(CannedWriter):
    """Says Yes to each passage with its own log odds."""

    def __init__(self, passages: Sequence[float]) -> None:
        super().__init__()
        self.passages = list(passages)
        self.asked: list[str] = []
        self.urgent: list[bool] = []

    def read(self, sources: Sources, *, stopped: Stopped) -> CannedReading:
        self.urgent.append(sources.urgent)
        return _JudgingReading(sources, self)


class _JudgingReading(CannedReading):
    def doubt(self, task: Task, *, stopped: Stopped) -> float | None:
        writer = self._writer
        assert isinstance(writer, JudgingWriter)
        if stopped():
            return None
        [text] = self._sources.texts
        writer.asked.append(text.splitlines()[-1])
        return writer.passages.pop(0)


def suffices(
    passages: Sequence[float],
    sentence: float = -9.0,
    question: str = KNOWN,
    stopped: Stopped = lambda: False,
) -> bool:
    judge = EvidenceJudge(JudgingWriter(passages), stopped, BOUNDS)
    return judge.suffices(question, THREE, lambda: sentence)


def no_sentence() -> float:
    raise AssertionError("nobody has to judge a sentence")


def test_the_first_passage_that_surely_holds_the_answer_ends_the_asking() -> None:
    writer = JudgingWriter([-2.0, 3.0, -9.0])
    assert EvidenceJudge(writer, lambda: False, BOUNDS).suffices(KNOWN, THREE, no_sentence)
    assert writer.asked == ["Gemma 4 is open.", "It is a model."]
    assert all(writer.urgent)


def test_where_no_passage_comes_near_nothing_else_is_judged() -> None:
    writer = JudgingWriter([-2.0, -3.0, -1.0])
    assert not EvidenceJudge(writer, lambda: False, BOUNDS).suffices(KNOWN, THREE, no_sentence)
    assert len(writer.asked) == 3


@pytest.mark.parametrize(("sentence", "answered"), [(-2.0, False), (0.5, True)])
def test_where_none_is_sure_the_likeliest_sentence_decides(sentence: float, answered: bool) -> None:
    judged = []

    def likeliest() -> float:
        judged.append(sentence)
        return sentence

    judge = EvidenceJudge(JudgingWriter([0.2, -3.0, -1.0]), lambda: False, BOUNDS)
    assert judge.suffices(KNOWN, THREE, likeliest) is answered
    assert judged == [sentence]


def test_a_sentence_may_speak_for_passages_that_are_just_not_enough() -> None:
    assert suffices([-0.3] * 3, 0.6)
    assert not suffices([-0.3] * 3, 0.2)


def test_an_unknown_name_asks_for_more() -> None:
    assert suffices([1.0] * 3, question=KNOWN)
    assert not suffices([1.0] * 3, question=UNKNOWN)
    assert suffices([2.0] * 3, question=UNKNOWN)


@given(st.lists(margins, min_size=3, max_size=3), margins, st.integers(0, 2), st.floats(0, 5))
def test_a_surer_passage_never_makes_an_answer_less_likely(
    passages: list[float], sentence: float, place: int, more: float
) -> None:
    surer = [margin + more * (number == place) for number, margin in enumerate(passages)]
    assert suffices(surer, sentence) >= suffices(passages, sentence)


@given(st.lists(margins, min_size=3, max_size=3), margins, st.floats(0, 5))
def test_a_surer_sentence_never_makes_an_answer_less_likely(
    passages: list[float], sentence: float, more: float
) -> None:
    surer = suffices(passages, sentence + more)
    assert surer >= suffices(passages, sentence)


@given(st.lists(margins, min_size=3, max_size=3), margins)
def test_the_order_of_the_passages_decides_nothing(passages: list[float], sentence: float) -> None:
    assert suffices(passages, sentence) == suffices(sorted(passages), sentence)


def test_a_stop_leaves_it_open() -> None:
    assert suffices([-9.0] * 3, stopped=lambda: True)


def test_the_surest_passages_are_read_again_each_judged_once() -> None:
    writer = JudgingWriter([0.9, -0.2, 1.5])
    judge = EvidenceJudge(writer, lambda: False, BOUNDS)
    assert judge.suffices(KNOWN, THREE, no_sentence)
    read: set[str] = set()
    texts = []
    while (surest := judge.surest(KNOWN, THREE, read)) is not None:
        read.add(surest.passage.id)
        texts.append(surest.passage.text)
    assert texts == ["It runs on one card.", "Gemma 4 is open."]
    assert writer.asked == [hit.passage.text for hit in THREE]


@pytest.mark.parametrize(("question", "margin", "allowed"), [(KNOWN, 0.1, True), (KNOWN, -0.1, False)])
def test_all_evidence_together_is_judged_by_one_margin(question: str, margin: float, allowed: bool) -> None:
    judge = EvidenceJudge(CannedWriter(), lambda: False, BOUNDS)
    assert judge.allow(margin, question, THREE) is allowed
    assert not judge.allow(margin, UNKNOWN, THREE)


def judging(*margins: float) -> EvidenceJudge:
    writer = JudgingWriter(margins)
    return EvidenceJudge(writer, lambda: False, BOUNDS)


@pytest.mark.parametrize(("question", "sure"), [(KNOWN, True), (UNKNOWN, False)])
def test_a_passage_that_was_judged_elsewhere_is_sure_from_the_same_bound_on(
    question: str, sure: bool
) -> None:
    assert judging().is_sure(question, THREE, THREE[0], BOUNDS.surely) is sure
    assert not judging().is_sure(question, THREE, THREE[0], BOUNDS.surely - 0.01)


def test_what_was_judged_elsewhere_is_not_asked_again() -> None:
    judge = judging(-2.0, 0.7)
    judge.is_sure(KNOWN, THREE, THREE[0], 0.1)
    assert judge.suffices(KNOWN, THREE, lambda: -9.0)
    assert judge.surer(KNOWN, THREE[2:], THREE[0]) is THREE[2]


@pytest.mark.parametrize(("others", "place"), [((0.9, 2.0), 2), ((1.0, 0.2), None), ((1.2, 1.1), None)])
def test_a_passage_is_surer_than_the_one_told_only_if_it_is_clearly_so(
    others: tuple[float, float], place: int | None
) -> None:
    judge = judging(*others)
    judge.is_sure(KNOWN, THREE, THREE[0], 1.0)
    assert judge.surer(KNOWN, THREE, THREE[0]) is (None if place is None else THREE[place])


def test_of_what_was_asked_the_surest_is_known() -> None:
    judge = judging(-0.3, -0.1)
    judge.is_sure(KNOWN, THREE, THREE[0], -0.2)
    assert judge.surest_so_far(KNOWN, THREE) is THREE[0]
    assert not judge.suffices(KNOWN, THREE, lambda: -9.0)
    assert judge.surest_so_far(KNOWN, THREE) is THREE[2]
    assert judge.surest_so_far(UNKNOWN, THREE) is None
