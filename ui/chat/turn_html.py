"""A turn as HTML: the question, then its answer in the making, finished, missing or failed."""

from collections.abc import Iterable

from assistant.answer import Answer
from ui import icons
from ui.chat.answer_html import answer_html, sentence_html
from ui.chat.conversations import StoredTurn
from ui.chat.progress import Progress
from ui.markup import NOTHING, Html, attribute, html, isolated, joined, plural
from ui.page_links import PageOf, no_page

TITLES_NAMED = 3
"""Of the articles found, so many are named."""

_LONG_QUESTION = 300
"""Characters from which on a question is shown as a text that scrolls."""


def empty_chat(examples: Iterable[str]) -> Html:
    """What a new conversation shows: the name, one sentence, and questions that ask themselves."""
    buttons = joined(
        html(
            '<li><button type="button" class="example" data-action="example" dir="auto">{}</button></li>', one
        )
        for one in examples
    )
    return html(
        '<section class="welcome" aria-labelledby="welcome-name">'
        '<h2 id="welcome-name">Footnote</h2>'
        "<p>Answers from your own articles, on this machine, with a footnote on every sentence.</p>"
        '<h3 class="eyebrow">Questions to start with</h3><ul class="examples">{}</ul>'
        "</section>",
        buttons,
    )


def earlier_turns(turns: Iterable[StoredTurn], page_of: PageOf = no_page) -> Html:
    """All turns before the last one; they can no longer be tried again."""
    return joined(finished_turn(turn, last=False, page_of=page_of) for turn in turns)


def running_turn(turn: StoredTurn, progress: Progress) -> Html:
    """A turn whose answer is being made. Its elements stand in the same order as in the finished one,
    so that a mark which has the focus keeps it when the answer is done."""
    citations = {one.number: one for one in progress.citations}
    return html(
        '{opening}<p class="stage">{stage}</p><p class="prose" dir="auto">{words}{pending}</p></article>',
        opening=_opening(turn, progress.standalone_question, "running"),
        stage=_stage(progress),
        words=joined(sentence_html(turn.id, one, citations) for one in progress.sentences),
        pending=html('<span class="pending">{}</span>', progress.pending) if progress.pending else NOTHING,
    )


def finished_turn(turn: StoredTurn, *, last: bool, page_of: PageOf = no_page) -> Html:
    """A turn as it is kept; the last one of a conversation may be tried again.

    `page_of` leads to an article in the Library.
    """
    answer = turn.answer
    if answer is None:
        said = _failure(turn, last)
    else:
        said = joined((answer_html(turn, answer, page_of), _toolbar(turn, answer, last)))
    return html(
        '{opening}<p class="stage" hidden></p>{said}</article>',
        opening=_opening(turn, turn.standalone_question, "finished"),
        said=said,
    )


def failure_card(message: str) -> Html:
    """A failure that belongs to no turn, in one line."""
    return html('<div class="card failure"><p dir="auto">{}</p></div>', message)


def _opening(turn: StoredTurn, standalone: str | None, state: str) -> Html:
    differs = standalone is not None and standalone.strip() != turn.question.strip()
    is_long = len(turn.question) > _LONG_QUESTION
    return html(
        '<article class="turn {state}" data-turn="{id}"{running} aria-labelledby="question-{id}">'
        '<h2 class="question{long}" id="question-{id}" dir="auto"{scrolls}>{question}</h2>'
        '<p class="understood"{hidden}>{understood}</p>',
        state=state,
        id=turn.id,
        running=attribute("data-running", turn.id if state == "running" else None),
        long=" long" if is_long else "",
        # What scrolls has to be reached by the keyboard.
        scrolls=attribute("tabindex", "0" if is_long else None),
        question=turn.question,
        hidden=attribute("hidden", not differs),
        understood=html("Understood as: {}", isolated(standalone or "")) if differs else NOTHING,
    )


def _stage(progress: Progress) -> Html:
    if progress.stopping:
        return html("Stopping")
    if progress.stage == "waiting":
        return html("Waiting: number {} in line", progress.number)
    if progress.stage == "reading":
        return html("Reading the question")
    if progress.stage == "searching":
        return html("Searching your articles")
    if not progress.titles:
        return html("Found nothing close")
    rest = len(progress.titles) - TITLES_NAMED
    titles = joined(map(isolated, progress.titles[:TITLES_NAMED]), ", ")
    more = html(" and {} more", rest) if rest > 0 else NOTHING
    # On a small screen the titles would fill several lines, and go with the first sentence.
    return html(
        '<span class="at-length">Found: {}{}</span><span class="in-short">Found {}</span>',
        titles,
        more,
        plural(len(progress.titles), "article"),
    )


def _failure(turn: StoredTurn, last: bool) -> Html:
    return html(
        '<div class="card failure"><p dir="auto">{}</p>{}</div>',
        turn.error or "",
        _retry(turn) if last else NOTHING,
    )


def _retry(turn: StoredTurn) -> Html:
    return html(
        '<button type="button" class="tool" data-action="retry" data-turn="{}">{}<span>Retry</span></button>',
        turn.id,
        icons.RETRY,
    )


def _toolbar(turn: StoredTurn, answer: Answer, last: bool) -> Html:
    seconds = answer.timings.total_ms / 1000
    thumbs = joined(
        html(
            '<button type="button" class="tool icon-only" data-action="judge" data-turn="{turn}"'
            ' data-verdict="{verdict}" aria-pressed="{pressed}" aria-label="{label}" title="{label}">'
            "{icon}</button>",
            turn=turn.id,
            verdict=verdict,
            pressed="true" if turn.verdict == verdict else "false",
            label=label,
            icon=icon,
        )
        for verdict, label, icon in (
            ("up", "Good answer", icons.THUMB_UP),
            ("down", "Poor answer", icons.THUMB_DOWN),
        )
    )
    return html(
        '<div class="toolbar" role="group" aria-label="This answer">'
        '<button type="button" class="tool" data-action="copy" data-turn="{id}">{copy}'
        "<span>Copy with footnotes</span></button>{retry}{thumbs}"
        '<span class="made-by">{model}{took}</span></div>'
        '<form class="why" data-form="why" data-turn="{id}" hidden>'
        '<label for="why-{id}">A word why (optional)</label>'
        '<input id="why-{id}" name="word" maxlength="300" autocomplete="off" dir="auto" value="{word}">'
        '<button type="submit" class="tool">Save</button></form>',
        id=turn.id,
        copy=icons.COPY,
        retry=_retry(turn) if last else NOTHING,
        thumbs=thumbs,
        model=isolated(answer.model.id),
        took=f" · {seconds:.1f} s" if seconds > 0 else "",
        word=turn.word or "",
    )
