import json
from collections.abc import Callable

import pytest

from assistant.answer import Answer, AnsweredSentence, Timings
from assistant.evaluation.measures import EvalReport, measure, nearest_rank, share
from assistant.evaluation.questions import Question
from assistant.evaluation.run import Outcome
from assistant.evaluation.scores import SHARES
from index_store.passage import ScoredPassage

_GOLD = "the licence of the model is permissive"


def _nowhere(path: str) -> str | None:
    return None


def _question(name: str, kind: str, facts: int) -> Question:
    return Question(
        name,
        kind,
        "Why?",
        gold_articles=("a.md",),
        gold_passages=(_GOLD,),
        answer_facts=tuple((f"fact{number}",) for number in range(facts)),
    )


@pytest.fixture
def report(
    make_answer: Callable[..., Answer], ranked: Callable[..., tuple[ScoredPassage, ...]]
) -> EvalReport:
    good, weak = (AnsweredSentence("So it is.", (1,), support, 0.5) for support in ("supported", "weak"))
    hit, miss = ranked(("a.md", _GOLD)), ranked(("a.md", "other words"))
    outcomes = [
        Outcome(
            _question("s1", "single", 4),
            make_answer(
                "fact0 fact1 fact2 fact3", sentences=[good] * 3, timings=Timings(0, 500, 2000, 0, 600)
            ),
            hit,
        ),
        Outcome(
            _question("s2", "some other kind", 1),
            make_answer(
                "no such thing", sentences=[weak], disagreements=2, timings=Timings(0, 700, 4000, 0, 800)
            ),
            miss,
        ),
        Outcome(_question("s3", "single", 1), None, error="The model file is gone."),
        Outcome(
            Question("u1", "unanswerable", "Why?"),
            make_answer(status="not_in_library", timings=Timings(0, 0, 100)),
        ),
        Outcome(
            Question("u2", "unanswerable", "Why?"),
            make_answer(sentences=[good], cites=["a.md"], timings=Timings(0, 900, 9000, 0, 700)),
        ),
    ]
    return measure(outcomes, _nowhere)


def _values(report: EvalReport, *names: str) -> list[float | None]:
    return [report.total.shares[name].value for name in names]


def test_shares_are_over_the_questions_they_apply_to(report: EvalReport) -> None:
    assert _values(report, "hit@1", "evidence_recall") == [pytest.approx(1 / 3), 0]
    assert _values(report, "abstention_accuracy", "unanswerable_refused") == [3 / 5, 1 / 2]
    assert _values(report, "answerable_refused") == [pytest.approx(1 / 3)]
    assert report.total.shares["hit@1"].questions == 3


def test_fact_recall_is_pooled_over_entries_and_also_averaged_over_questions(report: EvalReport) -> None:
    assert _values(report, "fact_recall", "fact_recall_per_question") == [4 / 6, pytest.approx(1 / 3)]


def test_sentences_and_citations_are_pooled_over_answers(report: EvalReport) -> None:
    assert _values(report, "support_estimate", "gold_citations") == [4 / 5, 0]


def test_a_measure_with_nothing_to_count_has_no_value(report: EvalReport) -> None:
    assert _values(report, "full_hit@10") == [None]
    assert report.kinds["unanswerable"].shares["hit@1"].value is None


def test_an_unknown_kind_joins_the_single_questions(report: EvalReport) -> None:
    assert list(report.kinds) == ["single", "unanswerable"]
    assert report.kinds["single"].questions == 3
    assert report.kinds["single"].shares["fact_recall"].found == 4
    assert [result.kind for result in report.results][:2] == ["single", "some other kind"]


def test_failures_and_disagreements_are_counted_by_kind(report: EvalReport) -> None:
    assert (report.total.questions, report.total.failed) == (5, 1)
    assert (report.kinds["single"].failed, report.kinds["unanswerable"].failed) == (1, 0)
    assert (report.total.disagreements, report.total.questions_with_disagreement) == (2, 1)
    assert report.kinds["unanswerable"].disagreements == 0


def test_times_and_tokens_leave_out_what_never_happened(report: EvalReport) -> None:
    first, total, tokens = report.total.first_token_s, report.total.total_s, report.total.prompt_tokens
    assert (first.count, first.median, first.p95) == (3, 0.7, 0.9)
    assert (total.count, total.median, total.p95) == (4, 3.0, 9.0)
    assert (tokens.median, tokens.maximum) == (700, 800)


def test_the_model_is_the_one_that_answered(report: EvalReport) -> None:
    assert report.model is not None
    assert report.model.id == "small"


def test_a_run_in_which_everything_failed_still_gives_a_report() -> None:
    report = measure([Outcome(_question("s", "single", 2), None, error="Gone.")], _nowhere)
    assert report.model is None
    assert report.total.shares["fact_recall"].value == 0
    assert report.total.shares["support_estimate"].value is None
    assert report.total.total_s.median is None


def test_the_report_is_one_json_document(report: EvalReport) -> None:
    document = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert list(document["total"]["shares"]) == list(SHARES)
    assert document["kinds"]["single"]["shares"]["fact_recall"]["value"] == pytest.approx(4 / 6)
    assert document["results"][2]["error"] == "The model file is gone."
    assert document["results"][1]["missed_facts"] == [["fact0"]]


@pytest.mark.parametrize(("percent", "expected"), [(95, 19), (50, 10), (100, 20), (96, 20), (0, 1)], ids=str)
def test_the_nearest_rank_is_one_of_the_values(percent: float, expected: float) -> None:
    assert nearest_rank(list(range(20, 0, -1)), percent) == expected


def test_the_interval_holds_the_share_and_is_the_same_each_time() -> None:
    parts = [(1, 1)] * 30 + [(0, 1)] * 20
    first, second = share(parts), share(parts)
    assert first == second
    assert first.value == 0.6
    assert first.low is not None
    assert first.high is not None
    # The normal approximation gives 0.6 +- 1.96 * sqrt(0.6 * 0.4 / 50), that is 0.46 to 0.74.
    assert first.low == pytest.approx(0.46, abs=0.03)
    assert first.high == pytest.approx(0.74, abs=0.03)


def test_the_interval_resamples_questions_and_not_single_sentences() -> None:
    # One question of 50 sentences decides everything: without it the share is 0, with it nearly 1.
    whole = share([(50, 50), (0, 1), (0, 1)])
    assert whole.low == 0
    assert whole.high is not None
    assert whole.high > 0.98


def test_one_question_has_no_interval_and_sure_questions_a_narrow_one() -> None:
    assert (share([(1, 2)]).value, share([(1, 2)]).low) == (0.5, None)
    sure = share([(1, 1)] * 9)
    assert (sure.low, sure.high) == (1, 1)


def test_answers_without_sentences_do_not_break_the_interval() -> None:
    assert share([(0, 0), (1, 2), (0, 0)]).value == 0.5
    assert share([(0, 0)]).value is None
    assert share([]).value is None
