"""A call as two lines."""

import pytest

from tollway.demo.limits.stops import STEPS
from tollway.demo.lines import settled, told
from tollway.demo.metering.stops import TOUR
from tollway.demo.stop import Stop
from tollway.model import Billing, CallRecord, Cost, Source, Usage

USAGE = Usage(input_tokens=12_345, output_tokens=678)
COST = Cost(output_nano=12_300_000, source=Source.COMPUTED)


def line(**fields: object) -> str:
    """What is said of a call."""
    usual = {
        "id": "1",
        "state": "done",
        "started_us": 0,
        "status": 200,
        "provider": "openai",
        "model": "gpt-5",
    }
    return settled(CallRecord(**{**usual, "usage": USAGE, "cost": COST, **fields})).plain  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "  openai gpt-5  12.3k in, 678 out  $0.0123"),
        ({"usage": Usage(input_tokens=7)}, "  openai gpt-5  7 in  $0.0123"),
        (
            {"usage": Usage(input_tokens=7, cache_read_tokens=5, cache_write_tokens=1)},
            "  openai gpt-5  7 in (5 cached)  $0.0123",
        ),
        (
            {"usage": Usage(input_tokens=7, cache_read_tokens=0, cache_write_tokens=6)},
            "  openai gpt-5  7 in (6 to cache)  $0.0123",
        ),
        ({"usage": Usage(), "cost": Cost(), "status": 429}, "  openai gpt-5  status 429  $0"),
        ({"model": None, "operation": "files"}, "  openai files  12.3k in, 678 out  $0.0123"),
        ({"billing": Billing.NOTIONAL}, "  openai gpt-5  12.3k in, 678 out  $0.0123  by plan"),
        (
            {"error": "abandoned", "cost": Cost(output_nano=12_300_000, source=Source.ESTIMATED)},
            "  openai gpt-5  12.3k in, 678 out  $0.0123  abandoned, estimated",
        ),
    ],
)
def test_a_call_says_whom_it_asked_what_it_used_and_what_it_cost(
    fields: dict[str, object], said: str
) -> None:
    """And why the figure is to be read with care."""
    assert line(**fields) == said


def test_money_that_moved_is_green_and_what_a_plan_covers_is_not() -> None:
    """At a glance."""
    styles = [
        str(
            settled(CallRecord(id="1", state="done", started_us=0, cost=COST, billing=billing))
            .spans[-1]
            .style
        )
        for billing in Billing
    ]

    assert styles[0] == "bold green"
    assert "green" not in styles[1]


@pytest.mark.parametrize("stop", [*TOUR, *(step.stop for step in STEPS)], ids=lambda stop: stop.does[:20])
def test_what_is_announced_fits_a_terminal(stop: Stop) -> None:
    """80 columns, in both tours."""
    assert len(told(stop).plain) <= 80
