"""Which pages there are, and what is asked of them."""

import pytest

from tollway.live.span import Span
from tollway.page.desk import TITLES, Page, asked, find, span


@pytest.mark.parametrize(
    ("target", "page"),
    [
        ("/", Page.MINE),
        ("/?x=1", Page.MINE),
        ("/calls", Page.CALLS),
        ("/all?span=7d", Page.ALL),
        ("/ca.pem", Page.ROOT),
        ("/whoami?", Page.WHOAMI),
        ("", None),
        ("/calls/", None),
        ("/%63alls", None),
        ("/../ca.pem", None),
        ("/CALLS", None),
        ("//calls", None),
    ],
)
def test_a_page_is_found_by_its_path_alone(target: str, page: Page | None) -> None:
    assert find(target) is page


def test_each_page_has_a_title() -> None:
    assert {page.title for page in Page} == {*TITLES.values()}


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("/setup", None),
        ("/setup?for=macos", "macos"),
        ("/setup?a=b&for=x%20y&for=z", "x y"),
        ("/setup?for=", None),
        (f"/setup?{'a' * 300}&for=macos", None),
    ],
)
def test_a_query_says_something_of_a_name(target: str, value: str | None) -> None:
    """What stands far behind is not read."""
    assert asked(target, "for") == value


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("/all", Span.TODAY),
        ("/all?span=30d", Span.MONTH),
        ("/all?span=hour", Span.HOUR),
        ("/all?span=x", Span.TODAY),
    ],
)
def test_a_span_is_named_as_of_top(target: str, found: Span) -> None:
    assert span(target) is found
