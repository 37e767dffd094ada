"""One entry of `limits` as it is written; tests/data/policies/bad has what it can't be."""

from datetime import date

from tests.tollway.policy.written import policy
from tollway.budget.bucket import Enforce
from tollway.policy.limit import Block, Clamp, Wait

THEN = (Clamp(), Wait(3_000_000), Block())


def test_the_shortest_limit_is_a_hard_one_for_all_calls() -> None:
    (entry,) = policy("limits: [{name: day, amount: 5 USD, window: day}]").limits

    assert (entry.match, entry.per, entry.enforce, entry.then) == ({}, (), Enforce.HARD, THEN)
    assert (entry.alerts, entry.raises, entry.notional, entry.floor) == ((), (), False, None)


def test_per_is_one_attribute_or_several() -> None:
    first, second = policy(
        "limits: [{name: a, per: team, amount: 5 USD, window: day},"
        " {name: b, per: [team, user], amount: 5 USD, window: day}]"
    ).limits

    assert (first.per, second.per) == (("team",), ("team", "user"))


def test_levels_rise_and_stand_once() -> None:
    (entry,) = policy("limits: [{name: a, amount: 1 USD, window: day, alerts: [80%, 50%, 80%]}]").limits

    assert entry.alerts == (50, 80)


def test_a_raise_says_who_granted_it() -> None:
    (entry,) = policy(
        "limits: [{name: a, amount: 1 USD, window: day,"
        " raises: [{amount: 5 USD, until: 2026-12-31, by: ann, reason: launch}]}]"
    ).limits

    (more,) = entry.raises
    assert (more.until, more.by, more.reason) == (date(2026, 12, 31), "ann", "launch")
