"""A preview as HTML: what would come in, and the button that takes it."""

from ui.library.source_preview import Preview, PreviewEntry
from ui.markup import NOTHING, Html, exact, html, isolated, joined, plural, when

_MOST_INSTEAD = 3


def preview_html(preview: Preview) -> Html:
    """The preview with its two ways out."""
    several = bool(preview.entries) or (preview.articles or 1) != 1
    count = f", {plural(preview.articles, 'article')}" if several and preview.articles is not None else ""
    return html(
        '<p class="eyebrow">{kind}{count}</p><p class="path" dir="auto">{place}</p>'
        "{name}{note}{instead}{entries}{article}"
        '<div class="buttons"><button type="button" class="tool framed strong" data-action="take"'
        ' data-place="{exact_place}">Add to the library</button>'
        '<button type="button" class="tool framed" data-action="leave">Cancel</button></div>',
        kind=preview.kind.capitalize(),
        count=count,
        place=preview.place,
        exact_place=exact(preview.place),
        name=_title(preview.name),
        note=html('<p class="quiet" dir="auto">{}</p>', preview.note) if preview.note else NOTHING,
        instead=_instead(preview),
        entries=_entries(preview),
        article=_article(preview),
    )


def _title(title: str | None) -> Html:
    return html('<h4 dir="auto">{}</h4>', title) if title else NOTHING


def _instead(preview: Preview) -> Html:
    """Ways to look at a page's feeds in its place."""
    return joined(
        html(
            '<p class="quiet">This page has a feed, through which its new articles come too:'
            ' <button type="button" class="tool framed" data-action="look" data-place="{}">{}</button></p>',
            exact(address),
            isolated(address),
        )
        for address in preview.instead[:_MOST_INSTEAD]
    )


def _entries(preview: Preview) -> Html:
    if not preview.entries:
        return NOTHING
    rest = (preview.articles or 0) - len(preview.entries)
    return html(
        '<ul class="entries">{}{}</ul>',
        joined(map(_entry, preview.entries)),
        html('<li class="quiet">and {} more</li>', f"{rest:,}") if rest > 0 else NOTHING,
    )


def _entry(entry: PreviewEntry) -> Html:
    date = html(' <span class="origin">{}</span>', when(entry.published)) if entry.published else NOTHING
    why = html(' <span class="error" dir="auto">{}</span>', entry.why_not) if entry.why_not else NOTHING
    return html("<li>{}{}{}</li>", isolated(entry.title), date, why)


def _article(preview: Preview) -> Html:
    if not preview.text and not preview.title:
        return NOTHING
    facts = joined((isolated(preview.publisher or ""), when(preview.published)), " · ")
    return html(
        '{title}{origin}<div class="excerpt" tabindex="0" role="group" aria-label="The extracted text"'
        ' dir="auto">{text}</div>',
        title=_title(preview.title),
        origin=html('<p class="origin">{}</p>', facts) if facts else NOTHING,
        text=preview.text,
    )
