"""A footnote opened: what was quoted, where it stands, and the passage around it."""

from assistant.answer import Citation
from ui import icons
from ui.markup import host_of, safe_link, text, when
from ui.quote_check import QuoteState

_SINCE: dict[QuoteState, tuple[str, str]] = {
    "changed": (
        "changed since",
        "The article has other words now; the answer keeps those it quoted.",
    ),
    "removed": ("removed since", "The article has left the library; the answer keeps the words it quoted."),
}


def panel_frame() -> str:
    """The empty, closed panel; the page fills it when a mark is opened."""
    return (
        '<aside id="source-panel" aria-label="Source of a footnote" hidden>'
        '<div class="panel-head"><p class="eyebrow">Source</p>'
        '<button type="button" class="tool icon-only" data-action="close-source"'
        f' aria-label="Close the source" title="Close">{icons.CLOSE}</button></div>'
        '<div class="panel-body"></div></aside>'
    )


def source_html(
    turn: str, citation: Citation, numbers: tuple[int, ...] = (), *, state: QuoteState = "held"
) -> str:
    """The body of the panel for one citation; `numbers` are all footnotes of its answer, for stepping.

    `state` tells what has become of the words since they were quoted.
    """
    return (
        f'<div class="source" data-turn="{text(turn)}" data-number="{citation.number}">'
        f"{_steps(turn, citation.number, numbers)}"
        f'<h2 tabindex="-1"><span class="visually-hidden">Footnote {citation.number}: </span>'
        f"{text(citation.title)}</h2>{_facts(citation)}{_link(citation)}{_elsewhere(citation)}{_since(state)}"
        '<blockquote class="passage" tabindex="0" aria-label="The passage">'
        f"{highlighted(citation)}</blockquote>"
        f'<button type="button" class="tool" data-action="copy-quote">{icons.COPY}<span>Copy quote</span>'
        "</button></div>"
    )


def missing_source() -> str:
    """The body of the panel when the footnote is gone, as after its conversation was deleted."""
    return '<div class="source"><h2 tabindex="-1">This footnote is no longer kept</h2></div>'


def highlighted(citation: Citation) -> str:
    """The passage with the quoted words marked; a quote that does not stand in it comes first, alone."""
    before, found, after = citation.passage.partition(citation.quote) if citation.quote else ("", "", "")
    quote = f'<mark class="quote">{text(citation.quote)}</mark>'
    if found:
        return text(before) + quote + text(after)
    if not citation.quote:
        return text(citation.passage)
    return f"{quote}\n\n{text(citation.passage)}"


def _elsewhere(citation: Citation) -> str:
    """Where else the same text was published."""
    places = []
    for one in citation.origins:
        link = safe_link(one.url)
        name = one.publisher or (host_of(link) if link else one.title)
        places.append(" · ".join(part for part in (text(name), when(one.published)) if part))
    return f'<p class="place">Also in: {"; ".join(places)}</p>' if places else ""


def _since(state: QuoteState) -> str:
    if state not in _SINCE:
        return ""
    label, told = _SINCE[state]
    return f'<p class="since"><span class="support-label">{label}</span> {told}</p>'


def _steps(turn: str, number: int, numbers: tuple[int, ...]) -> str:
    place = numbers.index(number) if number in numbers else 0
    if len(numbers) < 2:
        return f'<p class="which"><span class="number">{number}</span></p>'
    steps = ""
    for label, icon, to in (
        ("Previous footnote", icons.PREVIOUS, place - 1),
        ("Next footnote", icons.NEXT, place + 1),
    ):
        there = 0 <= to < len(numbers)
        target = f'data-number="{numbers[to]}"' if there else "disabled"
        steps += (
            '<button type="button" class="tool icon-only" data-action="step"'
            f' data-turn="{text(turn)}" {target}'
            f' aria-label="{label}" title="{label}">{icon}</button>'
        )
    return (
        f'<div class="which"><span class="number">{number}</span><span>of {len(numbers)}</span>'
        f'<span class="steps">{steps}</span></div>'
    )


def _facts(citation: Citation) -> str:
    origin = [text(citation.publisher or ""), when(citation.published)]
    place = [
        text(citation.heading or "") if citation.heading != citation.title else "",
        f"page {citation.page}" if citation.page is not None else "",
    ]
    lines = [" · ".join(part for part in parts if part) for parts in (origin, place)]
    return "".join(
        f'<p class="{name}">{line}</p>' for name, line in zip(("origin", "place"), lines, strict=True) if line
    )


def _link(citation: Citation) -> str:
    link = safe_link(citation.url)
    if link is None:
        return f'<p class="file">{text(citation.article)}</p>'
    return (
        f'<p class="link"><a href="{text(link)}" target="_blank" rel="noopener noreferrer">'
        f"{text(host_of(link))}{icons.OUTWARD}"
        '<span class="visually-hidden">(opens in a new tab)</span></a></p>'
    )
