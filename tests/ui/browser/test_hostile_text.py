"""Text of articles and models that tries to be more than text, in Chromium."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from chat_samples import HOSTILE, answer, citation, sentence
from page_steps import PANDAS_WARNING, Site, Watched, ask, visit
from playwright.sync_api import BrowserContext, expect

from assistant.answer import Claim, Disagreement, Withdrawn
from assistant.events import (
    AnswerEvent,
    AnswerFinished,
    QuestionUnderstood,
    SentenceChecked,
    TextWritten,
    Turn,
)
from ui.chat.demo_page import demo_parts

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)


class HostileAnswers:
    """An assistant whose every word, and whose articles' every word, would rather be code."""

    def __init__(self, text: str) -> None:
        self.text = text

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        text = self.text
        source = citation(
            title=text,
            publisher=text,
            published=text,
            heading=text,
            article=text,
            url="javascript:alert(1)",
            passage=f"before {text} after",
            quote=text,
        )
        said = sentence(text, 1)
        yield QuestionUnderstood(text)
        yield TextWritten(text)
        yield SentenceChecked(said, (source,))
        yield AnswerFinished(
            answer(
                question=question,
                standalone_question=text,
                sentences=(said,),
                citations=(source,),
                missing=text,
                withdrawn=(Withdrawn(text, text),),
                disagreements=(Disagreement(text, (Claim(text, 1), Claim(text, 1))),),
            )
        )


@pytest.mark.parametrize("text", HOSTILE)
def test_what_articles_and_models_say_is_never_run(
    context: BrowserContext, tmp_path: Path, text: str
) -> None:
    parts = replace(demo_parts(tmp_path), answers=HostileAnswers(text))
    site = Site(lambda: parts)
    site.start()
    watched = Watched(context.new_page())
    page = watched.page
    visit(page, site.url)
    ask(page, text)
    expect(page.locator("#latest .prose")).to_contain_text(text)
    expect(page.locator("#latest .missing")).to_contain_text(text)
    page.locator("#latest .prose .mark").click()
    expect(page.locator("#source-panel mark")).to_have_text(text)
    expect(page.locator("#source-panel blockquote")).to_have_text(f"before {text} after")
    assert page.locator("#source-panel a, #app img, #app script").count() == 0
    page.reload()
    expect(page.locator("#latest .prose")).to_contain_text(text)
    assert watched.complaints == []
    page.close()
    site.stop()
