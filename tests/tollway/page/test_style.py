"""Colours that can be told apart, in the light and in the dark; and what a page may load."""

import base64
import hashlib
import re

import pytest

from tollway.page.style import DARK, LIGHT, POLICY, STYLE


def luminance(colour: str) -> float:
    """Of #rrggbb (WCAG 2.2, relative luminance)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Of two colours (WCAG 2.2, contrast ratio)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_stand_out(colours: dict[str, str]) -> None:
    """By 4.5 to 1, as WCAG's level AA asks of text."""
    for name in ("text", "quiet", "link"):
        assert contrast(colours[name], colours["page"]) >= 4.5, name


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_stand_out(colours: dict[str, str]) -> None:
    """By 3 to 1, as it asks of what pictures are read by; from what is left, too."""
    for name in ("settled", "held", "full"):
        assert contrast(colours[name], colours["page"]) >= 3, name
        assert contrast(colours[name], colours["left"]) >= 3, name


def test_both_schemes_have_all_colours() -> None:
    used = set(re.findall(r"var\(--(\w+)\)", STYLE))

    assert used == LIGHT.keys() == DARK.keys()
    assert "prefers-color-scheme: dark" in STYLE


def test_a_page_may_load_nothing_but_this_style() -> None:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

    said = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert said["default-src"] == said["base-uri"] == said["form-action"] == "'none'"
    assert said["frame-ancestors"] == "'none'"
    assert said["style-src"] == f"'sha256-{digest}'"
    assert "url(" not in STYLE
    assert "@import" not in STYLE
