"""Scripted answers that stream as real ones do, so that the page can be shown without any model."""

import time
from collections.abc import Callable, Iterator, Sequence

from assistant.answer import Answer, AnsweredSentence, Citation, Evidence, ModelName, Timings
from assistant.errors import QuestionEmpty
from assistant.events import (
    AnswerEvent,
    AnswerFinished,
    EvidenceFound,
    QuestionUnderstood,
    SentenceChecked,
    TextWritten,
    Turn,
)
from index_store.article import Article
from index_store.errors import RunError
from index_store.passage import Passage, ScoredPassage
from ui.chat.demo_library import DEFAULT_SCRIPT, NOTES, SCRIPTS, Quoted, Script

_MODEL = ModelName("demo-script", None)
_SCORES = {"supported": 0.93, "weak": 0.48, "unsupported": 0.1}


class DemoUnavailable(RunError):
    """A failure that a script asks for."""


class DemoAnswers:
    """An `Answers` that reads from scripts; the same question always gets the same answer.

    `pause` is the time between two words in seconds; 0 answers at once.
    """

    def __init__(self, *, pause: float = 0.03, sleep: Callable[[float], None] = time.sleep) -> None:
        self._pause = pause
        self._sleep = sleep

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[AnswerEvent]:
        """Answer from the script whose cue the question holds, event by event.

        Raises QuestionEmpty for a blank question, DemoUnavailable where the script says so,
        and ZeroDivisionError for a question with the word "crash".
        """
        if not question.strip():
            raise QuestionEmpty("question is empty: type one")
        if "crash" in question.lower():
            raise ZeroDivisionError("the demo was asked to crash")
        script = _script_for(question)
        standalone = script.standalone if script.standalone and history else question
        started = time.monotonic()
        pause = self._pause * script.slowness
        self._sleep(pause * 10)
        yield QuestionUnderstood(standalone)
        self._sleep(pause * 15)
        if script.failure:
            raise DemoUnavailable(script.failure)
        passages = tuple(_found(script))
        yield EvidenceFound(passages)
        first_word = time.monotonic()
        shown: list[tuple[AnsweredSentence, tuple[Citation, ...]]] = []
        citations: dict[tuple[str, int], Citation] = {}
        for sentence in script.sentences:
            for word in sentence.text.split(" "):
                if stopped():
                    break
                self._sleep(pause)
                yield TextWritten(word + " ")
            if stopped():
                break
            if sentence.why is None:
                used = tuple(_cite(citations, quoted) for quoted in sentence.sources)
                numbers = tuple(one.number for one in used)
                checked = AnsweredSentence(
                    sentence.text, numbers, sentence.support, _SCORES[sentence.support]
                )
                shown.append((checked, used))
                self._sleep(pause * 4)
                yield SentenceChecked(checked, used)
        now = time.monotonic()
        yield AnswerFinished(
            _answer(
                question,
                standalone,
                script,
                complete=not stopped(),
                sentences=tuple(sentence for sentence, _ in shown),
                citations=tuple(citations.values()),
                passages=passages,
                timings=Timings(
                    retrieve_ms=40.0,
                    first_token_ms=1000 * (first_word - started),
                    total_ms=1000 * (now - started),
                ),
            )
        )


def _answer(
    question: str,
    standalone: str,
    script: Script,
    *,
    complete: bool,
    sentences: tuple[AnsweredSentence, ...],
    citations: tuple[Citation, ...],
    passages: tuple[ScoredPassage, ...],
    timings: Timings,
) -> Answer:
    text = " ".join(
        " ".join([one.text, "".join(f"[{number}]" for number in one.citations)]).rstrip() for one in sentences
    )
    return Answer(
        question=question,
        standalone_question=standalone,
        status=script.status,
        text=text,
        model=_MODEL,
        sentences=sentences,
        withdrawn=script.withdrawn if complete else (),
        missing=script.missing if complete else None,
        citations=citations,
        evidence=tuple(Evidence(one.passage.article, one.passage.text, one.score) for one in passages),
        disagreements=script.disagreements if complete else (),
        nearest=script.nearest,
        timings=timings,
    )


def _script_for(question: str) -> Script:
    asked = question.lower()
    for script in SCRIPTS:
        if any(cue in asked for cue in script.cues):
            return script
    return DEFAULT_SCRIPT


def _cite(citations: dict[tuple[str, int], Citation], quoted: Quoted) -> Citation:
    article = quoted.article
    start = article.text.index(quoted.words)
    key = (article.path, start)
    if key not in citations:
        citations[key] = Citation(
            number=len(citations) + 1,
            article=article.path,
            title=article.title,
            publisher=article.publisher,
            url=article.url,
            published=article.published,
            heading=quoted.heading,
            page=None,
            passage=_paragraph(article, start),
            quote=quoted.words,
            start=start,
            end=start + len(quoted.words),
        )
    return citations[key]


def _paragraph(article: Article, position: int) -> str:
    start = article.text.rfind("\n\n", 0, position)
    end = article.text.find("\n\n", position)
    return article.text[start + 2 if start >= 0 else 0 : end if end >= 0 else None]


def _found(script: Script) -> Iterator[ScoredPassage]:
    articles = [quoted.article for sentence in script.sentences for quoted in sentence.sources]
    articles += [*script.also_found] or [NOTES]
    for rank, article in enumerate(dict.fromkeys(articles)):
        text = article.text[:200]
        passage = Passage(
            id=f"{article.path}#0",
            source=article.source,
            article=article.path,
            title=article.title,
            text=text,
            start=0,
            end=len(text),
            ordinal=0,
            publisher=article.publisher,
            url=article.url,
            published=article.published,
        )
        yield ScoredPassage(passage, 1.0 / (rank + 1))
