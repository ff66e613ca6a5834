"""The few line icons of the page, as inline SVG; each stands beside a label or in a labelled button."""

from ui.markup import Html, html, joined


def _icon(*paths: str) -> Html:
    return html(
        '<svg class="icon" viewBox="0 0 20 20" width="18" height="18" fill="none" stroke="currentColor"'
        ' stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"'
        ' focusable="false">{}</svg>',
        joined(html('<path d="{}"/>', path) for path in paths),
    )


CLOSE = _icon("M5 5l10 10", "M15 5L5 15")
MENU = _icon("M3 5.5h14", "M3 10h14", "M3 14.5h14")
PLUS = _icon("M10 4v12", "M4 10h12")
COPY = _icon("M7.5 7.5H16v9H7.5z", "M4 12.5v-9h8.5")
RETRY = _icon("M15.9 11.5a6 6 0 1 1-1.5-5.6L16 7.5", "M16 3.5v4h-4")
THUMB_UP = _icon(
    "M3.5 9h3v7.5h-3z",
    "M6.5 9.2L10 3.2c1.4 0 2.1 1 1.8 2.3L11.2 8h4.3c1 0 1.7.9 1.4 1.9l-1.5 5.3c-.2.8-.9 1.3-1.7 1.3H6.5",
)
THUMB_DOWN = _icon(
    "M3.5 11h3V3.5h-3z",
    "M6.5 10.8l3.5 6c1.4 0 2.1-1 1.8-2.3l-.6-2.5h4.3c1 0 1.7-.9 1.4-1.9l-1.5-5.3c-.2-.8-.9-1.3-1.7-1.3H6.5",
)
PENCIL = _icon("M4 16l.8-3.4L13 4.4l2.6 2.6-8.2 8.2z")
BIN = _icon("M4 6h12", "M8 6V4h4v2", "M5.5 6l.7 10.5h7.6L14.5 6", "M8.5 9v4.5", "M11.5 9v4.5")
OUTWARD = _icon("M8 5H4.5v10.5H15V12", "M11 4.5h4.5V9", "M15.5 4.5L9 11")
PREVIOUS = _icon("M12 5l-5 5 5 5")
NEXT = _icon("M8 5l5 5-5 5")
BOOKS = _icon("M4 3.5h3.5v13H4z", "M7.5 3.5H11v13H7.5z", "M11.6 4.4l3-.8 2.9 12.2-3 .8z")
CHAT = _icon("M3.5 4.5h13v9h-7l-3.5 3v-3H3.5z")
LEAVE = _icon("M8 3.5H4v13h4", "M8 10h8.5", "M13 6.5l3.5 3.5-3.5 3.5")
UPLOAD = _icon("M10 13V4", "M6.5 7.5L10 4l3.5 3.5", "M4 13.5v3h12v-3")
MODEL = _icon(
    "M6 6h8v8H6z",
    "M8 6V3.5",
    "M12 6V3.5",
    "M8 16.5V14",
    "M12 16.5V14",
    "M6 8H3.5",
    "M6 12H3.5",
    "M16.5 8H14",
    "M16.5 12H14",
)
PEOPLE = _icon(
    "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
    "M2.5 16.5c0-3 2.2-4.8 5-4.8s5 1.8 5 4.8",
    "M13 4a2.7 2.7 0 0 1 0 5.2",
    "M14.5 12c1.8.6 3 2.2 3 4.5",
)
DOWNLOAD = _icon("M10 4v9", "M6.5 9.5L10 13l3.5-3.5", "M4 13.5v3h12v-3")
