"""What a backtest found, for programs."""

from decimal import Decimal
from typing import Any

from tests.tollway.backtest.samples import backtested, refused
from tests.tollway.reporting.backtests import BERLIN, found, nothing
from tollway.reporting.backtested import alerts, as_json


def told() -> dict[str, Any]:
    return as_json(found(), "next.yaml", BERLIN)


def test_money_is_text_and_adds_up() -> None:
    """What is saved is the difference, and what the entries save with what is undone."""
    shown = told()

    saved = Decimal(shown["saved_usd"])
    assert Decimal(shown["recorded"]["cost_usd"]) - Decimal(shown["backtest"]["cost_usd"]) == saved
    entries = sum(Decimal(each["saved_usd"]) for each in shown["entries"])
    assert entries + Decimal(shown["undone_usd"]) == saved
    assert sum(Decimal(each["saved_usd"]) for each in shown["callers"]) == saved


def test_counts_add_up() -> None:
    shown = told()

    for name in ("refused", "clamped", "waited", "rerouted"):
        assert sum(each["backtest"][name] for each in shown["callers"]) == shown["backtest"][name]
        assert sum(each["recorded"][name] for each in shown["callers"]) == shown["recorded"][name]
    assert sum(each["calls"] for each in shown["callers"]) == shown["calls"] == 13
    assert sum(each["refused"] for each in shown["entries"]) == shown["backtest"]["refused"]


def test_what_is_no_limit_is_told_by_its_kind() -> None:
    kinds = [(each["kind"], each["name"]) for each in told()["entries"]]

    assert kinds == [
        ("fault", "subscriptions"), ("access", "no-opus"), ("always", "always[0]"), ("limit", "user-day"),
        ("limit", "small-first"), ("limit", "seen"), ("rate", "often"),
    ]  # fmt: skip


def test_what_limits_refused_then_is_told_by_name() -> None:
    calls = [refused("a", action="block by day"), refused("b", 1, action="block by old")]
    shown = as_json(backtested("limits: [{name: day, amount: 1 USD, window: day}]", calls), "p", BERLIN)

    assert [(each["name"], each["refused_then"]) for each in shown["entries"]] == [("day", 1)]
    assert shown["gone"] == [{"name": "old", "refused_then": 1}]


def test_what_there_is_not_is_null() -> None:
    shown = as_json(nothing(), "next.yaml", BERLIN)

    (day,) = shown["entries"]
    assert (shown["since"], shown["until"], day["first"], day["first_bucket"]) == (None, None, None, None)
    assert (day["alerts"], shown["callers"][0]["user"], shown["callers"][0]["refused_by"]) == ([], None, [])
    assert alerts(nothing()) == 0
