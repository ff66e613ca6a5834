"""Gradio's theme, led back to the page's own colours and to fonts that every system has."""

from gradio.themes import Base

_COLOURS = {
    "body_background_fill": "var(--paper)",
    "body_text_color": "var(--ink)",
    "body_text_color_subdued": "var(--ink-soft)",
    "background_fill_primary": "var(--paper)",
    "background_fill_secondary": "var(--paper-side)",
    "border_color_primary": "var(--rule)",
    "border_color_accent": "var(--accent)",
    "color_accent_soft": "var(--accent-soft)",
    "block_background_fill": "transparent",
    "block_border_color": "transparent",
    "input_background_fill": "transparent",
    "input_background_fill_focus": "transparent",
    "input_border_color": "transparent",
    "input_border_color_focus": "transparent",
    "input_placeholder_color": "var(--ink-soft)",
    "button_primary_background_fill": "var(--accent)",
    "button_primary_background_fill_hover": "var(--accent-strong)",
    "button_primary_text_color": "var(--on-accent)",
    "button_primary_border_color": "transparent",
    "button_secondary_background_fill": "transparent",
    "button_secondary_background_fill_hover": "var(--hover)",
    "button_secondary_text_color": "var(--ink)",
    "button_secondary_border_color": "var(--rule-strong)",
}


def footnote_theme() -> Base:
    """A theme without a web font or a colour of its own; the stylesheet names both."""
    theme = Base(
        font=("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"),
        font_mono=("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"),
    )
    theme.set(**_COLOURS, **{f"{name}_dark": value for name, value in _COLOURS.items()})
    return theme
