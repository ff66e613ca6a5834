import re
from pathlib import Path

import pytest

import ui

CSS = (Path(ui.__file__).parent / "static" / "footnote.css").read_text(encoding="utf-8")
COLOURS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", CSS)
}
TEXT_PAIRS = [
    *[(ink, paper) for ink in ("ink", "ink-soft", "accent") for paper in ("paper", "paper-side", "raised")],
    *[("ink", "hover"), ("ink-soft", "hover"), ("accent", "accent-soft"), ("ink", "accent-soft")],
    *[("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-highlight", "highlight")],
    *[("caution", "paper"), ("caution", "raised"), ("caution", "caution-soft")],
    *[("danger", "paper"), ("danger", "paper-side"), ("danger", "danger-soft"), ("paper", "ink")],
]
# Borders of controls and the focus ring: 3 to 1 is enough (WCAG 2.2, 1.4.11).
EDGE_PAIRS = [("rule-strong", "paper"), ("rule-strong", "raised"), ("accent", "paper"), ("caution", "paper")]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
def test_text_can_be_read(ink: str, paper: str, scheme: int) -> None:
    assert contrast(COLOURS[ink][scheme], COLOURS[paper][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "paper"), EDGE_PAIRS)
def test_edges_of_controls_can_be_seen(edge: str, paper: str, scheme: int) -> None:
    assert contrast(COLOURS[edge][scheme], COLOURS[paper][scheme]) >= 3


def test_every_colour_comes_from_the_pairs() -> None:
    rules = CSS.split("--serif", 1)[1]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s)])", rules)


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert "@import" not in CSS
    assert "url(" not in CSS
    assert "http" not in CSS


def test_motion_is_left_out_for_those_who_ask() -> None:
    assert "prefers-reduced-motion: reduce" in CSS
