"""A call as two lines."""

import pytest

from tollway.demo.guardrails import stops as guardrails
from tollway.demo.guardrails.policy import TOUR as GUARDRAILS
from tollway.demo.limits.policy import TOUR as LIMITS
from tollway.demo.limits.policy import YOURS
from tollway.demo.limits.stops import STEPS
from tollway.demo.lines import deed, quoted, settled, told, yaml
from tollway.demo.metering.stops import TOUR
from tollway.demo.stop import Stop
from tollway.model import Billing, CallRecord, Cost, Source, Usage

USAGE = Usage(input_tokens=12_345, output_tokens=678)
LIMITING = {"version", "limits", "name", "match", "amount", "then", "route", "routes", "from", "to"}
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


FIRST = guardrails.asking("mail", "card")
GUARDED = (guardrails.agent("key"), FIRST, guardrails.going_on(FIRST, "", "mask"), guardrails.pasting("word"))


@pytest.mark.parametrize(
    "stop", [*TOUR, *(step.stop for step in STEPS), *GUARDED], ids=lambda stop: stop.does[:20]
)
def test_what_is_announced_fits_a_terminal(stop: Stop) -> None:
    """80 columns, in all tours."""
    assert len(told(stop).plain) <= 80


def test_what_was_done_stands_in_a_column_of_its_own() -> None:
    assert deed("blocked", "status 400").plain == "  blocked   status 400"
    assert deed("", "more").plain == " " * 12 + "more"


def test_what_a_program_got_is_broken_into_lines_that_fit() -> None:
    """Not a word of it is another."""
    body = '{"message":"' + "so much " * 30 + 'is not left"}'

    shown = quoted(body).plain

    assert " ".join(shown.split()) == body
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (LIMITS.replace("ZONE", "America/New_York"), LIMITING),
        (YOURS, LIMITING),
        (GUARDRAILS, {"version", "guardrails", "name", "find", "do", "restore"}),
    ],
    ids=["limits", "yours", "guardrails"],
)
def test_a_policy_fits_a_terminal_and_its_keys_stand_out(text: str, names: set[str]) -> None:
    """Keys alone: neither addresses nor values."""
    shown = yaml(text)

    assert [line.removeprefix("    ") for line in shown.plain.splitlines()] == text.splitlines()
    assert max(map(len, shown.plain.splitlines())) <= 80
    keys = {shown.plain[span.start : span.end] for span in shown.spans}
    assert keys >= names
    assert not keys & {"claude-day", "claude-cli", "clamp", "smaller:"}
