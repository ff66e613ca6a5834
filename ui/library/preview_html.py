"""A preview as HTML: what would come in, and the button that takes it."""

from ui.library.source_preview import Preview, PreviewEntry
from ui.markup import plural, text, when

_MOST_INSTEAD = 3


def preview_html(preview: Preview) -> str:
    """The preview with its two ways out."""
    several = bool(preview.entries) or (preview.articles or 1) != 1
    count = f", {plural(preview.articles, 'article')}" if several and preview.articles is not None else ""
    note = f'<p class="quiet">{text(preview.note)}</p>' if preview.note else ""
    return (
        f'<p class="eyebrow">{text(preview.kind.capitalize())}{count}</p>'
        f'<p class="path">{text(preview.place)}</p>{_name(preview)}{note}'
        f"{_instead(preview)}{_entries(preview)}{_article(preview)}"
        '<div class="buttons"><button type="button" class="tool framed strong" data-action="take"'
        f' data-place="{text(preview.place)}">Add to the library</button>'
        '<button type="button" class="tool framed" data-action="leave">Cancel</button></div>'
    )


def _name(preview: Preview) -> str:
    return f"<h4>{text(preview.name)}</h4>" if preview.name else ""


def _instead(preview: Preview) -> str:
    """Ways to look at a page's feeds in its place."""
    return "".join(
        '<p class="quiet">This page has a feed, through which its new articles come too:'
        f' <button type="button" class="tool framed" data-action="look" data-place="{text(address)}">'
        f"{text(address)}</button></p>"
        for address in preview.instead[:_MOST_INSTEAD]
    )


def _entries(preview: Preview) -> str:
    if not preview.entries:
        return ""
    rest = (preview.articles or 0) - len(preview.entries)
    more = f'<li class="quiet">and {rest:,} more</li>' if rest > 0 else ""
    return f'<ul class="entries">{"".join(map(_entry, preview.entries))}{more}</ul>'


def _entry(entry: PreviewEntry) -> str:
    date = f' <span class="origin">{when(entry.published)}</span>' if entry.published else ""
    why = f' <span class="error">{text(entry.why_not)}</span>' if entry.why_not else ""
    return f"<li>{text(entry.title)}{date}{why}</li>"


def _article(preview: Preview) -> str:
    if not preview.text and not preview.title:
        return ""
    facts = " · ".join(part for part in (text(preview.publisher or ""), when(preview.published)) if part)
    origin = f'<p class="origin">{facts}</p>' if facts else ""
    title = f"<h4>{text(preview.title)}</h4>" if preview.title else ""
    return (
        f"{title}{origin}"
        '<div class="excerpt" tabindex="0" role="group" aria-label="The extracted text">'
        f"{text(preview.text)}</div>"
    )
