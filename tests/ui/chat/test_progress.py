import pytest
from chat_samples import citation, sentence

from assistant.events import EvidenceFound, QuestionUnderstood, SentenceChecked, TextWritten
from index_store.passage import Passage, ScoredPassage
from ui.chat.progress import Progress, advance, unchecked


def found(*titles: str) -> EvidenceFound:
    return EvidenceFound(
        tuple(
            ScoredPassage(Passage(f"{n}", "s", f"{n}.md", title, "text", 0, 4, 0), 1.0)
            for n, title in enumerate(titles)
        )
    )


def test_progress_follows_the_events() -> None:
    progress = Progress()
    assert progress.stage == "reading"
    progress = advance(progress, QuestionUnderstood("How long did it rain?"))
    assert (progress.stage, progress.standalone_question) == ("searching", "How long did it rain?")
    progress = advance(progress, found("On rain", "On snow", "On rain"))
    assert (progress.stage, progress.titles) == ("found", ("On rain", "On snow"))
    progress = advance(progress, TextWritten("It rained for six hours. Th"))
    assert progress.pending == "It rained for six hours. Th"
    checked = SentenceChecked(sentence("It rained for six hours.", 2), (citation(2),))
    progress = advance(advance(progress, checked), TextWritten("en it"))
    assert progress.pending == "Then it"
    assert [one.number for one in progress.citations] == [2]


def test_citations_of_several_sentences_are_kept_once_and_in_order() -> None:
    progress = Progress()
    for numbers in ((2,), (1, 2)):
        used = tuple(citation(number) for number in numbers)
        progress = advance(progress, SentenceChecked(sentence("So.", *numbers), used))
    assert [one.number for one in progress.citations] == [1, 2]


@pytest.mark.parametrize(
    ("draft", "checked", "rest"),
    [
        ("One. Two. Thr", [], "One. Two. Thr"),
        ("One. Two. Thr", ["One."], "Two. Thr"),
        ("One. Two. Thr", ["Two."], "Thr"),
        ("One. Two. Thr", ["First, reworded."], "Two. Thr"),
        ("One", ["Reworded."], ""),
        ("One\n two. Thr", ["One two."], "Thr"),
        ("Same. Same. More", ["Same.", "Same."], "More"),
        ("He said “no.” Then", ["He declined."], "Then"),
    ],
)
def test_only_what_was_not_checked_yet_is_pending(draft: str, checked: list[str], rest: str) -> None:
    assert unchecked(draft, checked) == rest


def test_a_question_understood_anew_begins_anew() -> None:
    progress = advance(Progress(stopping=True), QuestionUnderstood("How long?"))
    progress = advance(advance(progress, found("On snow")), TextWritten("It snowed. "))
    progress = advance(progress, SentenceChecked(sentence("It snowed.", 1), (citation(1),)))
    again = advance(progress, QuestionUnderstood("For rain, how long?"))
    assert again == Progress("searching", "For rain, how long?", stopping=True)
