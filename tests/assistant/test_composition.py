"""Sentences add up to an answer whose marks, quotes and withdrawals hold together."""

import pytest
from answer_promises import assert_keeps_its_promises
from tiny_desk import ASKED, GEMMA, LLAMA, TINY, Desk
from tiny_library import article

from assistant.answer import NearestArticle, Timings
from assistant.asked import Asked
from assistant.composition import Composition
from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.disagreement import Contradiction
from assistant.proof.repetition import holds_all
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder


@pytest.fixture
def desk() -> Desk:
    return Desk(GEMMA, LLAMA)


def test_each_sentence_is_followed_by_its_marks(desk: Desk) -> None:
    desk.add("The licence of Gemma 4 is Apache 2.0.")
    desk.add("Llama 3 is a model by Meta.")
    desk.add("The licence of Gemma 4 is Apache 2.0, and Llama 3 is a model by Meta.")
    answer = desk.composition.answer(Timings())
    assert answer.text == (
        "The licence of Gemma 4 is Apache 2.0. [1] Llama 3 is a model by Meta. [2] "
        "The licence of Gemma 4 is Apache 2.0, and Llama 3 is a model by Meta. [1][2]"
    )
    assert_keeps_its_promises(answer, (GEMMA, LLAMA))


def test_one_side_of_a_disagreement_is_never_beside_the_question() -> None:
    one = article("one.md", "Gemma 4 runs on 4 cards.", publisher="Google")
    other = article("other.md", "Gemma 4 runs on 9 cards.", publisher="Meta")
    desk = Desk(one, other)
    assert desk.add("Gemma 4 runs on 4 cards.")
    desk.composition.disagree(Contradiction(desk.quotes[0], desk.quotes[1], "Gemma 4 runs on"))
    desk.composition.keep_to_the_question(lambda told: told)
    assert len(desk.composition.told) == 2


def test_a_row_of_a_table_is_told_under_its_columns() -> None:
    table = article("heron.md", "Model | Memory | Price\nHeron 3 | 4 GB | 20 EUR\nHeron 4 | 8 GB | 40 EUR")
    desk = Desk(table)
    (_, row, _) = desk.quotes
    desk.composition.quote(row)
    assert desk.composition.said == "Heron 3 – Memory: 4 GB; Price: 20 EUR."
    assert desk.composition.only_quotes


def test_what_one_sentence_has_said_another_need_not_say_again(desk: Desk) -> None:
    desk.add("Llama 3 is a model by Meta.")
    said = desk.composition.has_said
    assert said("A model by Meta is Llama 3.", desk.sentences)
    assert not said("Llama 3 is no model by Meta.", desk.sentences)
    assert not said("Llama 3 is a model by Meta with 8 billion parameters.", desk.sentences)
    assert not said("Llama 4 is a model by Meta.", desk.sentences)
    assert not said("", desk.sentences)


def test_a_withdrawn_sentence_uses_up_no_number(desk: Desk) -> None:
    desk.add("The licence of Gemma 4 is Apache 9.9.")
    desk.add("The licence of Gemma 4 is Apache 2.0.")
    answer = desk.composition.answer(Timings())
    assert answer.text.endswith("Apache 2.0. [1]")
    assert_keeps_its_promises(answer, (GEMMA, LLAMA))


def test_a_quotation_is_marked_as_one_and_its_footnote_is_verbatim(desk: Desk) -> None:
    checked = desk.composition.quote(desk.quotes[0], lead="Google says: ")
    assert checked.sentence.text == "Google says: “The licence of Gemma 4 is Apache 2.0.”"
    assert checked.citations[0].quote == "The licence of Gemma 4 is Apache 2.0."
    assert_keeps_its_promises(desk.composition.answer(Timings()), (GEMMA, LLAMA))


def test_an_articles_own_reference_mark_is_not_shown_as_one_of_ours(desk: Desk) -> None:
    meta = next(quote for quote in desk.quotes if "[12]" in quote.text)
    checked = desk.composition.quote(meta)
    assert checked.sentence.text == "“Llama 3 is a model by Meta.”"
    assert checked.citations[0].quote == "Llama 3 is a model by Meta [12]."
    assert_keeps_its_promises(desk.composition.answer(Timings()), (GEMMA, LLAMA))


def contradiction(desk: Desk) -> tuple[Quote, Quote, Contradiction]:
    one, other = (quote for quote in desk.quotes if "billion" in quote.text)
    return one, other, Contradiction(one, other, "It has")


def test_both_sides_of_a_disagreement_are_quoted_with_their_sources(desk: Desk) -> None:
    one, other, both = contradiction(desk)
    added = desk.composition.disagree(both)
    assert [checked.sentence.text for checked in added] == [
        "Google says: “It has 31 billion parameters.”",
        "On Llama says: “It has 8 billion parameters.”",
    ]
    answer = desk.composition.answer(Timings())
    ((told,)) = answer.disagreements
    assert [(claim.text, claim.citation) for claim in told.claims] == [(one.text, 1), (other.text, 2)]
    assert told.about == "It has"
    assert_keeps_its_promises(answer, (GEMMA, LLAMA))


def test_a_side_that_was_cited_already_is_not_said_again(desk: Desk) -> None:
    one, _, both = contradiction(desk)
    desk.composition.quote(one)
    added = desk.composition.disagree(both)
    assert len(added) == 1
    assert "8 billion" in added[0].sentence.text
    assert desk.composition.disagree(both) == []
    assert_keeps_its_promises(desk.composition.answer(Timings()), (GEMMA, LLAMA))


def test_an_answer_tells_what_was_asked_shown_and_used(desk: Desk) -> None:
    timings = Timings(1.0, 2.0, 3.0, 4.0, 5, 6)
    answer = desk.composition.answer(timings)
    assert (answer.question, answer.standalone_question) == ("Is it open?", "Is it open? (about Gemma 4)")
    assert (answer.model, answer.timings, answer.status) == (TINY, timings, "answered")
    assert [(shown.article, shown.passage) for shown in answer.evidence] == [
        ("gemma.md", GEMMA.text),
        ("llama.md", LLAMA.text),
    ]


def test_without_an_answer_nothing_is_told_but_the_nearest_articles(desk: Desk) -> None:
    near = NearestArticle("gemma.md", "Gemma", None, "It has 31 billion parameters.")
    answer = desk.composition.not_in_library((near,), Timings())
    assert (answer.status, answer.text, answer.nearest) == ("not_in_library", "", (near,))
    assert_keeps_its_promises(answer, [GEMMA, LLAMA])


def test_what_was_taken_back_is_not_taken_back_twice(desk: Desk) -> None:
    for _ in range(2):
        assert not desk.add("Penguins swim very well in cold water.")
    assert len(desk.composition.answer(Timings()).withdrawn) == 1


def test_what_a_quotation_that_stands_has_said_needs_no_sentence_of_its_own(desk: Desk) -> None:
    sentences = EvidenceSentences(desk.found, ASKED.standalone, HashEmbedder(512), Bm25Encoder())
    said = "Specifically, Gemma 4 has the licence Apache 2.0."
    assert not desk.composition.has_said(said, sentences), "nothing stands yet"
    desk.composition.quote(desk.quotes[0])
    assert desk.composition.has_said(said, sentences)
    assert not desk.composition.has_said("Gemma 4 has 31 billion parameters.", sentences)
    assert not desk.composition.has_said("Llama 3 has the licence Apache 2.0.", sentences)


def test_an_answer_in_the_questions_own_words_is_no_repetition_of_some_quotation(desk: Desk) -> None:
    asked = Asked("", "Is the licence of Gemma 4 open or closed?")
    composition = Composition(asked, TINY, desk.found)
    sentences = EvidenceSentences(desk.found, asked.standalone, HashEmbedder(512), Bm25Encoder())
    composition.quote(desk.quotes[1])
    assert not composition.has_said("The licence of Gemma 4 is closed.", sentences)
    assert not composition.has_said("No, it is not.", sentences)
    composition.quote(desk.quotes[0])
    assert not composition.has_said("The licence of Gemma 4 is not Apache 2.0.", sentences)


BANK = article(
    "bank.md",
    "A bank takes Gemma 4. It comes under Apache 2.0. Others take Qwen. It scores more.\n\nThis ends.",
)


def test_what_goes_on_from_another_sentence_is_quoted_with_it() -> None:
    desk = Desk(BANK)
    _, second, third, fourth, last = desk.quotes
    said = [desk.composition.quote(quote).sentence.text for quote in (third, second, fourth, last)]
    assert said == [
        "“Others take Qwen.”",
        "“A bank takes Gemma 4. It comes under Apache 2.0.”",
        "“Others take Qwen. It scores more.”",
        "“This ends.”",
    ]
    answer = desk.composition.answer(Timings())
    assert_keeps_its_promises(answer, [BANK])
    assert desk.composition.cites(second)


def test_what_goes_on_from_the_sentence_told_last_is_quoted_alone() -> None:
    desk = Desk(BANK)
    first, second, *_ = desk.quotes
    desk.composition.quote(first)
    assert desk.composition.quote(second).sentence.text == "“It comes under Apache 2.0.”"


def test_what_another_sentence_says_with_more_is_told_once() -> None:
    last = "Put the best passage last, right before the question"
    desk = Desk(article("order.md", f"{last}: small models use what they have just read."))
    assert desk.add(f"{last}.")
    assert desk.add(f"{last}: small models use what they have just read.")
    desk.composition.tell_once(lambda more, text: holds_all(more, text, desk.sentences))
    answer = desk.composition.answer(Timings())
    assert [one.text for one in answer.sentences] == [f"{last}: small models use what they have just read."]
    assert [one.text for one in answer.withdrawn] == [f"{last}."]


def test_what_another_sentence_says_of_others_is_told_too() -> None:
    text = "The library lends books to {} for four weeks free of charge"
    desk = Desk(article("lends.md", f"{text.format('adults')}. {text.format('children')}, and renews them."))
    assert desk.add(f"{text.format('adults')}.")
    assert desk.add(f"{text.format('children')}, and renews them.")
    desk.composition.tell_once(lambda more, said: holds_all(more, said, desk.sentences))
    assert desk.composition.standing == 2
