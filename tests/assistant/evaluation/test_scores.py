from collections.abc import Callable

import pytest

from assistant.answer import Answer, AnsweredSentence, Citation, Timings
from assistant.evaluation.questions import Question
from assistant.evaluation.run import Outcome
from assistant.evaluation.scores import SHARES, Part, QuestionScore, Scorer
from index_store.passage import ScoredPassage

Ranked = Callable[..., tuple[ScoredPassage, ...]]
Answering = Callable[..., Answer]

_GOLD_A = "the licence of the model is permissive"
_GOLD_B = "downloads have passed four hundred million"
_ARTICLES = {"a.md": f"Intro. So {_GOLD_A}, they say.", "b.md": f"And {_GOLD_B} by now."}


def _question(kind: str) -> Question:
    return Question(
        "q",
        kind,
        "Why?",
        gold_articles=("a.md", "b.md"),
        gold_passages=(_GOLD_A, _GOLD_B),
        answer_facts=(("permissive",), ("400m", "four hundred million")),
    )


_UNANSWERABLE = Question("u", "unanswerable", "Why?")


def _score(
    question: Question, answer: Answer | None, ranked: tuple[ScoredPassage, ...] = ()
) -> QuestionScore:
    return Scorer(_ARTICLES.get).score(Outcome(question, answer, ranked, None if answer else "Broken."))


def _parts(
    question: Question, answer: Answer | None, ranked: tuple[ScoredPassage, ...] = ()
) -> dict[str, Part]:
    return dict(_score(question, answer, ranked).parts)


def test_a_hit_counts_from_the_rank_where_gold_stands(make_answer: Answering, ranked: Ranked) -> None:
    found = ranked(("a.md", "something else"), ("c.md", _GOLD_A), ("a.md", f"so {_GOLD_A} indeed"))
    score = _score(_question("single"), make_answer(), found)
    assert score.first_hit == 3
    assert [score.parts[f"hit@{k}"] for k in (1, 5, 10)] == [(0, 1), (1, 1), (1, 1)]
    assert "full_hit@5" not in score.parts


def test_gold_words_in_another_article_are_no_hit(make_answer: Answering, ranked: Ranked) -> None:
    score = _score(_question("single"), make_answer(shown=[("c.md", _GOLD_A)]), ranked(("c.md", _GOLD_A)))
    assert score.first_hit is None
    assert score.parts["hit@10"] == (0, 1)
    assert score.parts["evidence_recall"] == (0, 1)


@pytest.mark.parametrize("kind", ["multi", "conflict"])
def test_a_full_hit_needs_gold_of_every_gold_article(
    kind: str, make_answer: Answering, ranked: Ranked
) -> None:
    other = ("c.md", "unrelated")
    found = ranked(("a.md", _GOLD_A), *[other] * 4, ("b.md", _GOLD_B))
    answer = make_answer(shown=[("a.md", _GOLD_A), ("b.md", "nothing of it")])
    parts = _parts(_question(kind), answer, found)
    assert [parts[f"hit@{k}"] for k in (1, 5, 10)] == [(1, 1)] * 3
    assert [parts[f"full_hit@{k}"] for k in (1, 5, 10)] == [(0, 1), (0, 1), (1, 1)]
    assert parts["evidence_recall"] == (1, 1)
    assert parts["full_evidence_recall"] == (0, 1)


def test_full_evidence_holds_gold_of_every_gold_article(make_answer: Answering) -> None:
    answer = make_answer(shown=[("b.md", _GOLD_B), ("a.md", _GOLD_A)])
    assert _parts(_question("multi"), answer)["full_evidence_recall"] == (1, 1)


def test_facts_are_counted_entry_by_entry_and_the_missed_ones_kept(make_answer: Answering) -> None:
    score = _score(_question("single"), make_answer("It is **permissive**. [1]"))
    assert score.parts["fact_recall"] == (1, 2)
    assert score.parts["fact_recall_per_question"] == (0.5, 1)
    assert score.missed_facts == (("400m", "four hundred million"),)


def test_citations_of_gold_articles_are_counted_among_all(make_answer: Answering) -> None:
    parts = _parts(_question("single"), make_answer(cites=["a.md", "c.md", "a.md"]))
    assert parts["gold_citations"] == (2, 3)


@pytest.mark.parametrize(
    ("kind", "cites", "earned"),
    [
        ("single", ["b.md"], 1),
        ("followup", ["a.md"], 1),
        ("comparison", ["a.md"], 1),
        ("single", ["c.md"], 0),
        ("multi", ["a.md"], 0.5),
        ("multi", ["a.md", "b.md", "c.md"], 1),
        ("conflict", ["a.md"], 0),
        ("conflict", ["b.md", "a.md"], 1),
    ],
)
def test_how_many_gold_articles_must_be_cited_depends_on_the_kind(
    kind: str, cites: list[str], earned: float, make_answer: Answering
) -> None:
    assert _parts(_question(kind), make_answer(cites=cites))["gold_articles_cited"] == (earned, 1)


def test_any_citation_for_an_unanswerable_question_is_wrong(make_answer: Answering) -> None:
    parts = _parts(_UNANSWERABLE, make_answer(cites=["a.md", "b.md"]))
    assert parts["gold_citations"] == (0, 2)
    assert "gold_articles_cited" not in parts


@pytest.mark.parametrize(("status", "right"), [("answered", 1), ("partly", 1), ("not_in_library", 0)])
def test_an_answerable_question_wants_an_answer_be_it_in_part(
    status: str, right: int, make_answer: Answering
) -> None:
    parts = _parts(_question("single"), make_answer(status=status))
    assert parts["abstention_accuracy"] == (right, 1)
    assert parts["answerable_refused"] == (1 - right, 1)
    assert "unanswerable_refused" not in parts


@pytest.mark.parametrize(("status", "right"), [("answered", 0), ("partly", 0), ("not_in_library", 1)])
def test_an_unanswerable_question_wants_a_refusal(status: str, right: int, make_answer: Answering) -> None:
    parts = _parts(_UNANSWERABLE, make_answer(status=status))
    assert parts["abstention_accuracy"] == parts["unanswerable_refused"] == (right, 1)
    assert "answerable_refused" not in parts
    assert "hit@1" not in parts
    assert "fact_recall" not in parts


def test_a_failed_question_earns_nothing(ranked: Ranked) -> None:
    score = _score(_question("multi"), None)
    assert score.error == "Broken."
    assert score.status is None
    assert score.total_s is None
    earned = {name: part[0] for name, part in score.parts.items()}
    assert earned.pop("answerable_refused") == 1
    assert set(earned.values()) == {0}
    assert {"hit@10", "full_evidence_recall", "fact_recall", "gold_articles_cited"} <= set(earned)


def test_a_failure_on_an_unanswerable_question_is_no_refusal() -> None:
    parts = _parts(_UNANSWERABLE, None)
    assert parts["abstention_accuracy"] == parts["unanswerable_refused"] == (0, 1)


def test_shown_sentences_are_counted_by_support_citation_and_wording(make_answer: Answering) -> None:
    sentences = [
        AnsweredSentence("So the licence of the model is permissive.", (1,), "supported", 0.9),
        AnsweredSentence("Shown but not cited stands here too.", (1,), "weak", 0.4),
        AnsweredSentence("These words are all the model's own.", (), "supported", 0.8),
        AnsweredSentence("And downloads have passed four hundred million by now.", (), "unsupported", 0.1),
    ]
    answer = make_answer(
        sentences=sentences, cites=["a.md"], shown=[("c.md", "**Shown** but not cited stands here too!")]
    )
    parts = _parts(_question("single"), answer)
    assert parts["support_estimate"] == (2, 4)
    assert parts["cited_sentences"] == (2, 4)
    # The last one is in b.md, which was neither cited nor shown.
    assert parts["word_for_word"] == (2, 4)


def test_a_quote_is_verbatim_only_where_it_says_it_stands(
    make_answer: Answering, make_citation: Callable[..., Citation]
) -> None:
    quote = "the licence"
    start = _ARTICLES["a.md"].index(quote)
    citations = (
        make_citation("a.md", quote, start),
        make_citation("a.md", quote, start + 1),
        make_citation("a.md", "The licence", start),
        make_citation("gone.md", quote, start),
        make_citation("a.md", "", start),
        make_citation("a.md", quote, -500),
    )
    parts = _parts(_question("single"), make_answer(citations=citations))
    assert parts["quotes_verbatim"] == (1, 6)


def test_times_are_seconds_and_missing_where_nothing_was_shown_or_read(make_answer: Answering) -> None:
    written = _score(_question("single"), make_answer(timings=Timings(5, 560, 4200, 0, 700, 40)))
    assert (written.first_token_s, written.total_s, written.prompt_tokens) == (0.56, 4.2, 700)
    refused = _score(_UNANSWERABLE, make_answer(status="not_in_library", timings=Timings(total_ms=90)))
    assert (refused.first_token_s, refused.total_s, refused.prompt_tokens) == (None, 0.09, None)


def test_a_question_without_gold_is_measured_only_by_what_it_shows(make_answer: Answering) -> None:
    parts = _parts(Question("x", "single", "Why?"), make_answer("Because. [1]", cites=["a.md"]))
    assert not {"hit@1", "evidence_recall", "fact_recall", "gold_citations"} & set(parts)
    assert parts["abstention_accuracy"] == (1, 1)


def test_every_part_has_a_name_among_the_shares(make_answer: Answering) -> None:
    named = {*_parts(_question("multi"), make_answer()), *_parts(_UNANSWERABLE, make_answer())}
    assert named == set(SHARES)


def test_an_article_is_read_once(make_answer: Answering) -> None:
    read: list[str] = []

    def article_text(path: str) -> str | None:
        read.append(path)
        return None

    scorer = Scorer(article_text)
    answer = make_answer(cites=["a.md", "gone.md"], sentences=[AnsweredSentence("So.", (1,), "weak", 0)])
    for _ in range(2):
        scorer.score(Outcome(_question("single"), answer))
    assert sorted(read) == ["a.md", "gone.md"]
