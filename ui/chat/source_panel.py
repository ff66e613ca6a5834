"""A footnote opened: what was quoted, where it stands, and the passage around it."""

from assistant.answer import Citation
from ui import icons
from ui.markup import (
    NOTHING,
    Html,
    attribute,
    host_of,
    html,
    isolated,
    joined,
    outward_link,
    safe_link,
    text,
    when,
)
from ui.quote_check import QuoteState

_SINCE: dict[QuoteState, tuple[str, str]] = {
    "changed": (
        "changed since",
        "The article has other words now; the answer keeps those it quoted.",
    ),
    "removed": ("removed since", "The article has left the library; the answer keeps the words it quoted."),
}


def panel_frame() -> Html:
    """The empty, closed panel; the page fills it when a mark is opened."""
    return html(
        '<aside id="source-panel" aria-label="Source of a footnote" hidden>'
        '<div class="panel-head"><p class="eyebrow">Source</p>'
        '<button type="button" class="tool icon-only" data-action="close-source"'
        ' aria-label="Close the source" title="Close">{}</button></div>'
        '<div class="panel-body"></div></aside>',
        icons.CLOSE,
    )


def source_html(
    turn: str, citation: Citation, numbers: tuple[int, ...] = (), *, state: QuoteState = "held"
) -> Html:
    """The body of the panel for one citation; `numbers` are all footnotes of its answer, for stepping.

    `state` tells what has become of the words since they were quoted.
    """
    return html(
        '<div class="source" data-turn="{turn}" data-number="{number}">{steps}'
        '<h2 tabindex="-1"><span class="visually-hidden">Footnote {number}: </span>{title}</h2>'
        "{facts}{link}{elsewhere}{since}"
        '<blockquote class="passage" tabindex="0" dir="auto" aria-label="The passage">{passage}</blockquote>'
        '<button type="button" class="tool" data-action="copy-quote">{icon}<span>Copy quote</span>'
        "</button></div>",
        turn=turn,
        number=citation.number,
        steps=_steps(turn, citation.number, numbers),
        title=isolated(citation.title),
        facts=_facts(citation),
        link=_link(citation),
        elsewhere=_elsewhere(citation),
        since=_since(state),
        passage=highlighted(citation),
        icon=icons.COPY,
    )


def missing_source() -> Html:
    """The body of the panel when the footnote is gone, as after its conversation was deleted."""
    return html('<div class="source"><h2 tabindex="-1">This footnote is no longer kept</h2></div>')


def highlighted(citation: Citation) -> Html:
    """The passage with the quoted words marked; a quote that does not stand in it comes first, alone."""
    before, found, after = citation.passage.partition(citation.quote) if citation.quote else ("", "", "")
    quote = html('<mark class="quote">{}</mark>', citation.quote)
    if found:
        return joined((before, quote, after))
    if not citation.quote:
        return text(citation.passage)
    return joined((quote, citation.passage), "\n\n")


def _elsewhere(citation: Citation) -> Html:
    """Where else the same text was published."""
    places = []
    for one in citation.origins:
        link = safe_link(one.url)
        name = one.publisher or (host_of(link) if link else one.title)
        places.append(joined((isolated(name), when(one.published)), " · "))
    return html('<p class="place">Also in: {}</p>', joined(places, "; ")) if places else NOTHING


def _since(state: QuoteState) -> Html:
    if state not in _SINCE:
        return NOTHING
    label, told = _SINCE[state]
    return html('<p class="since"><span class="support-label">{}</span> {}</p>', label, told)


def _steps(turn: str, number: int, numbers: tuple[int, ...]) -> Html:
    place = numbers.index(number) if number in numbers else 0
    if len(numbers) < 2:
        return html('<p class="which"><span class="number">{}</span></p>', number)
    steps = []
    for label, icon, to in (
        ("Previous footnote", icons.PREVIOUS, place - 1),
        ("Next footnote", icons.NEXT, place + 1),
    ):
        there = 0 <= to < len(numbers)
        steps.append(
            html(
                '<button type="button" class="tool icon-only" data-action="step" data-turn="{turn}"'
                '{target}{disabled} aria-label="{label}" title="{label}">{icon}</button>',
                turn=turn,
                target=attribute("data-number", str(numbers[to]) if there else None),
                disabled=attribute("disabled", not there),
                label=label,
                icon=icon,
            )
        )
    return html(
        '<div class="which"><span class="number">{}</span><span>of {}</span>'
        '<span class="steps">{}</span></div>',
        number,
        len(numbers),
        joined(steps),
    )


def _facts(citation: Citation) -> Html:
    heading = citation.heading if citation.heading != citation.title else None
    origin = joined((isolated(citation.publisher or ""), when(citation.published)), " · ")
    page = f"page {citation.page}" if citation.page is not None else ""
    place = joined((isolated(heading or ""), page), " · ")
    return joined(
        html('<p class="{}">{}</p>', name, line)
        for name, line in (("origin", origin), ("place", place))
        if line
    )


def _link(citation: Citation) -> Html:
    link = outward_link(citation.url, icons.OUTWARD)
    if not link:
        return html('<p class="file" dir="auto">{}</p>', citation.article)
    return html('<p class="link">{}</p>', link)
