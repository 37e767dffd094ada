"""What a policy is to do to a call of a tour."""

import pytest

from tollway.demo.actions import demand, unplanned
from tollway.errors import TollwayError
from tollway.model import CallRecord


def call(action: str | None) -> CallRecord:
    """A row."""
    return CallRecord(id="1", state="done", started_us=0, action=action)


@pytest.mark.parametrize(
    ("action", "met"),
    [
        (None, ()),
        ("clamp 4096", ("clamp",)),
        ("wait, clamp 22621", ("wait", "clamp")),
        ("route smaller, block", ("route", "block")),
        ("redact email, redact card", ("redact",)),
    ],
)
def test_a_call_to_which_just_that_was_done_goes_on(action: str | None, met: tuple[str, ...]) -> None:
    demand(call(action), met)


@pytest.mark.parametrize(
    ("action", "met", "said"),
    [
        ("clamp 9", (), "was to do nothing to a call, and did clamp 9"),
        (None, ("wait", "clamp"), "was to do wait, clamp to a call, and did nothing"),
        ("clamp 9, wait", ("wait", "clamp"), "and did clamp 9, wait"),
        ("route smaller skipped: why", ("route",), "and did route smaller skipped: why"),
    ],
)
def test_a_tour_of_something_else_ends_with_an_error(
    action: str | None, met: tuple[str, ...], said: str
) -> None:
    with pytest.raises(TollwayError, match=said):
        demand(call(action), met)


def test_an_error_of_a_tour_says_whose_it_is() -> None:
    assert str(unplanned("it was to rain")) == (
        "the tour did not go as planned: it was to rain; this is a mistake of the tour's, please report it"
    )
