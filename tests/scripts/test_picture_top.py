"""`docs/top.svg`, with which the README opens: a picture of the view as it is."""

import html
import re
from pathlib import Path

from scripts.picture_top import CALLERS, POLICY
from tollway.live.call_lines import NAMES
from tollway.live.screen import FOOT

SVG = (Path(__file__).parents[2] / "docs" / "top.svg").read_text("utf-8")
TEXTS = "\n".join(re.findall(r"<text [^>]*>(.*?)</text>", SVG))
PICTURE = html.unescape(TEXTS).replace("\N{NO-BREAK SPACE}", " ")


def test_it_has_the_columns_that_the_view_has() -> None:
    """Else: PYTHONPATH=. .venv/bin/python scripts/picture_top.py"""
    assert "\n".join(name for name in NAMES if name != "did") in PICTURE
    assert "\n".join(("settled", "held", "an hour", "lasts", "resets")) in PICTURE
    assert FOOT in PICTURE


def test_it_shows_the_calls_that_the_script_makes() -> None:
    for _, _, model in CALLERS:
        assert model in PICTURE
    for limit in re.findall(r"name: ([\w-]+)", POLICY):
        assert limit in PICTURE
    assert "in flight" in PICTURE
    assert "route economy" in PICTURE
