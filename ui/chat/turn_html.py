"""A turn as HTML: the question, then its answer in the making, finished, missing or failed."""

import unicodedata
from collections.abc import Iterable, Mapping

from assistant.answer import Answer, AnsweredSentence, Citation, Disagreement
from ui import icons
from ui.chat.conversations import StoredTurn
from ui.chat.progress import Progress
from ui.markup import (
    NOTHING,
    Html,
    attribute,
    day,
    html,
    isolated,
    joined,
    listed,
    plural,
    shown,
    when,
)

FOLDED_ABOVE = 3
"""More footnotes than this are folded away under a finished answer."""

_SUPPORT_LABELS = {"weak": "weak support", "unsupported": "no support found"}
_TITLES = 3
"""Of the articles found, so many are named."""

_GLUED_WORD = 30
_GLUED_END = 12
"""Of a longer word, a URL or a Chinese sentence, so many characters at its end."""


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


def earlier_turns(turns: Iterable[StoredTurn]) -> Html:
    """All turns before the last one; they can no longer be tried again."""
    return joined(finished_turn(turn, last=False) for turn in turns)


def running_turn(turn: StoredTurn, progress: Progress) -> Html:
    """A turn whose answer is being made. Its elements stand in the same order as in the finished one,
    so that a mark which has the focus keeps it when the answer is done."""
    citations = {one.number: one for one in progress.citations}
    return html(
        '{opening}<p class="stage">{stage}</p><p class="prose" dir="auto">{words}{pending}</p></article>',
        opening=_opening(turn, progress.standalone_question, "running"),
        stage=_stage(progress),
        words=joined(_sentence(turn.id, one, citations) for one in progress.sentences),
        pending=html('<span class="pending">{}</span>', progress.pending) if progress.pending else NOTHING,
    )


def finished_turn(turn: StoredTurn, *, last: bool) -> Html:
    """A turn as it is kept; the last one of a conversation may be tried again."""
    answer = turn.answer
    said = (
        (_failure(turn, last),) if answer is None else (_answer(turn, answer), _toolbar(turn, answer, last))
    )
    return html(
        '{opening}<p class="stage" hidden></p>{said}</article>',
        opening=_opening(turn, turn.standalone_question, "finished"),
        said=joined(said),
    )


def failure_card(message: str) -> Html:
    """A failure that belongs to no turn, in one line."""
    return html('<div class="card failure"><p dir="auto">{}</p></div>', message)


def _opening(turn: StoredTurn, standalone: str | None, state: str) -> Html:
    differs = standalone is not None and standalone.strip() != turn.question.strip()
    return html(
        '<article class="turn {state}" data-turn="{id}"{running} aria-labelledby="question-{id}">'
        '<h2 class="question" id="question-{id}" dir="auto">{question}</h2>'
        '<p class="understood"{hidden}>{understood}</p>',
        state=state,
        id=turn.id,
        running=attribute("data-running", turn.id if state == "running" else None),
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
    rest = len(progress.titles) - _TITLES
    titles = joined(map(isolated, progress.titles[:_TITLES]), ", ")
    return html("Found: {} and {} more", titles, rest) if rest > 0 else html("Found: {}", titles)


def _answer(turn: StoredTurn, answer: Answer) -> Html:
    citations = {one.number: one for one in answer.citations}
    if answer.status == "not_in_library":
        return html('<p class="prose" dir="auto" hidden></p>{}', _not_in_library(answer))
    words = joined(_sentence(turn.id, one, citations) for one in answer.sentences)
    parts = [html('<p class="prose" dir="auto"{hidden}>{}</p>', words, hidden=attribute("hidden", not words))]
    if turn.stopped:
        kept = "Stopped here." if words else "Stopped before the first sentence was finished."
        parts.append(html('<p class="note stopped">{}</p>', kept))
    elif not words:
        parts.append(html('<p class="note">No sentence was left that the articles carry.</p>'))
    if answer.missing:
        parts.append(
            html(
                '<div class="note missing"><h3 class="eyebrow">Not in your articles</h3>'
                '<p dir="auto">{}</p></div>',
                answer.missing,
            )
        )
    parts += [_disagreement(turn.id, one, citations) for one in answer.disagreements]
    parts += [_footnotes(turn.id, answer.citations), _withdrawn(answer)]
    return joined(parts)


def _sentence(turn: str, sentence: AnsweredSentence, citations: Mapping[int, Citation]) -> Html:
    """The sentence, then its marks, glued to its last word so that none begins a line."""
    label = _SUPPORT_LABELS.get(sentence.support)
    marks = joined(
        (
            *(_mark(turn, citations[number]) for number in sentence.citations if number in citations),
            html(' <span class="support-label">{}</span>', label) if label else NOTHING,
        )
    )
    return html(
        '<span class="sentence {}" dir="auto">{}</span> ',
        sentence.support,
        _glued(shown(sentence.text), marks),
    )


def _glued(words: str, marks: Html) -> Html:
    """The words with their marks behind the last one, in a part that the stylesheet keeps on one line."""
    head, space, tail = words.rstrip().rpartition(" ")
    if len(tail) > _GLUED_WORD:
        cut = len(tail) - _GLUED_END
        while cut and not _may_part(tail[cut - 1], tail[cut]):
            cut -= 1
        head, space, tail = head + space + tail[:cut], "", tail[cut:]
    return html(
        '<span class="words">{head}</span>'
        '<span class="glued"><span class="words">{tail}</span>{marks}</span>',
        head=head + space,
        tail=tail,
        marks=marks,
    )


def _may_part(before: str, after: str) -> bool:
    """Whether two neighbouring characters are drawn apart: an accent or a joiner belongs to its neighbour."""
    joins = unicodedata.category(after) in ("Mn", "Mc", "Me", "Cf", "Sk")
    return not joins and unicodedata.category(before) != "Cf"


def _mark(turn: str, citation: Citation) -> Html:
    return html(
        '<button type="button" class="mark" data-action="source" data-turn="{turn}"'
        ' data-number="{number}" aria-controls="source-panel"'
        ' aria-label="Footnote {number}: {title}" title="{title}"><span>{number}</span></button>',
        turn=turn,
        number=citation.number,
        title=citation.title,
    )


def _origin(citation: Citation) -> Html:
    return joined((isolated(citation.publisher or ""), when(citation.published)), ", ")


def _place(citation: Citation) -> Html:
    """The heading too: several footnotes of one answer often lead to one article."""
    heading = citation.heading if citation.heading != citation.title else None
    return joined((isolated(heading or ""), _origin(citation)), " · ")


def _footnotes(turn: str, citations: tuple[Citation, ...]) -> Html:
    if not citations:
        return NOTHING
    items = joined(
        html(
            '<li><button type="button" class="footnote" data-action="source" data-turn="{turn}"'
            ' data-number="{number}" aria-controls="source-panel"><span class="number">{number}</span>'
            '<span><span class="title" dir="auto">{title}</span>'
            ' <span class="origin">{place}</span></span></button></li>',
            turn=turn,
            number=one.number,
            title=one.title,
            place=_place(one),
        )
        for one in citations
    )
    listing = html('<ol class="footnote-list">{}</ol>', items)
    if len(citations) <= FOLDED_ABOVE:
        return html(
            '<section class="footnotes"><h3 class="eyebrow">Footnotes</h3>{}</section>',
            listing,
        )
    return html(
        '<details class="footnotes"><summary><h3 class="eyebrow">{}</h3></summary>{}</details>',
        plural(len(citations), "footnote"),
        listing,
    )


def _withdrawn(answer: Answer) -> Html:
    if not answer.withdrawn:
        return NOTHING
    return html(
        '<details class="withdrawn"><summary><h3 class="eyebrow">Taken back: {}</h3></summary>'
        "<ul>{}</ul></details>",
        plural(len(answer.withdrawn), "sentence"),
        joined(
            html('<li><s dir="auto">{}</s><p dir="auto">{}</p></li>', one.text, one.why)
            for one in answer.withdrawn
        ),
    )


def _disagreement(turn: str, disagreement: Disagreement, citations: Mapping[int, Citation]) -> Html:
    claims = []
    for claim in disagreement.claims:
        source = citations.get(claim.citation)
        origin = html('<p class="origin">{}</p>', _origin(source) or isolated(source.title)) if source else ""
        mark = _mark(turn, source) if source else NOTHING
        claims.append(
            html('<li><p class="claim" dir="auto">{}</p>{}</li>', _glued(shown(claim.text), mark), origin)
        )
    return html(
        '<section class="card disagreement"><h3 class="eyebrow">The sources disagree</h3>'
        '<p class="about">On {}:</p><ul class="claims">{}</ul></section>',
        isolated(disagreement.about),
        joined(claims),
    )


def _not_in_library(answer: Answer) -> Html:
    nearest = joined(
        html(
            '<li><span class="title" dir="auto">{}</span> <span class="origin">{}</span></li>',
            one.title,
            when(one.published),
        )
        for one in answer.nearest
    )
    near = (
        html(
            '<p>Nothing in the library answers this. The nearest articles:</p><ul class="nearest">{}</ul>',
            nearest,
        )
        if nearest
        else html("<p>Nothing in the library answers this, and no article comes near.</p>")
    )
    return html('<section class="card absent"><h3>Not in your articles</h3>{}</section>', near)


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


def announced(turn: StoredTurn, progress: Progress | None) -> Html:
    """What a screen reader hears of a turn, sentence by sentence, as lines that are only ever added."""
    lines: list[str] = []
    if progress is not None:
        if progress.first_number:
            lines.append(f"Waiting: number {progress.first_number} in line")
        if progress.titles:
            lines.append(f"Found: {listed(progress.titles, _TITLES)}")
        lines += [_spoken(sentence) for sentence in progress.sentences]
    if turn.error is not None:
        lines.append(turn.error)
    elif turn.answer is not None:
        lines.append(_spoken_end(turn, turn.answer))
    return joined(html('<p dir="auto">{}</p>', line) for line in lines)


def _spoken(sentence: AnsweredSentence) -> str:
    label = _SUPPORT_LABELS.get(sentence.support)
    return f"{sentence.text} ({label})" if label else sentence.text


def _spoken_end(turn: StoredTurn, answer: Answer) -> str:
    if answer.status == "not_in_library":
        near = ", ".join(f"{one.title} {day(one.published)}".strip() for one in answer.nearest)
        return f"Not in your articles. Nearest: {near}" if near else "Not in your articles."
    parts = ["Stopped." if turn.stopped else "Answer finished."]
    parts.append(f"{plural(len(answer.citations), 'footnote')}.")
    if answer.withdrawn:
        parts.append(f"{plural(len(answer.withdrawn), 'sentence')} taken back.")
    if answer.missing:
        parts.append(f"Not in your articles: {answer.missing}")
    if answer.disagreements:
        parts.append("The sources disagree.")
    return " ".join(parts)
