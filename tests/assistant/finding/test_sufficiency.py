"""Whether to answer at all: the model's word on passages and sentences."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_library import article, hits

from assistant.finding.quote import Quote, quotes_of
from assistant.finding.sufficiency import EvidenceJudge, SufficiencyBounds
from assistant.proof.judging import SentenceJudge
from assistant.writer import CannedReading, CannedWriter, Sources, Stopped, Task

BOUNDS = SufficiencyBounds()
GEMMA = article("a.md", "Gemma 4 runs on an A100 card.", title="News from Google")
THREE = hits(article("three.md", "Gemma 4 is open.\n\nIt is a model.\n\nIt runs on one card."))
KNOWN, UNKNOWN = "Is Gemma 4 open?", "Is Mistral open?"
margins = st.floats(-5, 5)


class JudgingWriter(CannedWriter):
    """Says Yes to each passage with its own log odds, and to every sentence with `sentence`."""

    def __init__(self, passages: Sequence[float], sentence: float = -9.0) -> None:
        super().__init__()
        self.passages = list(passages)
        self.sentence = sentence
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

    def yes_margins(self, stem: str, questions: Sequence[str], *, stopped: Stopped) -> list[float] | None:
        writer = self._writer
        assert isinstance(writer, JudgingWriter)
        if stopped():
            return None
        writer.asked += questions
        return [writer.sentence] * len(questions)


def suffices(writer: CannedWriter, question: str = KNOWN, stopped: Stopped = lambda: False) -> bool:
    judge = EvidenceJudge(writer, SentenceJudge(writer, stopped), stopped, BOUNDS)
    return judge.suffices(question, THREE, likeliest)


def likeliest() -> list[Quote]:
    return quotes_of(THREE[2].passage)


def test_the_first_passage_that_surely_holds_the_answer_ends_the_asking() -> None:
    writer = JudgingWriter([-2.0, 3.0, -9.0])
    assert suffices(writer)
    assert writer.asked == ["Gemma 4 is open.", "It is a model."]
    assert all(writer.urgent)


def test_where_no_passage_comes_near_nothing_else_is_judged() -> None:
    writer = JudgingWriter([-2.0, -3.0, -1.0])
    assert not suffices(writer)
    assert len(writer.asked) == 3


@pytest.mark.parametrize(("sentence", "answered"), [(-2.0, False), (0.5, True)])
def test_where_none_is_sure_the_likeliest_sentence_decides(sentence: float, answered: bool) -> None:
    writer = JudgingWriter([0.2, -3.0, -1.0], sentence)
    assert suffices(writer) is answered
    # It is read under its title, and once.
    assert writer.asked.count("three.md: It runs on one card.") == 1


def test_a_sentence_may_speak_for_passages_that_are_just_not_enough() -> None:
    assert suffices(JudgingWriter([-0.3] * 3, 0.6))
    assert not suffices(JudgingWriter([-0.3] * 3, 0.2))


def test_an_unknown_name_asks_for_more() -> None:
    assert suffices(JudgingWriter([1.0] * 3), KNOWN)
    assert not suffices(JudgingWriter([1.0] * 3), UNKNOWN)
    assert suffices(JudgingWriter([2.0] * 3), UNKNOWN)


@given(st.lists(margins, min_size=3, max_size=3), margins, st.integers(0, 2), st.floats(0, 5))
def test_a_surer_passage_never_makes_an_answer_less_likely(
    passages: list[float], sentence: float, place: int, more: float
) -> None:
    surer = [margin + more * (number == place) for number, margin in enumerate(passages)]
    assert suffices(JudgingWriter(surer, sentence)) >= suffices(JudgingWriter(passages, sentence))


@given(st.lists(margins, min_size=3, max_size=3), margins, st.floats(0, 5))
def test_a_surer_sentence_never_makes_an_answer_less_likely(
    passages: list[float], sentence: float, more: float
) -> None:
    surer = suffices(JudgingWriter(passages, sentence + more))
    assert surer >= suffices(JudgingWriter(passages, sentence))


@given(st.lists(margins, min_size=3, max_size=3), margins)
def test_the_order_of_the_passages_decides_nothing(passages: list[float], sentence: float) -> None:
    assert suffices(JudgingWriter(passages, sentence)) == suffices(JudgingWriter(sorted(passages), sentence))


def test_a_stop_leaves_it_open() -> None:
    assert suffices(JudgingWriter([-9.0] * 3), stopped=lambda: True)


def test_the_surest_passages_are_read_again_each_judged_once() -> None:
    writer = JudgingWriter([0.9, -0.2, 1.5])
    judge = EvidenceJudge(writer, SentenceJudge(writer, lambda: False), lambda: False, BOUNDS)
    assert judge.suffices(KNOWN, THREE, likeliest)
    read: set[str] = set()
    texts = []
    while (surest := judge.surest(KNOWN, THREE, read)) is not None:
        read.add(surest.passage.id)
        texts.append(surest.passage.text)
    assert texts == ["It runs on one card.", "Gemma 4 is open."]
    assert writer.asked == [hit.passage.text for hit in THREE]


@pytest.mark.parametrize(("question", "margin", "allowed"), [(KNOWN, 0.1, True), (KNOWN, -0.1, False)])
def test_all_evidence_together_is_judged_by_one_margin(question: str, margin: float, allowed: bool) -> None:
    judge = EvidenceJudge(CannedWriter(), SentenceJudge(CannedWriter(), lambda: False), lambda: False, BOUNDS)
    assert judge.allow(margin, question, THREE) is allowed
    assert not judge.allow(margin, UNKNOWN, THREE)


def judging(*margins: float) -> EvidenceJudge:
    writer = JudgingWriter(margins, -9.0)
    return EvidenceJudge(writer, SentenceJudge(writer, lambda: False), lambda: False, BOUNDS)


@pytest.mark.parametrize(("question", "sure"), [(KNOWN, True), (UNKNOWN, False)])
def test_a_passage_that_was_judged_elsewhere_is_sure_from_the_same_bound_on(
    question: str, sure: bool
) -> None:
    assert judging().is_sure(question, THREE, THREE[0], BOUNDS.surely) is sure
    assert not judging().is_sure(question, THREE, THREE[0], BOUNDS.surely - 0.01)


def test_what_was_judged_elsewhere_is_not_asked_again() -> None:
    judge = judging(-2.0, 0.7)
    judge.is_sure(KNOWN, THREE, THREE[0], 0.1)
    assert judge.suffices(KNOWN, THREE, likeliest)
    assert judge.surer(KNOWN, THREE[2:], THREE[0]) is THREE[2]


@pytest.mark.parametrize(("others", "place"), [((0.9, 2.0), 2), ((1.0, 0.2), None), ((1.2, 1.1), None)])
def test_a_passage_is_surer_than_the_one_told_only_if_it_is_clearly_so(
    others: tuple[float, float], place: int | None
) -> None:
    judge = judging(*others)
    judge.is_sure(KNOWN, THREE, THREE[0], 1.0)
    assert judge.surer(KNOWN, THREE, THREE[0]) is (None if place is None else THREE[place])
