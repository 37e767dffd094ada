"""The view for programs."""

import json

from tests.tollway.ledger.samples import call
from tests.tollway.live.samples import CALLS, PLANS, snapshot
from tollway.live.as_json import as_json
from tollway.model import Usage

NOON = "2026-11-25T13:00:00+01:00"


def test_amounts_are_exact_and_times_in_the_zone() -> None:
    found = json.loads(json.dumps(as_json(snapshot())))

    assert (found["at"], found["timezone"], found["span"]) == (
        "2026-11-25T13:00:00+01:00",
        "Europe/Berlin",
        "today",
    )
    assert (found["in_flight"], found["total"]) == (
        1, {"calls": 13, "cost_usd": "2", "notional_usd": "0.02"},
    )  # fmt: skip
    assert found["spent"]["user"][1] == {"value": None, "calls": 1, "cost_usd": "1", "notional_usd": "0"}
    assert found["minutes"][1] == {"calls": 4, "cost_usd": "0.5"}
    assert [budget["limit"] for budget in found["budgets"]] == ["team-day", "day", "tokens", "calls"]
    assert found["alerts"] == [
        {"at": NOON, "limit": "team-day", "bucket": {"team": "ml", "user": None}, "refused": True},
        {"at": NOON, "limit": "team-day", "bucket": {"team": "ml", "user": None}, "level": 80},
    ]


def test_a_call_has_what_is_known_of_it() -> None:
    (found,) = as_json(snapshot((CALLS[2],)))["calls"]

    assert found == {
        "id": "c3", "started": "2026-11-25T12:58:50+01:00", "state": "done", "user": "ann", "team": None,
        "role": None, "service": None, "program": "claude-cli", "account": None, "session": "s-2",
        "tags": {},
        "provider": "anthropic", "operation": "", "model_asked": None, "model": "claude-sonnet-4-5",
        "model_served": None, "stream": False, "input_tokens": 15_000, "cache_read_tokens": 14_000,
        "output_tokens": 600,
        "cost_usd": "0.00045", "cost_source": "computed", "cost_flags": [], "billing": "metered",
        "cache": None, "saved_usd": "0",
        "limits": [], "bound_usd": None,
        "first_byte_ms": 1_000, "duration_ms": 70_000, "status": 200, "error": None, "action": None,
        "findings": [], "in_flight": False,
    }  # fmt: skip


def test_the_state_is_the_ledgers_and_in_flight_is_only_what_a_living_process_has() -> None:
    alive, died = as_json(snapshot()), as_json(snapshot(orphaned=frozenset({"c5"})))

    for found, flying in ((alive, True), (died, False)):
        assert found["in_flight"] == sum(one["in_flight"] for one in found["calls"]) == flying
        assert (found["calls"][0]["state"], found["calls"][0]["duration_ms"]) == ("open", None)


def test_what_is_not_known_yet_is_null() -> None:
    (found,) = as_json(snapshot((call(state="open", usage=Usage()),)))["calls"]

    assert (found["first_byte_ms"], found["duration_ms"], "input_tokens" in found) == (None, None, False)


def test_plans_have_what_their_providers_say_of_them() -> None:
    claude, codex = as_json(snapshot(plans=PLANS))["plans"]

    assert {name: claude[name] for name in claude if name != "gauges"} == {
        "provider": "anthropic", "account": "0e1f2a3b-4c5d", "user": "ann", "plan": None, "meter": None,
        "credits": None, "said": "2026-11-25T12:58:30+01:00",
    }  # fmt: skip
    assert claude["gauges"][0] == {
        "name": "5h", "used_percent": 42.0, "limit": None, "remaining": None, "window_minutes": 300,
        "resets": "2026-11-25T14:30:00+01:00",
    }  # fmt: skip
    assert (codex["user"], codex["plan"], codex["meter"], codex["credits"]) == (None, "pro", "fox", "9.99")
    assert codex["gauges"][1] == {
        "name": "chat", "used_percent": None, "limit": None, "remaining": 469, "window_minutes": None,
        "resets": None,
    }  # fmt: skip
