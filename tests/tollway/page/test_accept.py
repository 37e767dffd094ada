"""HTML or JSON, as a client's `Accept` has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.page.accept import wants_json

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
EITHER = object()
"""It is as the page would have it."""


@pytest.mark.parametrize(
    ("accept", "json"),
    [
        (None, EITHER),
        ("", EITHER),
        ("*/*", EITHER),
        ("image/png", EITHER),
        ("application/json, text/html", EITHER),
        (CHROME, False),
        ("text/html", False),
        ("text/*", False),
        ("text/html, */*", False),
        ("application/json;q=0.9, text/html", False),
        ("application/json;q=0", EITHER),
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/json, */*;q=0.5", True),
        ("application/*, text/html;q=0.999", True),
        ("application/json, */*", True),
        ("text/html;q=0.5, application/json;q=0.501", True),
        ("text/html;q=0, */*", True),
        ("text/html;q=2, application/json;q=0.1", True),
        ("text/html;q=x, application/json;q=0.1", True),
        ("text/html;q=0.x, application/json;q=0.1", True),
    ],
)
def test_the_form_is_the_one_that_is_liked_better(accept: str | None, json: object) -> None:
    for otherwise in (True, False):
        assert wants_json(accept, otherwise) is (otherwise if json is EITHER else json)


@given(st.text())
def test_any_header_has_an_answer(accept: str) -> None:
    assert wants_json(accept, True) in (True, False)
