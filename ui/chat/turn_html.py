"""A turn as HTML: the question, then its answer in the making, finished, missing or failed."""

import unicodedata
from collections.abc import Iterable, Mapping

from assistant.answer import Answer, AnsweredSentence, Citation, Disagreement
from ui import icons
from ui.chat.chat_turn import Progress
from ui.chat.conversations import StoredTurn
from ui.markup import day, listed, plural, text, when

FOLDED_ABOVE = 3
"""More footnotes than this are folded away under a finished answer."""

_SUPPORT_LABELS = {"weak": "weak support", "unsupported": "no support found"}
_GLUED_WORD = 30
_GLUED_END = 12
"""Of a longer word, a URL or a Chinese sentence, so many characters at its end."""


def empty_chat(examples: Iterable[str]) -> str:
    """What a new conversation shows: the name, one sentence, and questions that ask themselves."""
    buttons = "".join(
        f'<li><button type="button" class="example" data-action="example">{text(one)}</button></li>'
        for one in examples
    )
    return (
        '<section class="welcome" aria-labelledby="welcome-name">'
        '<h2 id="welcome-name">Footnote</h2>'
        "<p>Answers from your own articles, on this machine, with a footnote on every sentence.</p>"
        f'<h3 class="eyebrow">Questions to start with</h3><ul class="examples">{buttons}</ul>'
        "</section>"
    )


def earlier_turns(turns: Iterable[StoredTurn]) -> str:
    """All turns before the last one; they can no longer be tried again."""
    return "".join(finished_turn(turn, last=False) for turn in turns)


def running_turn(turn: StoredTurn, progress: Progress) -> str:
    """A turn whose answer is being made. Its elements stand in the same order as in the finished one,
    so that a mark which has the focus keeps it when the answer is done."""
    citations = {one.number: one for one in progress.citations}
    words = "".join(_sentence(turn.id, one, citations) for one in progress.sentences)
    pending = f'<span class="pending">{text(progress.pending)}</span>' if progress.pending else ""
    return (
        _opening(turn, progress.standalone_question, "running")
        + f'<p class="stage">{_stage(progress)}</p>'
        + f'<p class="prose">{words}{pending}</p></article>'
    )


def finished_turn(turn: StoredTurn, *, last: bool) -> str:
    """A turn as it is kept; the last one of a conversation may be tried again."""
    answer = turn.answer
    opening = _opening(turn, turn.standalone_question, "finished") + '<p class="stage" hidden></p>'
    if answer is None:
        return opening + _failure(turn, last) + "</article>"
    return opening + _answer(turn, answer) + _toolbar(turn, answer, last) + "</article>"


def failure_card(message: str) -> str:
    """A failure that belongs to no turn, in one line."""
    return f'<div class="card failure"><p>{text(message)}</p></div>'


def _opening(turn: StoredTurn, standalone: str | None, state: str) -> str:
    differs = standalone is not None and standalone.strip() != turn.question.strip()
    understood = f"Understood as: {text(standalone or '')}" if differs else ""
    running = f' data-running="{text(turn.id)}"' if state == "running" else ""
    return (
        f'<article class="turn {state}" data-turn="{text(turn.id)}"{running}'
        f' aria-labelledby="question-{text(turn.id)}">'
        f'<h2 class="question" id="question-{text(turn.id)}">{text(turn.question)}</h2>'
        f'<p class="understood"{"" if differs else " hidden"}>{understood}</p>'
    )


def _stage(progress: Progress) -> str:
    if progress.stopping:
        return "Stopping"
    if progress.stage == "waiting":
        return f"Waiting: number {progress.number} in line"
    if progress.stage == "reading":
        return "Reading the question"
    if progress.stage == "searching":
        return "Searching your articles"
    return f"Found: {text(listed(progress.titles, 3))}" if progress.titles else "Found nothing close"


def _answer(turn: StoredTurn, answer: Answer) -> str:
    citations = {one.number: one for one in answer.citations}
    if answer.status == "not_in_library":
        return '<p class="prose" hidden></p>' + _not_in_library(answer)
    words = "".join(_sentence(turn.id, one, citations) for one in answer.sentences)
    parts = [f'<p class="prose"{"" if words else " hidden"}>{words}</p>']
    if turn.stopped:
        kept = "Stopped here." if words else "Stopped before the first sentence was finished."
        parts.append(f'<p class="note stopped">{kept}</p>')
    elif not words:
        parts.append('<p class="note">No sentence was left that the articles carry.</p>')
    if answer.missing:
        parts.append(
            '<div class="note missing"><h3 class="eyebrow">Not in your articles</h3>'
            f"<p>{text(answer.missing)}</p></div>"
        )
    parts += [_disagreement(turn.id, one, citations) for one in answer.disagreements]
    parts += [_footnotes(turn.id, answer.citations), _withdrawn(answer)]
    return "".join(parts)


def _sentence(turn: str, sentence: AnsweredSentence, citations: Mapping[int, Citation]) -> str:
    """The sentence, then its marks, glued to its last word so that none begins a line."""
    marks = "".join(_mark(turn, citations[number]) for number in sentence.citations if number in citations)
    label = _SUPPORT_LABELS.get(sentence.support)
    if label:
        marks += f' <span class="support-label">{label}</span>'
    return f'<span class="sentence {sentence.support}">{_glued(sentence.text, marks)}</span> '


def _glued(words: str, marks: str) -> str:
    """The words with their marks behind the last one, in a part that the stylesheet keeps on one line."""
    head, space, tail = words.rstrip().rpartition(" ")
    if len(tail) > _GLUED_WORD:
        cut = len(tail) - _GLUED_END
        while cut and not _may_part(tail[cut - 1], tail[cut]):
            cut -= 1
        head, space, tail = head + space + tail[:cut], "", tail[cut:]
    return (
        f'<span class="words">{text(head)}{space}</span>'
        f'<span class="glued"><span class="words">{text(tail)}</span>{marks}</span>'
    )


def _may_part(before: str, after: str) -> bool:
    """Whether two neighbouring characters are drawn apart: an accent or a joiner belongs to its neighbour."""
    joins = unicodedata.category(after) in ("Mn", "Mc", "Me", "Cf", "Sk")
    return not joins and unicodedata.category(before) != "Cf"


def _mark(turn: str, citation: Citation) -> str:
    return (
        f'<button type="button" class="mark" data-action="source" data-turn="{text(turn)}"'
        f' data-number="{citation.number}" aria-controls="source-panel"'
        f' aria-label="Footnote {citation.number}: {text(citation.title)}"'
        f' title="{text(citation.title)}"><span>{citation.number}</span></button>'
    )


def _origin(citation: Citation) -> str:
    return ", ".join(part for part in (text(citation.publisher or ""), when(citation.published)) if part)


def _place(citation: Citation) -> str:
    """The heading too: several footnotes of one answer often lead to one article."""
    heading = citation.heading if citation.heading != citation.title else None
    return " · ".join(part for part in (text(heading or ""), _origin(citation)) if part)


def _footnotes(turn: str, citations: tuple[Citation, ...]) -> str:
    if not citations:
        return ""
    items = "".join(
        f'<li><button type="button" class="footnote" data-action="source" data-turn="{text(turn)}"'
        f' data-number="{one.number}" aria-controls="source-panel"><span class="number">{one.number}</span>'
        f'<span><span class="title">{text(one.title)}</span>'
        f' <span class="origin">{_place(one)}</span></span></button></li>'
        for one in citations
    )
    listing = f'<ol class="footnote-list">{items}</ol>'
    if len(citations) <= FOLDED_ABOVE:
        return f'<section class="footnotes"><h3 class="eyebrow">Footnotes</h3>{listing}</section>'
    return (
        f'<details class="footnotes"><summary><h3 class="eyebrow">{plural(len(citations), "footnote")}</h3>'
        f"</summary>{listing}</details>"
    )


def _withdrawn(answer: Answer) -> str:
    if not answer.withdrawn:
        return ""
    items = "".join(f"<li><s>{text(one.text)}</s><p>{text(one.why)}</p></li>" for one in answer.withdrawn)
    return (
        '<details class="withdrawn"><summary><h3 class="eyebrow">Taken back: '
        f"{plural(len(answer.withdrawn), 'sentence')}</h3></summary><ul>{items}</ul></details>"
    )


def _disagreement(turn: str, disagreement: Disagreement, citations: Mapping[int, Citation]) -> str:
    claims = ""
    for claim in disagreement.claims:
        source = citations.get(claim.citation)
        origin = f'<p class="origin">{_origin(source) or text(source.title)}</p>' if source else ""
        mark = _mark(turn, source) if source else ""
        claims += f'<li><p class="claim">{_glued(claim.text, mark)}</p>{origin}</li>'
    return (
        '<section class="card disagreement"><h3 class="eyebrow">The sources disagree</h3>'
        f'<p class="about">On {text(disagreement.about)}:</p><ul class="claims">{claims}</ul></section>'
    )


def _not_in_library(answer: Answer) -> str:
    nearest = "".join(
        f'<li><span class="title">{text(one.title)}</span>'
        f' <span class="origin">{when(one.published)}</span></li>'
        for one in answer.nearest
    )
    near = (
        f'<p>Nothing in the library answers this. The nearest articles:</p><ul class="nearest">{nearest}</ul>'
        if nearest
        else "<p>Nothing in the library answers this, and no article comes near.</p>"
    )
    return f'<section class="card absent"><h3>Not in your articles</h3>{near}</section>'


def _failure(turn: StoredTurn, last: bool) -> str:
    retry = _retry(turn) if last else ""
    return f'<div class="card failure"><p>{text(turn.error or "")}</p>{retry}</div>'


def _retry(turn: StoredTurn) -> str:
    return (
        f'<button type="button" class="tool" data-action="retry" data-turn="{text(turn.id)}">'
        f"{icons.RETRY}<span>Retry</span></button>"
    )


def _toolbar(turn: StoredTurn, answer: Answer, last: bool) -> str:
    ident = text(turn.id)
    seconds = answer.timings.total_ms / 1000
    took = f" · {seconds:.1f} s" if seconds > 0 else ""
    thumbs = "".join(
        f'<button type="button" class="tool icon-only" data-action="judge" data-turn="{ident}"'
        f' data-verdict="{verdict}" aria-pressed="{"true" if turn.verdict == verdict else "false"}"'
        f' aria-label="{label}" title="{label}">{icon}</button>'
        for verdict, label, icon in (
            ("up", "Good answer", icons.THUMB_UP),
            ("down", "Poor answer", icons.THUMB_DOWN),
        )
    )
    return (
        '<div class="toolbar" role="group" aria-label="This answer">'
        f'<button type="button" class="tool" data-action="copy" data-turn="{ident}">{icons.COPY}'
        f"<span>Copy with footnotes</span></button>{_retry(turn) if last else ''}{thumbs}"
        f'<span class="made-by">{text(answer.model.id)}{took}</span></div>'
        f'<form class="why" data-form="why" data-turn="{ident}" hidden>'
        f'<label for="why-{ident}">A word why (optional)</label>'
        f'<input id="why-{ident}" name="word" maxlength="300" autocomplete="off"'
        f' value="{text(turn.word or "")}"><button type="submit" class="tool">Save</button></form>'
    )


def announced(turn: StoredTurn, progress: Progress | None) -> str:
    """What a screen reader hears of a turn, sentence by sentence, as lines that are only ever added."""
    lines: list[str] = []
    if progress is not None:
        if progress.first_number:
            lines.append(f"Waiting: number {progress.first_number} in line")
        if progress.titles:
            lines.append(f"Found: {listed(progress.titles, 3)}")
        lines += [_spoken(sentence) for sentence in progress.sentences]
    if turn.error is not None:
        lines.append(turn.error)
    elif turn.answer is not None:
        lines.append(_spoken_end(turn, turn.answer))
    return "".join(f"<p>{text(line)}</p>" for line in lines)


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
