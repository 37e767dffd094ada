"""A call for programs."""

import json
from zoneinfo import ZoneInfo

from tests.tollway.ledger.samples import call
from tollway.budget.amounts import Amounts
from tollway.guardrails.rule import Do
from tollway.guardrails.verdict import Finding
from tollway.ledger.findings import MOST
from tollway.model import Cost, Source, Usage
from tollway.reporting.call_as_json import call_as_json

UTC = ZoneInfo("UTC")


def test_it_has_money_exactly_and_times_in_the_zone() -> None:
    start_us = 1_795_521_600_000_000
    one = call(
        started_us=start_us, first_byte_us=start_us + 1_500_999, ended_us=start_us + 70_000_000,
        cost=Cost(output_nano=170_001, source=Source.COMPUTED, flags=("awaited",)),
        usage=Usage(input_tokens=0, output_tokens=12), limits=("day",), bound=Amounts(nano=25_993_000),
        tags={"env": "ci"}, action="clamp 9",
    )  # fmt: skip

    found = json.loads(json.dumps(call_as_json(one, ZoneInfo("Europe/Berlin"))))

    assert found["started"] == "2026-11-24T13:00:00+01:00"
    assert (found["first_byte_ms"], found["duration_ms"]) == (1_500, 70_000)
    assert (found["cost_usd"], found["bound_usd"], found["cost_flags"]) == (
        "0.000170001", "0.025993", ["awaited"],
    )  # fmt: skip
    assert (found["input_tokens"], found["output_tokens"]) == (0, 12)
    assert (found["limits"], found["tags"], found["action"]) == (["day"], {"env": "ci"}, "clamp 9")


def test_what_was_not_reported_is_absent_and_what_is_not_known_null() -> None:
    found = call_as_json(call(state="open", usage=Usage(), bound=None), UTC)

    assert "input_tokens" not in found
    assert (found["first_byte_ms"], found["duration_ms"], found["bound_usd"]) == (None, None, None)


def test_no_fingerprint_of_a_credential_is_in_it() -> None:
    """It tells which calls shared one, which nobody asked."""
    assert "made-up" not in json.dumps(call_as_json(call(credential="made-up-fingerprint"), UTC))


def test_of_very_many_findings_it_has_those_that_the_ledger_keeps() -> None:
    """A list of customers made a line of the log of more than a megabyte."""
    found = tuple([Finding(kind="email", do=Do.REDACT, by="a", mark=f"{n:032x}") for n in range(MOST + 1)])

    assert len(call_as_json(call(findings=found), UTC)["findings"]) == MOST


def test_a_row_that_stands_for_several_says_so() -> None:
    assert call_as_json(call(calls=3), UTC)["calls"] == 3
    assert "calls" not in call_as_json(call(), UTC)
