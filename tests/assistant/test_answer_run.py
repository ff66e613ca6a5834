"""One answer from the evidence in place: what is drafted, taken back, completed, missing and contradicted."""

from collections.abc import Iterator

import pytest
from answer_promises import assert_keeps_its_promises
from tiny_answers import ARTICLES, GOOD, LICENCE, MIXED, WRONG, PlainWriter, assistant, finished, words_of
from tiny_library import article, library_of

from assistant.answering import Assistant
from assistant.writer import CannedReading, CannedWriter, Sources, Stopped
from index_store.embedder import HashEmbedder
from index_store.library import Library


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with library_of(ARTICLES, HashEmbedder(512)) as made:
        yield made


class ReadingWriter(CannedWriter):
    """Keeps which sources it was given each time."""

    def __init__(self, *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]
        self.read_from: list[tuple[str, ...]] = []

    def read(self, sources: Sources, *, stopped: Stopped) -> CannedReading:
        if sources.texts and not sources.beside:
            self.read_from.append(sources.texts)
        return super().read(sources, stopped=stopped)


class AloneWriter(ReadingWriter):
    """Drafts some words from a passage that it reads alone, and others from all of them together."""

    def __init__(self, alone: str, *margins: tuple[str, float], everything: str = WRONG) -> None:
        super().__init__([("in one complete sentence", ""), ("", everything)], [*margins, ("", 9.0)])
        self.alone = alone

    def read(self, sources: Sources, *, stopped: Stopped) -> CannedReading:
        reading = super().read(sources, stopped=stopped)
        alone = len(sources.texts) == 1 and not sources.beside
        return (
            CannedReading(sources, CannedWriter([("", self.alone)], default_margin=9.0)) if alone else reading
        )


class PlainReadingWriter(PlainWriter, ReadingWriter):
    """The same, reading its sources anew for each question."""


def test_a_sentence_that_no_source_carries_is_taken_back(library: Library) -> None:
    answer = assistant(library, MIXED).ask(LICENCE)
    assert [taken.text for taken in answer.withdrawn] == [WRONG, "Penguins swim very well in cold water."]
    assert "7.7" not in answer.text
    assert "Penguins" not in answer.text
    assert_keeps_its_promises(answer, ARTICLES)


def test_when_all_is_taken_back_the_articles_own_sentence_answers(library: Library) -> None:
    answer = assistant(library, WRONG, quotable=2.0).ask(LICENCE)
    assert answer.text.startswith("“The licence of Gemma 4 is Apache 2.0.” [1]")
    assert all(sentence.text.startswith("“") for sentence in answer.sentences)
    assert [taken.text for taken in answer.withdrawn] == [WRONG]
    assert_keeps_its_promises(answer, ARTICLES)


@pytest.mark.parametrize("draft", ["", " ", "\n\n", "...", "[1]", "42"])
def test_a_draft_that_says_nothing_is_replaced_by_a_quotation(library: Library, draft: str) -> None:
    answer = assistant(library, draft, quotable=2.0).ask(LICENCE)
    assert answer.text.startswith("“")
    assert_keeps_its_promises(answer, ARTICLES)


def test_a_draft_that_goes_round_in_circles_is_broken_off(library: Library) -> None:
    events = list(assistant(library, f"{GOOD} " * 30).stream(LICENCE))
    assert finished(events).text.count("Apache") == 1
    assert words_of(events).count("Apache") < 6


def test_a_draft_of_which_five_sentences_stand_is_long_enough() -> None:
    things = ("lamp", "river", "castle", "engine", "garden", "window", "violin")
    long = " ".join(f"The {thing} of Gemma 4 was built by {thing} makers." for thing in things)
    with library_of([article("long.md", long)], HashEmbedder(512)) as made:
        answer = assistant(made, long).ask("Who has built all these parts of Gemma 4?")
    assert [sentence.text.split()[1] for sentence in answer.sentences] == list(things[:5])


def test_what_a_later_sentence_says_with_more_is_told_once() -> None:
    short = "Put the best passage of Gemma 4 last."
    long = f"{short[:-1]}: small models use what they have just read."
    with library_of([article("order.md", long)], HashEmbedder(512)) as made:
        answer = assistant(made, f"{short} {long}").ask("Where does the best passage of Gemma 4 stand?")
    assert [sentence.text for sentence in answer.sentences] == [long]
    assert [taken.text for taken in answer.withdrawn] == [short]


def test_a_draft_that_reaches_its_limit_gives_up_the_torn_sentence(library: Library) -> None:
    answer = assistant(library, GOOD, answer_tokens=10).ask(LICENCE)
    assert answer.text == "The licence of Gemma 4 is Apache 2.0. [1]"
    assert answer.withdrawn == ()


def test_marks_that_the_model_invents_are_not_shown(library: Library) -> None:
    answer = assistant(
        library, "The licence of Gemma 4 is Apache 2.0 [7]. It runs [1, 2] on a single card."
    ).ask(LICENCE)
    assert answer.text == "The licence of Gemma 4 is Apache 2.0. [1] It runs on a single card. [2]"
    assert_keeps_its_promises(answer, ARTICLES)


def test_what_the_library_does_not_answer_is_not_drafted(library: Library) -> None:
    events = list(assistant(library, margin=-9.0).stream(LICENCE))
    answer = finished(events)
    assert words_of(events) == ""
    assert answer.status == "not_in_library"
    assert answer.nearest[0].article == "gemma.md"
    assert answer.timings.answer_tokens == 0
    assert_keeps_its_promises(answer, ARTICLES)


def test_what_an_article_says_outright_is_told_whatever_the_model_denies() -> None:
    said = "The authority rejected a wider access road because it would have cost 9 million."
    question = "Why was a wider access road rejected?"
    with library_of([article("road.md", said)], HashEmbedder(512)) as made:
        for draft, told in ((said, said), (WRONG, f"“{said}”")):
            answer = assistant(made, draft, margin=-9.0, quotable=-9.0).ask(question)
            assert (answer.status, answer.text) == ("answered", f"{told} [1]")


def test_when_the_signs_are_unsure_a_sentence_that_answers_decides(library: Library) -> None:
    for quotable, status in ((3.0, "answered"), (-9.0, "not_in_library")):
        assert assistant(library, margin=0.3, quotable=quotable).ask(LICENCE).status == status


def test_a_draft_that_stands_whole_is_the_answer_and_nothing_more_is_judged(library: Library) -> None:
    answer = assistant(library, "Gemma 4 has the licence Apache 2.0.", quotable=2.0).ask(LICENCE)
    assert answer.text == "Gemma 4 has the licence Apache 2.0. [1]"


def test_what_another_article_says_too_is_cited_from_both() -> None:
    said = "The licence of Gemma 4 is Apache 2.0 in all sizes."
    both = [article("one.md", said), article("two.md", f"{said[:-1]}, as its makers say.")]
    with library_of(both, HashEmbedder(512)) as made:
        answer = assistant(made, said).ask("What is the licence of Gemma 4 in all sizes?")
    [sentence] = answer.sentences
    assert sentence.citations == (1, 2)
    assert {citation.article for citation in answer.citations} == {"one.md", "two.md"}
    assert answer.text == f"{said} [1][2]"
    assert_keeps_its_promises(answer, both)


ADVICE = "A bank should move to Gemma 4."
REASON = "It comes under a known licence, from a vendor that auditors know."


@pytest.mark.parametrize(("asked", "told"), [(", and why?", [ADVICE, f"“{REASON}”"]), ("?", [ADVICE])])
def test_the_reason_that_is_asked_for_beside_an_answer_is_told(asked: str, told: list[str]) -> None:
    writer = CannedWriter(
        [("in one complete sentence", ""), ("", ADVICE)],
        [("answer “why”? Yes or No.\nSentence:  It comes", 1.0), ("Does the sentence", -9.0), ("", 9.0)],
    )
    with library_of([article("advice.md", f"{ADVICE} {REASON}")], HashEmbedder(512)) as made:
        answer = Assistant(made, writer).ask(f"Which model should a bank move to{asked}")
    assert [sentence.text for sentence in answer.sentences] == told


BESIDE = "Gemma 4 is for enterprises and is said to be safe."
ASIDE = article("aside.md", f"{BESIDE} The licence of Gemma 4 is Apache 2.0.")


@pytest.mark.parametrize(("margin", "shown"), [(-0.1, 2), (0.1, 1)])
def test_a_quote_that_answers_less_likely_than_not_gets_a_likelier_one_beside_it(
    margin: float, shown: int
) -> None:
    margins = [
        ("Is every part of the claim", -9.0),
        ("said to be safe. The licence", 2.0),
        ("said to be safe", margin),
        ("", 9.0),
    ]
    writer = CannedWriter([("", "Gemma 4 is for enterprises and is surely said to be safe.")], margins)
    with library_of([ASIDE], HashEmbedder(512)) as aside:
        answer = Assistant(aside, writer).ask("Under which terms may a firm of lawyers use Gemma 4?")
    assert [one.text for one in answer.sentences] == [
        f"“{BESIDE}”",
        "“The licence of Gemma 4 is Apache 2.0.”",
    ][:shown]


@pytest.mark.parametrize(("quotable", "status", "shown"), [(2.0, "answered", 2), (-9.0, "partly", 1)])
def test_where_what_stands_does_not_answer_a_quote_does_or_it_is_told_to_be_a_part(
    quotable: float, status: str, shown: int
) -> None:
    # The model denies that the draft answers, until the licence is told.
    margins = [
        ("said to be safe. The licence", 2.0),
        ("said to be safe", -2.0),
        ("Does the sentence", quotable),
    ]
    writer = CannedWriter([("", BESIDE)], [*margins, ("", 9.0)])
    with library_of([ASIDE], HashEmbedder(512)) as aside:
        answer = Assistant(aside, writer).ask("Under which terms may a firm of lawyers use Gemma 4?")
    assert (answer.status, len(answer.sentences)) == (status, shown)
    assert answer.missing == (None if shown == 2 else "Under which terms may a firm of lawyers use Gemma 4?")
    assert_keeps_its_promises(answer, [ASIDE])


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("Is Gemma 4 by Google for enterprises a safe choice when auditors come around?", "answered"),
        ("Is Google the vendor for enterprises that is a safe choice when auditors come?", "partly"),
    ],
)
def test_what_has_all_of_many_names_and_half_of_what_was_asked_is_no_part(asked: str, status: str) -> None:
    told = "Gemma 4 by Google is for enterprises and is said to be safe."
    margins = [("said to be safe", -2.0), ("Does the sentence", -9.0)]
    writer = CannedWriter([("in one complete sentence", ""), ("", told)], [*margins, ("", 9.0)])
    with library_of([article("told.md", told)], HashEmbedder(512)) as made:
        answer = Assistant(made, writer).ask(asked)
    assert (answer.status, answer.missing is None) == (status, status == "answered")


@pytest.mark.parametrize(("quotable", "shown"), [(1.2, 2), (1.1, 1)])
def test_a_part_of_a_question_that_nothing_is_told_of_is_answered_by_a_sentence_that_surely_does(
    library: Library, quotable: float, shown: int
) -> None:
    asked = "What is the licence of Gemma 4, and on what card does it run?"
    answer = assistant(library, "Gemma 4 has the licence Apache 2.0.", quotable=quotable).ask(asked)
    told = ["Gemma 4 has the licence Apache 2.0.", "“It runs on a single card.”"]
    assert [sentence.text for sentence in answer.sentences] == told[:shown]
    assert_keeps_its_promises(answer, ARTICLES)


@pytest.mark.parametrize(
    ("quotable", "under_its_title", "shown"), [(0.1, -9.0, 2), (-0.1, 0.0, 2), (-0.1, -0.7, 1)]
)
def test_beside_a_quote_stands_what_surely_answers_or_does_so_under_its_title(
    quotable: float, under_its_title: float, shown: int
) -> None:
    text = "The licence of Gemma 4 is Apache 2.0. Gemma 4 runs on two cards or on one."
    margins = [("Gemma notes: ", under_its_title), ("Does the sentence", quotable), ("", 9.0)]
    asked = "What is the licence of Gemma 4, and on how many cards does it run?"
    writer = CannedWriter([("", WRONG)], margins)
    with library_of([article("notes.md", text, title="Gemma notes")], HashEmbedder(512)) as made:
        answer = Assistant(made, writer).ask(asked)
    assert len(answer.sentences) == shown


def test_a_part_of_a_question_that_was_lost_is_drafted_once_more(library: Library) -> None:
    asked = "What is the licence of Gemma 4, and on how many cards does it run?"
    replies = [("Answer only “on how many", "Gemma 4 runs on a single card."), ("", f"{WRONG} {GOOD[:37]}")]
    answer = Assistant(library, CannedWriter(replies, [("Does the sentence", -9.0), ("", 9.0)])).ask(asked)
    assert "Gemma 4 runs on a single card." in [sentence.text for sentence in answer.sentences]
    assert_keeps_its_promises(answer, ARTICLES)


def test_where_something_stands_for_all_that_was_asked_nothing_is_quoted_beside_it(library: Library) -> None:
    for draft in ("Gemma 4 has the licence Apache 2.0.", GOOD):
        answer = assistant(library, f"{draft} {WRONG}", quotable=2.0).ask("Tell me all of Gemma 4.")
        assert [sentence for sentence in answer.sentences if sentence.text.startswith("“")] == []


def test_what_is_beside_the_question_is_taken_back_in_the_end_and_footnotes_are_counted_anew(
    library: Library,
) -> None:
    draft = "Qwen3 is a family of models by Alibaba. The licence of Gemma 4 is Apache 2.0."
    margins = [("Sentence:  The licence", 1.0), ("Sentence:  Qwen3", -9.0), ("", 9.0)]
    answer = Assistant(library, CannedWriter([("", draft)], margins)).ask(LICENCE)
    assert answer.text == "The licence of Gemma 4 is Apache 2.0. [1]"
    ((beside,)) = answer.withdrawn
    assert (beside.text, beside.why) == (draft[:39], "it says nothing of what was asked")
    assert_keeps_its_promises(answer, ARTICLES)


def test_when_nothing_drafted_holds_and_no_sentence_answers_it_is_not_in_the_library(
    library: Library,
) -> None:
    answer = assistant(library, WRONG, quotable=-9.0).ask(LICENCE)
    assert (answer.status, answer.sentences) == ("not_in_library", ())
    assert [taken.text for taken in answer.withdrawn] == [WRONG]


@pytest.mark.parametrize("kind", [CannedWriter, PlainWriter])
def test_a_draft_that_finds_nothing_is_an_honest_not_in_the_library(
    library: Library, kind: type[CannedWriter]
) -> None:
    draft = "The sources do not provide the price of the licence."
    writer = kind([("", draft)], [("Does the sentence answer", -9.0), ("", 9.0)])
    answer = Assistant(library, writer).ask("What does the licence cost?")
    assert answer.status == "not_in_library"
    assert answer.text == ""
    assert answer.nearest
    assert [sentence.text for sentence in answer.withdrawn] == [draft]


@pytest.mark.parametrize(
    ("lacks", "is_missing"),
    [
        ("The sources do not provide the price of the licence of Gemma 4.", True),
        ("The sources do not mention how penguins swim in cold water.", False),
    ],
)
def test_what_a_draft_cannot_tell_is_missing_if_it_was_asked_for(
    library: Library, lacks: str, is_missing: bool
) -> None:
    answer = assistant(library, f"{GOOD} {lacks}").ask("What is the price of the licence of Gemma 4?")
    assert (answer.status, answer.missing) == (("partly", lacks) if is_missing else ("answered", None))


def test_the_question_is_not_an_answer_to_itself(library: Library) -> None:
    question = "Which licence has Gemma 4?"
    answer = finished(list(assistant(library, f"{question} {GOOD}").stream(question)))
    assert question not in answer.text
    assert answer.sentences


OFFERS = "What do Gemma 4 and Qwen3 offer?"
OF_GEMMA = ("What do Gemma 4 offer?", "The licence of Gemma 4 is Apache 2.0.")
OF_QWEN = ("What do Qwen3 offer?", "Qwen3 speaks 119 languages.")


def test_what_is_asked_of_several_things_is_answered_for_each_in_turn(library: Library) -> None:
    margins = [("Does the sentence answer", -9.0)]
    writer = CannedWriter([OF_GEMMA, OF_QWEN, ("", WRONG)], margins, default_margin=9.0)
    answer = Assistant(library, writer).ask(OFFERS)
    assert answer.status == "answered"
    assert [sentence.text for sentence in answer.sentences] == [OF_GEMMA[1], OF_QWEN[1]]
    assert {citation.article for citation in answer.citations} == {"gemma.md", "qwen.md"}
    assert_keeps_its_promises(answer, ARTICLES)


def test_each_of_several_things_is_read_for_in_the_passages_about_it() -> None:
    articles = (
        article("gemma.md", OF_GEMMA[1], title="Gemma 4"),
        article("qwen.md", OF_QWEN[1], title="Qwen3"),
    )
    writer = ReadingWriter([OF_GEMMA, OF_QWEN], [("Does the sentence", -9.0)], default_margin=9.0)
    with library_of(articles, HashEmbedder(512)) as made:
        Assistant(made, writer).ask(OFFERS)
    for texts, own, other in zip(writer.read_from, (OF_GEMMA, OF_QWEN), (OF_QWEN, OF_GEMMA), strict=True):
        assert own[1] in "".join(texts)
        assert other[1] not in "".join(texts)


def test_what_one_passage_leaves_open_is_drafted_from_all(library: Library) -> None:
    writer = AloneWriter(WRONG, ("Does the sentence", -9.0), everything="Gemma 4 runs on a single card.")
    answer = Assistant(library, writer).ask("On what does Gemma 4 run?")
    assert [sentence.text for sentence in answer.sentences] == ["Gemma 4 runs on a single card."]
    assert [taken.text for taken in answer.withdrawn] == [WRONG]
    alone, whole, *_ = writer.read_from
    assert len(whole) > len(alone) == 1


def test_a_passage_that_is_surer_than_the_one_told_is_told_too(library: Library) -> None:
    first, second = "Gemma 4 has the licence Apache 2.0.", "Qwen3 is a family of models by Alibaba."

    class Surer(CannedWriter):
        def read(self, sources: Sources, *, stopped: Stopped) -> CannedReading:
            surer = "Qwen3 is a family" in "".join(sources.texts)
            own = CannedWriter([("", second if surer else first)], default_margin=3.0 if surer else 1.0)
            return CannedReading(sources, own)

    for asked, told in (
        ("Which licence do lawyers read for a family?", [first, second]),
        (LICENCE, [first]),
    ):
        answer = Assistant(library, Surer()).ask(asked)
        assert [sentence.text for sentence in answer.sentences] == told


def test_where_the_first_is_not_sure_parts_are_told_from_the_surest_passage_asked(library: Library) -> None:
    asked = "What is the licence of it? What does it cost?"
    first, other = Assistant(library, CannedWriter()).evidence(asked)[:2]
    drafted = []

    class Unsure(CannedWriter):
        def read(self, sources: Sources, *, stopped: Stopped) -> CannedReading:
            if len(sources.texts) == 1 and not sources.beside:
                drafted.append(sources.texts[0])
            margin = 1.0 if other.passage.text in "".join(sources.texts) else -1.0
            return CannedReading(sources, CannedWriter([("", GOOD)], default_margin=margin))

    Assistant(library, Unsure()).ask(asked)
    assert first.passage.text in drafted[0]
    assert other.passage.text in drafted[1]


def test_what_one_passage_lacks_is_asked_of_all(library: Library) -> None:
    lacks = f"{GOOD} The sources do not provide the price of support."
    writer = AloneWriter(lacks, everything="Support for Gemma 4 costs 5 dollars.")
    answer = Assistant(library, writer).ask("What is the licence of Gemma 4 and the price of support for it?")
    assert answer.sentences[-1].text == "Support for Gemma 4 costs 5 dollars."
    assert answer.status == "answered"


def test_no_more_than_two_passages_are_read_alone_for_an_answer(library: Library) -> None:
    writer = ReadingWriter([("in one complete sentence", ""), ("", WRONG)], [("Does the sentence", -9.0)])
    Assistant(library, writer).ask("On what does Gemma 4 run?")
    nearest, whole, *again = writer.read_from
    assert len(whole) > 1
    assert [len(texts) for texts in (nearest, *again)] == [1, 1]
    assert len({nearest, *again}) == 2


def test_where_what_stands_answers_no_passage_is_read_again(library: Library) -> None:
    writer = ReadingWriter([("", GOOD)], [("Does the sentence", -9.0)])
    assert Assistant(library, writer).ask(LICENCE).status == "answered"
    assert len(writer.read_from) == 1


def test_of_sources_read_at_once_those_that_name_the_thing_are_read_anew_where_nothing_stands(
    library: Library,
) -> None:
    replies = [("one or two complete sentences", "Gemma 4 runs on a single card."), ("", WRONG)]
    writer = PlainReadingWriter(replies, [("Does the sentence", -9.0), ("", 9.0)])
    answer = Assistant(library, writer).ask("On what does Gemma 4 run?")
    assert [sentence.text for sentence in answer.sentences] == ["Gemma 4 runs on a single card."]
    assert [taken.text for taken in answer.withdrawn] == [WRONG]
    whole, narrow = writer.read_from
    assert len(narrow) < len(whole)
    assert all("Gemma 4" in text for text in narrow)
    assert_keeps_its_promises(answer, ARTICLES)


def test_that_a_few_passages_do_not_tell_says_nothing_of_the_others(library: Library) -> None:
    for sure, status in ((0.1, "answered"), (-0.1, "not_in_library")):
        writer = AloneWriter("The sources do not state what it runs on.", ("Does the sentence", sure))
        answer = Assistant(library, writer).ask("On what does Gemma 4 run?")
        assert (answer.status, answer.missing) == (status, None)
        assert answer.text.startswith("“") == (status == "answered")


def test_a_new_draft_goes_on_from_nothing_that_was_taken_back(library: Library) -> None:
    writer = AloneWriter(WRONG, ("Does the sentence", -9.0), everything="It runs on a single card.")
    answer = Assistant(library, writer).ask("On what does Gemma 4 run?")
    assert [sentence.text for sentence in answer.sentences] == ["It runs on a single card."]


def test_the_one_of_several_things_that_the_articles_do_not_tell_of_is_missing(library: Library) -> None:
    margins = [("Does the sentence answer", -9.0), (OF_QWEN[0], -9.0)]
    writer = CannedWriter([OF_GEMMA, OF_QWEN], margins, default_margin=9.0)
    answer = Assistant(library, writer).ask(OFFERS)
    assert (answer.status, answer.missing) == ("partly", OF_QWEN[0])
    assert [sentence.text for sentence in answer.sentences] == [OF_GEMMA[1]]


def test_when_a_thing_is_unknown_the_question_is_decided_on_as_a_whole(library: Library) -> None:
    writer = CannedWriter([OF_GEMMA], [("", -9.0)])
    assert Assistant(library, writer).ask("What do Gemma 4 and Zebra 9 offer?").status == "not_in_library"


SAYS = "The open model Gemma 4 has {} billion parameters in its largest version."
HOW_MANY = "How many billion parameters has the open model Gemma 4?"


def test_sources_that_contradict_each_other_are_set_side_by_side() -> None:
    articles = (
        article("one.md", SAYS.format(31), published="2026-04-02", publisher="One"),
        article("other.md", SAYS.format(27), published="2026-04-09", publisher="Other"),
    )
    with library_of(articles, HashEmbedder(512)) as made:
        answer = assistant(made, SAYS.format(31)).ask(HOW_MANY)
    (told,) = answer.disagreements
    assert {claim.text for claim in told.claims} == {SAYS.format(31), SAYS.format(27)}
    assert f"Other says: “{SAYS.format(27)}”" in answer.text
    assert_keeps_its_promises(answer, articles)


def test_a_disagreement_that_the_answer_does_not_rest_on_is_not_told() -> None:
    articles = (
        article("one.md", f"{SAYS.format(31)}\n\nThe licence of this open model Gemma 4 is Apache 2.0."),
        article("other.md", SAYS.format(27)),
    )
    with library_of(articles, HashEmbedder(512)) as made:
        answer = assistant(made, "The licence of this open model Gemma 4 is Apache 2.0.").ask(HOW_MANY)
    assert answer.sentences
    assert answer.disagreements == ()


def test_a_figure_that_was_overtaken_is_a_change_told_with_both_dates() -> None:
    articles = (
        article("one.md", SAYS.format(31), published="2025-04-02"),
        article("other.md", SAYS.format(27), published="2026-04-09", publisher="Other"),
    )
    with library_of(articles, HashEmbedder(512)) as made:
        answer = assistant(made, SAYS.format(31), quotable=2.0).ask(HOW_MANY)
    assert answer.disagreements == ()
    assert (
        f"Other says on 9 April 2026, later than what is said above (2 April 2025): “{SAYS.format(27)}” [2]"
        in answer.text
    )
    assert_keeps_its_promises(answer, articles)


def test_sources_that_differ_in_words_and_figure_are_set_side_by_side_too() -> None:
    count = "According to our count, records of 2.1 million employees were stolen at Kestrel."
    articles = (
        article("one.md", count, published="2026-04-07"),
        article(
            "other.md",
            "In the breach at Kestrel, records of 640,000 employees were stolen, the regulator says.",
            published="2026-04-21",
        ),
    )
    with library_of(articles, HashEmbedder(512)) as made:
        answer = assistant(made, count, quotable=2.0).ask(
            "How many employees' records were stolen at Kestrel?"
        )
    (told,) = answer.disagreements
    claims = sorted(claim.text for claim in told.claims)
    assert ["2.1 million" in claims[0], "640,000" in claims[1]] == [True, True]
    assert_keeps_its_promises(answer, articles)
