"""All limits of a policy: which a call meets, and in which buckets it counts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.tollway.policy.written import policy
from tollway.budget.amounts import Unit
from tollway.budget.attributes import attributes
from tollway.budget.bucket import Bucket, Enforce
from tollway.model import Billing, CallRecord
from tollway.policy.limits import Limits

NOON_US = int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()) * 1_000_000
DAY_US = 86_400_000_000
TEXT = """
timezone: Europe/Berlin
limits:
  - {name: all, amount: 100 USD, window: month}
  - {name: team, match: {role: intern}, per: [team, user], amount: 5 USD, window: day}
  - {name: groups, per: group, amount: 2M tokens, window: rolling 24h, enforce: soft}
  - {name: plan, match: {model: "claude-*"}, amount: 9 USD, window: week, notional: true}
"""


def call(**more: Any) -> CallRecord:
    """A call's row."""
    return CallRecord(id="c", state="open", started_us=NOON_US, model="Claude-Opus", **more)


def names(limits: Limits, row: CallRecord) -> list[str]:
    """The limits that it meets."""
    return [each.name for each in limits.matching(attributes(row), row.billing is Billing.NOTIONAL)]


def test_a_call_meets_the_limits_that_match_it_in_their_order() -> None:
    limits = Limits(policy(TEXT))

    assert len(list(limits)) == len(limits.keys()) == 4
    assert names(limits, call()) == ["all", "groups", "plan"]
    assert names(limits, call(role="intern")) == ["all", "team", "groups", "plan"]


def test_what_a_flat_plan_covers_counts_in_dollars_only_where_a_limit_says_so() -> None:
    assert names(Limits(policy(TEXT)), call(billing=Billing.NOTIONAL)) == ["groups", "plan"]


@pytest.mark.parametrize(
    ("text", "general", "unwritten", "unheld"),
    [
        ("", "closed", True, False),
        ("", "open", False, False),
        (TEXT, "closed", True, True),
        (TEXT, "open", False, False),
        (TEXT, "local", True, False),
        (TEXT.replace("window: month}", "window: month, store_down: closed}"), "open", True, True),
        (TEXT.replace("window: month}", "window: month, store_down: local}"), "open", True, False),
        ("limits: [{name: a, amount: 1 USD, window: day, store_down: open}]", "closed", True, False),
        ("limits: [{name: a, amount: 1 USD, window: day, enforce: soft}]", "closed", True, False),
        ("rates: [{name: r, allow: 1 requests / minute}]", "closed", True, True),
        ("rates: [{name: r, allow: 1 requests / minute}]", "open", False, False),
    ],
)
def test_any_limit_or_rate_may_have_calls_refused_that_the_store_can_not_take(
    text: str, general: str, unwritten: bool, unheld: bool
) -> None:
    """Those that meet none are refused as `faults` say if they can't be written down, and need no Redis."""
    limits = Limits(policy(text))

    assert (limits.refuse_unwritten(general), limits.refuse_unheld(general)) == (unwritten, unheld)


def test_a_bucket_for_each_combination_of_values() -> None:
    """What is absent is a value of its own; the day began at 23:00 UTC."""
    limits = Limits(policy(TEXT))

    (bucket,) = limits.buckets(limits.keys()[1], call(role="intern", user="ann"), NOON_US)

    assert dict(bucket.values) == {"team": None, "user": "ann"}
    assert (bucket.limit, bucket.unit) == ("team", Unit.USD)
    assert (bucket.start_us, bucket.end_us) == (NOON_US - 13 * DAY_US // 24, NOON_US + 11 * DAY_US // 24)


def test_a_call_counts_in_the_bucket_of_each_of_its_groups() -> None:
    limits = Limits(policy(TEXT))
    found = limits.buckets(limits.keys()[2], call(groups=("a", "b")), NOON_US)

    assert [bucket.values["group"] for bucket in found] == ["a", "b"]
    assert {(bucket.start_us, bucket.end_us, bucket.rolling_us) for bucket in found} == {(0, None, DAY_US)}


def test_a_call_that_does_not_match_or_count_is_in_no_bucket() -> None:
    limits = Limits(policy(TEXT))

    assert limits.buckets(limits.keys()[1], call(), NOON_US) == ()
    assert limits.buckets(limits.keys()[0], call(billing=Billing.NOTIONAL), NOON_US) == ()


def test_the_buckets_of_all_limits_are_those_of_each() -> None:
    limits, row = Limits(policy(TEXT)), call(role="intern", groups=("a", "b"))

    each = [bucket for key in limits.keys() for bucket in limits.buckets(key, row, NOON_US)]

    assert list(limits.all_buckets(row, NOON_US)) == each
    assert len(each) == 5


def test_levels_are_those_of_the_limit_of_the_key() -> None:
    limits = Limits(policy("limits: [{name: d, amount: 1 USD, window: day, alerts: [50%, 80%]}]"))

    assert (limits.levels(limits.keys()[0]), limits.levels("gone")) == ((50, 80), ())


def test_terms_are_as_of_now() -> None:
    limits = Limits(policy(TEXT))

    terms = limits.terms(limits.keys()[2], NOON_US)

    assert (terms.amount, terms.enforce, terms.rolling_us) == (2_000_000, Enforce.SOFT, DAY_US)


def test_limits_go_by_what_they_match_and_are_kept_apart_by() -> None:
    limits = Limits(
        policy(
            "limits: [{name: a, match: {model: x, tag.env: ci}, per: team, amount: 1 USD, window: day},"
            " {name: b, amount: 1 USD, window: day}]"
        )
    )
    a, b = limits.keys()

    assert set(limits.attributes([a])) == {"model", "tag.env", "team"}
    assert set(limits.attributes([b])) == set()
    assert set(limits.attributes([a, b])) == {"model", "tag.env", "team"}


def test_a_window_counts_from_where_it_began() -> None:
    """The month in Berlin, and the last 24 hours."""
    limits = Limits(policy(TEXT))
    month_us = int(datetime(2026, 10, 31, 23, tzinfo=UTC).timestamp()) * 1_000_000

    assert limits.since_us(limits.keys()[0], NOON_US) == month_us
    assert NOON_US - DAY_US - 60_000_000 <= limits.since_us(limits.keys()[2], NOON_US) <= NOON_US - DAY_US


def test_a_bucket_is_the_same_object_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as it is remembered: memory is bounded, in number and in what clients may fill it with."""
    monkeypatch.setattr("tollway.policy.limits.MOST_REMEMBERED", 1)
    limits = Limits(policy("limits: [{name: d, per: user, amount: 1 USD, window: day}]"))

    def bucket(user: str) -> Bucket:
        (found,) = limits.all_buckets(call(user=user), NOON_US)
        return found

    first = bucket("a")
    assert bucket("a") is first
    assert bucket("b") is bucket("b")
    assert (bucket("a") is first, bucket("a") == first) == (False, True)
    assert bucket("x" * 2000) is not bucket("x" * 2000)


def test_windows_follow_the_moment_that_is_asked_for() -> None:
    """The one before, the one after, and the first once more."""
    limits = Limits(policy("limits: [{name: d, amount: 1 USD, window: day}]"))
    starts = [
        limits.all_buckets(call(), at)[0].start_us
        for at in (NOON_US, NOON_US - DAY_US, NOON_US + DAY_US, NOON_US)
    ]

    assert [start - starts[0] for start in starts] == [0, -DAY_US, DAY_US, 0]


def test_a_raise_adds_until_the_end_of_its_last_day() -> None:
    text = """
limits:
  - {name: d, amount: 10 USD, window: day, raises: [{amount: 5 USD, until: 2026-11-24}]}
"""
    limits = Limits(policy(text))
    (limit,) = limits

    assert limit.amount_at(NOON_US) == 15_000_000_000
    assert limit.amount_at(NOON_US + DAY_US // 2) == 10_000_000_000


@pytest.mark.parametrize("attribute", ["user", "tag.env"])
def test_an_attribute_keeps_its_buckets_apart(attribute: str) -> None:
    limits = Limits(policy(f"limits: [{{name: d, per: {attribute}, amount: 1 USD, window: day}}]"))
    rows = [call(user=value, tags={"env": value}) for value in ("a", "b", "a")]

    ids = [limits.all_buckets(row, NOON_US)[0].id for row in rows]

    assert ids[0] == ids[2] != ids[1]


RATES = """
limits: [{name: all, amount: 100 USD, window: month}]
rates:
  - {name: often, match: {role: intern}, per: user, allow: 60 requests / minute, burst: 5}
  - {name: much, allow: 100k tokens / minute}
  - {name: wide, allow: 8 at once}
"""


def test_a_call_meets_rates_behind_its_limits() -> None:
    """One with a burst twice; calls under a flat plan meet them, too."""
    limits = Limits(policy(RATES))
    met = limits.met(call(role="intern", user="ann"))

    assert [limit.name for limit in met.limits] == ["all", "often", "often", "much", "wide"]
    assert met.names == ("all", "often", "much", "wide")
    assert [bucket.slot_us for bucket in met.buckets] == [None, 1_000_000, 83_334, 1_000_000, 0]
    assert [bucket.values for bucket in met.buckets[1:3]] == [{"user": "ann"}] * 2
    assert len({bucket.id for bucket in met.buckets}) == 5
    flat = limits.met(call(billing=Billing.NOTIONAL))
    assert flat.names == ("much", "wide")
    assert (met.is_hard, met.is_hard_alone, met.counts_tokens) == (True, True, True)
    assert (flat.is_hard, flat.is_hard_alone, flat.counts_tokens) == (False, True, True)


def test_rates_are_no_rules_of_what_is_spent() -> None:
    """Nothing of them is rebuilt from rows."""
    limits = Limits(policy(RATES))
    row = call(role="intern", user="ann")

    assert [limit.name for limit in limits] == ["all"]
    assert len(limits.keys()) == 1
    assert names(limits, row) == ["all"]
    assert [bucket.limit for bucket in limits.all_buckets(row, NOON_US)] == ["all"]


@pytest.mark.parametrize(
    ("text", "holds"),
    [("", False), ("rates: [{name: a, allow: 8 at once}]", True), (RATES, True), (TEXT, True)],
)
def test_there_is_something_to_hold_calls_by(text: str, holds: bool) -> None:
    assert bool(Limits(policy(text))) is holds
