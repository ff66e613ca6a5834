"""What a web address would bring, told in the words of the Library page."""

from collections.abc import Callable

from ingest.web.address_kind import Kind
from ingest.web.preview import Preview as Look
from ingest.web.preview import PreviewEntry as LookedAt
from ingest.web.web_address import web_address
from ui.library.source_preview import PREVIEW_LENGTH, Preview, PreviewEntry

ADDRESS_KINDS: dict[Kind, str] = {
    "page": "web page",
    "document": "document",
    "feed": "feed",
    "site map": "site map",
}


class AddressPreview:
    """Looks at addresses through whoever may fetch them."""

    def __init__(self, look: Callable[[str], Look]) -> None:
        """`look` fetches and reads an address, keeping nothing; it raises FootnoteError."""
        self._look = look

    def listed(self, place: str) -> str:
        """See SourcePreview."""
        return web_address(place)

    def preview(self, place: str) -> Preview:
        """See SourcePreview."""
        seen = self._look(place)
        first = seen.articles[0] if seen.articles else None
        lists = seen.kind in ("feed", "site map")
        return Preview(
            place=seen.address,
            kind=ADDRESS_KINDS[seen.kind],
            name=seen.title if lists else None,
            title=first.title if first else None,
            publisher=first.publisher if first else None,
            published=first.published if first else None,
            text=first.text[:PREVIEW_LENGTH] if first else "",
            entries=tuple(_entry(one) for one in seen.entries) if lists else (),
            articles=seen.count,
            note="; ".join(seen.problems) or None,
            instead=seen.feeds,
        )


def _entry(entry: LookedAt) -> PreviewEntry:
    return PreviewEntry(entry.title or entry.url or "without a title", entry.published)
