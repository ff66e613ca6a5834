"""An answer as HTML: its sentences with their marks, its footnotes, what was taken back, what is missing."""

import unicodedata
from collections.abc import Mapping

from assistant.answer import Answer, AnsweredSentence, Citation, Disagreement
from ui.chat.conversations import StoredTurn
from ui.chat.disagreement_lead import disagreement_lead
from ui.markup import NOTHING, Html, attribute, exact, html, isolated, joined, plural, shown, text, when
from ui.missing_lead import missing_lead
from ui.page_links import PageOf, no_page

FOLDED_ABOVE = 3
"""More footnotes than this are folded away under a finished answer."""

SUPPORT_LABELS = {"weak": "weak support", "unsupported": "no support found"}
"""What is said of a sentence beside its marks, by its support."""

_GLUED_WORD = 30
_GLUED_END = 12
"""Of a longer word, a URL or a Chinese sentence, so many characters at its end."""


def answer_html(turn: StoredTurn, answer: Answer, page_of: PageOf = no_page) -> Html:
    """What stands below the question of a finished turn; `page_of` leads to an article in the Library."""
    citations = {one.number: one for one in answer.citations}
    if answer.status == "not_in_library":
        return html('<p class="prose" dir="auto" hidden></p>{}', _not_in_library(answer, page_of))
    words = joined(sentence_html(turn.id, one, citations) for one in answer.sentences)
    parts = [html('<p class="prose" dir="auto"{hidden}>{}</p>', words, hidden=attribute("hidden", not words))]
    if turn.stopped:
        kept = "Stopped here." if words else "Stopped before the first sentence was finished."
        parts.append(html('<p class="note stopped">{}</p>', kept))
    elif not words:
        parts.append(html('<p class="note">No sentence was left that the articles carry.</p>'))
    if answer.missing:
        parts.append(
            html(
                '<div class="note missing"><h3 class="eyebrow">{}</h3><p dir="auto">{}</p></div>',
                missing_lead(answer),
                answer.missing,
            )
        )
    parts += [_disagreement(turn.id, one, citations) for one in answer.disagreements]
    parts += [_footnotes(turn.id, answer.citations), _withdrawn(answer)]
    return joined(parts)


def sentence_html(turn: str, sentence: AnsweredSentence, citations: Mapping[int, Citation]) -> Html:
    """The sentence, then its marks, glued to its last word so that none begins a line."""
    label = SUPPORT_LABELS.get(sentence.support)
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
    return joined((isolated(citation.heading or ""), _origin(citation)), " · ")


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
        '<p class="about">{}</p><ul class="claims">{}</ul></section>',
        disagreement_lead(disagreement),
        joined(claims),
    )


def _not_in_library(answer: Answer, page_of: PageOf) -> Html:
    nearest = joined(
        html(
            '<li><span class="title" dir="auto">{}</span> <span class="origin">{}</span>{}</li>',
            _article_link(one.title, page_of(one.article)),
            when(one.published),
            html('<span class="near" dir="auto">“{}”</span>', shown(one.quote)) if one.quote else NOTHING,
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


def _article_link(title: str, page: str | None) -> Html:
    return html('<a href="{}">{}</a>', exact(page), title) if page else text(title)
