import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer, Citation, ModelName, Timings
from assistant.errors import QuestionEmpty
from assistant.events import AnswerEvent, AnswerFinished, EvidenceFound, QuestionUnderstood, TextWritten, Turn
from index_store.errors import RunError
from index_store.passage import Passage, ScoredPassage
from ui.chat.recorded_answers import RecordedAnswers
from ui.record.record import Content, Record
from ui.record.record_files import RecordFiles

SHOWN = (
    ScoredPassage(Passage("1", "/srv/a", "heron.md", "Heron", "It needs 12 GB.", 100, 115, 0), 0.9),
    ScoredPassage(Passage("2", "/srv/b", "heron.md", "Heron", "It needs 12 GB. Always.", 300, 323, 0), 0.5),
)
QUOTE = Citation(1, "heron.md", "Heron", None, None, None, None, None, "It needs 12 GB.", "12 GB", 309, 314)
ANSWER = Answer(
    "How much?",
    "How much does Heron need?",
    "answered",
    "It needs 12 GB. [1]",
    ModelName("tiny", "ab12"),
    citations=(QUOTE,),
    timings=Timings(first_token_ms=812.4),
)
EVENTS = (
    QuestionUnderstood("How much does Heron need?"),
    EvidenceFound(SHOWN),
    TextWritten("It"),
    AnswerFinished(ANSWER),
)


class Scripted:
    """Gives these events; an error among them is raised."""

    def __init__(self, *script: AnswerEvent | BaseException) -> None:
        self._script = script

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        for one in self._script:
            if isinstance(one, BaseException):
                raise one
            yield one


@pytest.fixture
def files(tmp_path: Path) -> RecordFiles:
    return RecordFiles(tmp_path / "record", largest=1_000_000)


def recorded(files: RecordFiles, *script: AnswerEvent | BaseException, content: Content = "full") -> Any:
    record = Record(files, content=content, who="local:anna")
    return RecordedAnswers(
        Scripted(*script),
        record,
        via="chat",
        model="asked-model",
        surroundings=lambda: {"embedder": "tiny-embedder", "evidence_tokens": 800},
    )


def entries(files: RecordFiles) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files.newest_first()][::-1]


def test_the_events_are_passed_on_as_they_are(files: RecordFiles) -> None:
    assert tuple(recorded(files, *EVENTS).stream("How much?")) == EVENTS


def test_question_passages_answer_model_settings_and_time_are_recorded(files: RecordFiles) -> None:
    list(recorded(files, *EVENTS).stream("How much?", history=[("Heron?", "Yes.")]))
    (entry,) = entries(files)
    assert entry.pop("took_ms") >= 0
    for name in ("at", "process"):
        del entry[name]
    assert entry == {
        "who": "local:anna",
        "account": None,
        "kind": "question",
        "via": "chat",
        "question": "How much?",
        "turns_before": 1,
        "standalone_question": "How much does Heron need?",
        "status": "answered",
        "stopped": False,
        "answer": "It needs 12 GB. [1]",
        "shown": [
            {"source": "/srv/a", "article": "heron.md", "start": 100, "end": 115},
            {"source": "/srv/b", "article": "heron.md", "start": 300, "end": 323},
        ],
        # The quote stands in the second of the two articles of that name.
        "citations": [{"number": 1, "source": "/srv/b", "article": "heron.md", "start": 309, "end": 314}],
        "model": {"id": "tiny", "sha256": "ab12"},
        "first_token_ms": 812,
        "settings": {"embedder": "tiny-embedder", "evidence_tokens": 800},
    }


def test_without_content_no_word_of_question_or_answer_or_passage_is_kept(files: RecordFiles) -> None:
    list(recorded(files, *EVENTS, content="none").stream("How much?"))
    list_error = recorded(files, RunError("How much is too much"), content="none")
    with pytest.raises(RunError):
        list(list_error.stream("How much?"))
    whole = b"\n".join(files.newest_first()).decode()
    assert not any(word in whole for word in ("How", "much", "needs", "12 GB"))
    answered, failed = entries(files)
    assert answered["question"]["length"] == 9
    assert answered["answer"]["length"] == len(ANSWER.text)
    assert answered["shown"][0]["article"] == "heron.md"
    assert failed["error"] == "RunError"


def test_passages_text_is_never_recorded(files: RecordFiles) -> None:
    list(recorded(files, *EVENTS).stream("How much?"))
    assert "Always" not in b"\n".join(files.newest_first()).decode()


def test_it_is_recorded_before_the_last_event_so_nobody_need_ask_for_more(files: RecordFiles) -> None:
    stream = recorded(files, *EVENTS).stream("How much?")
    for event in stream:
        if isinstance(event, AnswerFinished):
            assert len(entries(files)) == 1
            break
    stream.close()
    assert len(entries(files)) == 1


def test_an_answer_that_was_stopped_says_so(files: RecordFiles) -> None:
    list(recorded(files, *EVENTS).stream("How much?", stopped=lambda: True))
    (entry,) = entries(files)
    assert entry["stopped"] is True


def test_a_failure_is_recorded_once_with_what_was_shown_until_then(files: RecordFiles) -> None:
    with pytest.raises(RunError):
        list(recorded(files, *EVENTS[:2], RunError("the disk is full")).stream("How much?"))
    (entry,) = entries(files)
    assert (entry["status"], entry["error"]) == ("failed", "RunError: the disk is full")
    assert (entry["answer"], entry["citations"], len(entry["shown"])) == (None, [], 2)
    assert entry["model"] == {"id": "asked-model", "sha256": None}


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit()])
def test_what_is_broken_off_is_recorded(files: RecordFiles, error: BaseException) -> None:
    with pytest.raises(type(error)):
        list(recorded(files, *EVENTS[:1], error).stream("How much?"))
    assert [one["status"] for one in entries(files)] == ["broken_off"]


def test_what_the_asker_leaves_is_recorded(files: RecordFiles) -> None:
    stream = recorded(files, *EVENTS).stream("How much?")
    next(stream)
    stream.close()
    assert [one["status"] for one in entries(files)] == ["broken_off"]


def test_wrong_usage_was_not_asked(files: RecordFiles) -> None:
    with pytest.raises(QuestionEmpty):
        list(recorded(files, QuestionEmpty("the question is empty; type one")).stream(""))
    assert entries(files) == []


def test_an_answer_comes_also_where_the_record_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    nowhere = RecordFiles(tmp_path / "file" / "record", largest=1000)
    assert tuple(recorded(nowhere, *EVENTS).stream("How much?")) == EVENTS
