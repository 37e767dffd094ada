"""What a row is charged under limits."""

from typing import Any

import pytest

from tollway.budget.amounts import Amounts
from tollway.budget.charges import charged
from tollway.model import RETRIEVE, CallRecord, Cost, Usage


def row(state: str = "done", **more: Any) -> CallRecord:
    """A call's row."""
    return CallRecord(id="c", state=state, started_us=1, **more)


def test_an_answered_call_is_charged_what_it_used() -> None:
    used = Usage(input_tokens=100, output_tokens=20)
    call = row(status=200, usage=used, cost=Cost(input_nano=5, output_nano=7))

    assert charged(call) == Amounts(nano=12, input_tokens=100, output_tokens=20, requests=1)


def test_a_call_in_flight_is_held_not_charged() -> None:
    assert charged(row("open", status=200, cost=Cost(input_nano=5))) == Amounts()


@pytest.mark.parametrize("status", [None, 400, 429, 500])
def test_a_call_that_was_refused_or_failed_at_no_cost_counts_as_no_request(status: int | None) -> None:
    assert charged(row(status=status)) == Amounts()


@pytest.mark.parametrize(
    "more",
    [
        {"status": 204},
        {"status": 500, "cost": Cost(input_nano=1)},
        {"status": 500, "usage": Usage(output_tokens=1)},
        {"state": "lost"},
    ],
    ids=["answered", "failed at a cost", "failed with usage", "its process died"],
)
def test_a_call_that_may_have_been_served_counts_as_a_request(more: dict[str, Any]) -> None:
    assert charged(row(**more)).requests == 1


@pytest.mark.parametrize("state", ["done", "lost"])
def test_looking_again_at_an_answer_is_no_request(state: str) -> None:
    """Answers that are made in the background are asked for every other second."""
    assert charged(row(state, status=200, operation=RETRIEVE)).requests == 0
