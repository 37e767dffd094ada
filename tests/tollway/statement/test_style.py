"""What the page may load, and how it is printed."""

import base64
import hashlib

from tollway.page.style import LIGHT
from tollway.statement.style import POLICY, STYLE


def test_it_may_load_nothing_but_this_style() -> None:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    said = dict(part.split(" ", 1) for part in POLICY.split("; "))

    assert said == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_paper_is_white() -> None:
    """Whatever the screen's scheme is: the rules of print stand behind those of the dark."""
    dark, paper = STYLE.index("prefers-color-scheme: dark"), STYLE.index("@media print")

    assert dark < paper
    assert f"--page:{LIGHT['page']};" in STYLE[paper:]
    assert "size: A4" in STYLE
