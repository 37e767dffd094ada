"""What a provider says of its limits is read whoever writes it, and never raises."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.sockets.frames import JSON
from tollway.sockets.events import Gauge, Gauges
from tollway.sockets.gauges import gauges

AT = 1_000_000


def test_codex_tells_of_its_plans_windows() -> None:
    said = {
        "type": "codex.rate_limits",
        "plan_type": "plus",
        "metered_limit_name": "codex",
        "rate_limits": {
            "primary": {"used_percent": 12.5, "window_minutes": 300, "reset_at": 1_700_000_000},
            "secondary": {"used_percent": 80, "window_minutes": None, "reset_at": None},
        },
        "credits": {"has_credits": True, "unlimited": False, "balance": "12.34"},
    }

    assert gauges(said, AT) == Gauges(
        at=AT,
        plan="plus",
        meter="codex",
        credits="12.34",
        gauges=(
            Gauge(name="primary", used_percent=12.5, window_minutes=300, resets=1_700_000_000_000_000),
            Gauge(name="secondary", used_percent=80.0),
        ),
    )


def test_credits_may_be_all_there_is() -> None:
    found = gauges({"type": "codex.rate_limits", "limit_name": "other", "credits": {"unlimited": True}}, AT)

    assert found == Gauges(at=AT, gauges=(), meter="other", credits="unlimited")


def test_realtime_tells_of_tokens_and_requests() -> None:
    said = {
        "type": "rate_limits.updated",
        "rate_limits": [
            {"name": "tokens", "limit": 1000, "remaining": 900, "reset_seconds": 0.25},
            {"name": "requests", "limit": 10, "remaining": 9},
            {"limit": 1},
            7,
        ],
    }

    assert gauges(said, AT) == Gauges(
        at=AT,
        gauges=(
            Gauge(name="tokens", limit=1000, remaining=900, resets=1_250_000),
            Gauge(name="requests", limit=10, remaining=9),
        ),
    )


@pytest.mark.parametrize(
    "said",
    [
        {"type": "codex.rate_limits"},
        {"type": "codex.rate_limits", "rate_limits": {"primary": {"used_percent": True}}},
        {"type": "codex.rate_limits", "rate_limits": {"primary": {"used_percent": 1e300}}},
        {"type": "rate_limits.updated"},
        {"type": "rate_limits.updated", "rate_limits": []},
    ],
    ids=str,
)
def test_what_tells_nothing_is_no_gauge(said: dict[str, Any]) -> None:
    assert gauges(said, AT) is None


@given(st.sampled_from(["codex.rate_limits", "rate_limits.updated"]), JSON, JSON)
def test_nothing_raises(kind: str, limits: Any, credits: Any) -> None:
    gauges({"type": kind, "rate_limits": limits, "credits": credits}, AT)
    gauges({"type": kind, "rate_limits": [limits], "credits": {"balance": credits}}, AT)
    gauges({"type": kind, "rate_limits": {"primary": {"used_percent": limits, "reset_at": credits}}}, AT)
