"""A statement as a page that stands alone."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import call
from tests.tollway.page.test_html import HOSTILE, Read
from tests.tollway.statement.made import of
from tests.tollway.statement.year import BERLIN, year
from tollway.model import Cost
from tollway.reporting.periods import moment
from tollway.statement.page import as_html
from tollway.statement.style import POLICY
from tollway.statement.whose import Whose

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "main", "footer", "section", "h1", "h2",
    "p", "dl", "dt", "dd", "div", "ul", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
    "span", "figure", "figcaption", "svg", "rect", "line", "text",
}  # fmt: skip


def test_it_asks_nobody_for_anything(tmp_path: Path) -> None:
    """No script, no link but to itself, no picture but its own; and its policy forbids them."""
    html = as_html(of(tmp_path, year()))
    found = Read(html)

    assert {name for name, _ in found.elements} == ALLOWED
    assert [each.get("href") for name, each in found.elements if name == "a"] == ["#main"]
    assert not any("src" in each or "style" in each for _, each in found.elements)
    assert "http:" not in html
    assert "https:" not in html
    policies = [each["content"] for _, each in found.elements if each.get("http-equiv")]
    assert policies == [POLICY]


@pytest.mark.parametrize("text", HOSTILE[:5])
def test_a_hostile_text_is_shown(text: str, tmp_path: Path) -> None:
    """Of a user, a team, a session, a model, a program: it is a text in a cell."""
    at = moment(datetime(2026, 11, 5, 12, tzinfo=BERLIN))
    calls = [
        call(
            "a",
            started_us=at,
            user=text,
            team=text,
            session=text,
            model=text,
            program=text,
            cost=Cost(input_nano=1),
        )
    ]
    found = Read(as_html(of(tmp_path, calls, Whose("team", text))))

    assert {name for name, _ in found.elements} <= ALLOWED
    assert found.text.count(text) >= 5


def test_headings_captions_and_scopes_are_there(tmp_path: Path) -> None:
    """For those who hear it."""
    found = Read(as_html(of(tmp_path, year())))
    names = [name for name, _ in found.elements]

    assert names.count("h1") == 1
    assert names.count("table") == names.count("caption")
    assert all(each.get("scope") in ("col", "row") for name, each in found.elements if name == "th")
    assert all(each.get("aria-label") for name, each in found.elements if name == "svg")
    assert ("html", {"lang": "en"}) in found.elements


def test_long_texts_are_cut(tmp_path: Path) -> None:
    at = moment(datetime(2026, 11, 5, 12, tzinfo=BERLIN))
    html = as_html(of(tmp_path, [call("a", started_us=at, model="m" * 500)]))

    assert "m" * 200 + "…" in html
    assert "m" * 201 not in html


def test_nothing_is_a_page_too(tmp_path: Path) -> None:
    found = Read(as_html(of(tmp_path, [])))

    assert "Nothing was spent on any day" in found.text
    assert "No call was refused." in found.text
