"""Pages for programs: the same figures, in stable fields."""

import json

from msgspec.structs import replace

from tests.tollway.page.test_everything import FOUND
from tests.tollway.page.test_mine import ANN, MINE
from tests.tollway.page.test_setup import SAID
from tollway.page.as_json import (
    budgets_as_json,
    calls_as_json,
    everything_as_json,
    first_as_json,
    setup_as_json,
)


def test_calls_come_with_their_sums() -> None:
    found = calls_as_json(MINE)

    assert found["at"] == "2026-11-25T13:00:00+01:00"
    assert found["timezone"] == "Europe/Berlin"
    assert found["today"] == {"calls": 7, "cost_usd": "1.234567891", "notional_usd": "0"}
    assert found["spent"]["model"] == [
        {"value": "claude-sonnet-4-5", "calls": 12, "cost_usd": "1", "notional_usd": "0"}
    ]
    assert found["unanswered"] == [
        {"error": "over_limit", "refused": True, "limits": ["day"], "calls": 2},
        {"error": "cut", "refused": False, "limits": [], "calls": 1},
    ]
    assert [each["id"] for each in found["calls"]] == ["c5", "c4", "c3", "c2", "c1"]
    assert [each["in_flight"] for each in found["calls"]] == [True, False, False, False, False]
    died = calls_as_json(replace(MINE, orphaned=frozenset({"c5"})))["calls"][0]
    assert (died["state"], died["in_flight"]) == ("open", False)


def test_budgets_are_as_the_command_has_them() -> None:
    (first, *_) = budgets_as_json(MINE)["budgets"]

    assert (first["limit"], first["settled"], first["left"], first["unit"]) == ("day", "3", "6", "USD")


def test_the_first_page_has_all_of_it() -> None:
    found = first_as_json(ANN, MINE, True)

    assert found["who"]["user"] == "ann"
    assert found["administrator"] is True
    assert {"today", "calls", "budgets", "unanswered"} <= found.keys()
    json.dumps(found)


def test_everything_is_as_top_has_it() -> None:
    found = everything_as_json(FOUND)

    assert found["total"] == {"calls": 13, "cost_usd": "2", "notional_usd": "0.02"}
    assert found["unanswered"] == [{"error": "access_denied", "refused": True, "limits": [], "calls": 12_345}]
    assert {"spent", "minutes", "budgets", "calls", "alerts"} <= found.keys()


def test_the_set_up_is_told() -> None:
    assert setup_as_json(SAID) == {
        "ca": {
            "url": "http://tollway.internal/ca.pem",
            "id": "0f1e2d3c",
            "sha256": "AA:BB",
            "ends": "2031-11-28T00:00:00+00:00",
            "others": [],
        },
        "proxy": "http://10.0.0.1:8080",
        "system": "debian",
    }
