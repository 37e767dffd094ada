"""A line for each call."""

import logging

import pytest

from tests.tollway.ledger.samples import NOON_US, call
from tollway.model import Usage
from tollway.observe.call_log import FIELD, LONGEST, log_call


def line(caplog: pytest.LogCaptureFixture, **fields: object) -> str:
    """What is said of a call."""
    with caplog.at_level(logging.INFO):
        log_call(call("c1", **fields))
    return caplog.records[-1].getMessage()


def test_a_call_is_said_in_a_line_with_what_is_known_of_it(caplog: pytest.LogCaptureFixture) -> None:
    known = {"user": "ann", "status": 200, "action": "wait, clamp 9", "ended_us": NOON_US + 1_500_000}

    assert line(caplog, **known) == (
        "call c1 who=ann model=anthropic/claude-sonnet-4-5 status=200 in=100 out=10 cost_usd=0.00045 ms=1500 "
        'did="wait, clamp 9"'
    )
    assert caplog.records[-1].levelno == logging.INFO


def test_what_is_not_known_is_not_said(caplog: pytest.LogCaptureFixture) -> None:
    assert line(caplog, error="over_limit", usage=Usage()) == (
        "call c1 model=anthropic/claude-sonnet-4-5 error=over_limit cost_usd=0.00045"
    )


def test_how_the_cache_answered_it_is_said(caplog: pytest.LogCaptureFixture) -> None:
    assert "cost_usd=0.00045 cache=miss" in line(caplog, cache="miss")


def test_what_callers_write_stays_in_its_place(caplog: pytest.LogCaptureFixture) -> None:
    """No line of its own, no field of its own, no colours for a terminal."""
    said = line(caplog, model='x" did=nothing\n2026 ERROR\x1b[31m' + "x" * 10_000)

    assert "\n" not in said
    assert "\x1b" not in said
    assert "model=\"anthropic/x' did=nothing\N{REPLACEMENT CHARACTER}2026 ERROR" in said
    assert len(said) < LONGEST + 100


def test_the_record_has_the_call_for_a_format_that_shows_more(caplog: pytest.LogCaptureFixture) -> None:
    line(caplog, user="ann")

    assert getattr(caplog.records[-1], FIELD).user == "ann"
