"""What limits did to a call."""

import pytest

from tollway.demo.limits.actions import actions, demand
from tollway.errors import TollwayError
from tollway.model import CallRecord


def call(action: str | None) -> CallRecord:
    """A row."""
    return CallRecord(id="1", state="done", started_us=0, action=action)


@pytest.mark.parametrize(
    ("action", "done"),
    [
        (None, {}),
        ("clamp 4096", {"clamp": "4096"}),
        ("wait, clamp 22621", {"wait": "", "clamp": "22621"}),
        ("route smaller, block", {"route": "smaller", "block": ""}),
    ],
)
def test_they_are_known_by_name_in_their_order(action: str | None, done: dict[str, str]) -> None:
    assert list(actions(call(action)).items()) == list(done.items())
    demand(call(action), tuple(done))


@pytest.mark.parametrize(
    ("action", "met", "said"),
    [
        ("clamp 9", (), "were to do nothing to a call, and did clamp 9"),
        (None, ("wait", "clamp"), "were to do wait, clamp to a call, and did nothing"),
        ("clamp 9, wait", ("wait", "clamp"), "and did clamp 9, wait"),
    ],
)
def test_a_tour_of_something_else_ends_with_an_error(
    action: str | None, met: tuple[str, ...], said: str
) -> None:
    with pytest.raises(TollwayError, match=said):
        demand(call(action), met)
