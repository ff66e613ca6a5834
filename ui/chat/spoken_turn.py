"""A turn as a screen reader hears it: lines that are only ever added to."""

from assistant.answer import Answer, AnsweredSentence
from index_store.iso_day import day
from ui.chat.answer_html import SUPPORT_LABELS
from ui.chat.conversations import StoredTurn
from ui.chat.progress import Progress
from ui.chat.turn_html import TITLES_NAMED
from ui.markup import Html, html, joined, listed, plural
from ui.missing_lead import missing_lead


def announced(turn: StoredTurn, progress: Progress | None) -> Html:
    """What a screen reader hears of a turn, sentence by sentence, as lines that are only ever added."""
    lines: list[str] = []
    if progress is not None:
        if progress.first_number:
            lines.append(f"Waiting: number {progress.first_number} in line")
        if progress.titles:
            lines.append(f"Found: {listed(progress.titles, TITLES_NAMED)}")
        lines += [_spoken(sentence) for sentence in progress.sentences]
    if turn.error is not None:
        lines.append(turn.error)
    elif turn.answer is not None:
        lines.append(_spoken_end(turn, turn.answer))
    return joined(html('<p dir="auto">{}</p>', line) for line in lines)


def _spoken(sentence: AnsweredSentence) -> str:
    label = SUPPORT_LABELS.get(sentence.support)
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
        parts.append(f"{missing_lead(answer)}: {answer.missing}")
    if answer.disagreements:
        parts.append("The sources disagree.")
    return " ".join(parts)
