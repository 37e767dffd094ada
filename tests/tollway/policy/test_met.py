"""What calls meet, worked out once for all that are alike."""

import pytest

from tests.tollway.policy.written import policy
from tollway.model import Billing, CallRecord
from tollway.policy import met as module
from tollway.policy.limits import Limits

HOUR_US = 3_600_000_000
NOON_US = 1_795_521_600_000_000
TEXT = """
limits:
  - {name: soft, amount: 1 USD, window: hour, enforce: soft}
  - {name: team, match: {team: a}, amount: 1 USD, window: day}
  - {name: groups, match: {tag.env: ci}, per: group, amount: 5 requests, window: rolling 24h}
"""


def call(at_us: int = NOON_US, **more: object) -> CallRecord:
    """A call's row."""
    return CallRecord(id="c", state="open", started_us=at_us, **more)  # type: ignore[arg-type]


@pytest.fixture
def limits() -> Limits:
    """Of a policy."""
    return Limits(policy(TEXT))


def test_a_call_meets_limits_each_as_often_as_it_has_buckets(limits: Limits) -> None:
    found = limits.met(call(team="a", tags={"env": "ci"}, groups=("x", "y")))

    assert [limit.name for limit in found.limits] == ["soft", "team", "groups", "groups"]
    assert [dict(bucket.values) for bucket in found.buckets] == [{}, {}, {"group": "x"}, {"group": "y"}]
    assert found.names == ("soft", "team", "groups")
    assert found.is_hard
    assert not limits.met(call()).is_hard


def test_calls_that_are_alike_meet_the_same(limits: Limits) -> None:
    """What no limit goes by makes no difference: the model, who the user is."""
    one, other = call(team="a", model="x", user="ann"), call(NOON_US + 1, team="a", model="y")

    assert limits.met(one) is limits.met(other)


@pytest.mark.parametrize(
    "other",
    [
        call(team="b"),
        call(team="a", tags={"env": "ci"}),
        call(team="a", billing=Billing.NOTIONAL),
        call(NOON_US + HOUR_US, team="a"),
        call(NOON_US - 1, team="a"),
    ],
)
def test_calls_that_are_not_alike_do_not(limits: Limits, other: CallRecord) -> None:
    """By an attribute, by who pays, or by when they start: another hour, the one before."""
    assert limits.met(call(team="a")).buckets != limits.met(other).buckets


def test_no_limits_are_met_at_any_time() -> None:
    limits = Limits(policy("limits: [{name: team, match: {team: a}, amount: 1 USD, window: hour}]"))

    assert limits.met(call()) is limits.met(call(0))
    assert limits.met(call()).limits == ()


def test_memory_is_bounded(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    """In number, and in what clients may fill it with."""
    monkeypatch.setattr(module, "MOST_REMEMBERED", 1)
    first = limits.met(call(team="a"))
    limits.met(call(team="b"))
    assert limits.met(call(team="a")) is not first

    for more in ({"team": "x" * 2000}, {"groups": ("x" * 2000,)}):
        long = call(**more)
        assert limits.met(long) is not limits.met(long)
        assert limits.met(long) == limits.met(long)
