"""Checks, and what they come to."""

import pytest

from tollway.readiness.check import Check, as_json, fail, is_ready, ok, severity, warn

WELL, ODD, BAD = ok("ca", "lasts", days_left=9), warn("clock", "was set"), fail("store", "is full")


@pytest.mark.parametrize(
    ("checks", "ready", "strictly"),
    [
        ((), True, True),
        ((WELL,), True, True),
        ((WELL, ODD), True, False),
        ((WELL, ODD, BAD), False, False),
    ],
)
def test_what_failed_stands_in_the_way_and_what_is_odd_only_where_that_is_asked(
    checks: tuple[Check, ...], ready: bool, strictly: bool
) -> None:
    assert (is_ready(checks), is_ready(checks, strict=True)) == (ready, strictly)


def test_each_is_named_with_its_reason_and_figures() -> None:
    assert as_json([WELL, ODD]) == {
        "ready": True,
        "checks": {
            "ca": {"status": "ok", "reason": "lasts", "days_left": 9},
            "clock": {"status": "warn", "reason": "was set"},
        },
    }
    assert as_json([ODD], strict=True)["ready"] is False


def test_failing_is_worse_than_odd_is_worse_than_well() -> None:
    assert sorted([BAD, WELL, ODD], key=severity) == [WELL, ODD, BAD]
