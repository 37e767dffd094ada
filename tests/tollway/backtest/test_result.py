"""What a backtest found, as a value."""

from tests.tollway.backtest.samples import COST, backtested, call, entry, refused
from tests.tollway.ledger.samples import NOON_US
from tollway.backtest.by import By
from tollway.backtest.effects import Effects

TEXT = """
access: [{deny: {model: "*opus*"}, name: no-opus}]
limits:
  - {name: quiet, amount: 100 USD, window: month}
  - {name: day, per: user, amount: 0.0000015 USD, window: day, enforce: soft, then: [block]}
rates: [{name: often, per: user, allow: 1 requests / minute, then: [block]}]
"""
CALLS = [
    call("a", user="ann"),
    call("b", 30, user="ann"),
    call("c", 90, user="ann"),
    call("d", 180, user="ann"),
    call("e", 200, user="ben", model="claude-opus-4-8"),
    call("f", 240, user="cem", nano=5 * COST),
]


def test_every_limit_and_rate_has_an_entry_in_the_policy_s_order() -> None:
    found = backtested(TEXT, CALLS)

    assert [(each.by.kind, each.by.name, each.effects.refused) for each in found.entries] == [
        ("access", "no-opus", 1), ("limit", "quiet", 0), ("limit", "day", 1), ("rate", "often", 1),
    ]  # fmt: skip
    assert entry(found, "quiet").effects == Effects()
    day, often = entry(found, "day"), entry(found, "often")
    assert (day.amount, day.window, day.per, day.enforce, day.buckets) == (
        "0.0000015 USD", "day", ("user",), "soft", 3,
    )  # fmt: skip
    assert (often.amount, often.window, often.enforce) == ("1 requests / minute", None, None)


def test_what_limits_and_rates_refused_then_is_told_beside_it() -> None:
    """As far as rows say whose refusal it was; what the policy has no more is told apart."""
    calls = [
        refused("a", action="wait, block by day"),
        refused("b", 1, "over_rate", action="block by often"),
        refused("c", 2, action="block by old", calls=3),
        refused("d", 3, action="block by older"),
        refused("e", 4, action="block"),
    ]
    found = backtested(TEXT, calls)

    assert [entry(found, name).refused_then for name in ("quiet", "day", "often")] == [0, 1, 1]
    assert found.gone == (("old", 3), ("older", 1))
    assert found.total.then.refused == 7


def test_who_is_refused_most_comes_first() -> None:
    found = backtested(TEXT, CALLS)

    assert [(user, share.now.refused) for (user, _), share in found.callers] == [
        ("ann", 2), ("ben", 1), ("cem", 0),
    ]  # fmt: skip
    assert found.callers[0][1].refused_by == {By("rate", "often"): 1, By("limit", "day"): 1}


def test_the_span_of_its_calls() -> None:
    found = backtested(TEXT, CALLS, since_us=NOON_US + 1)
    empty = backtested(TEXT, CALLS, since_us=NOON_US + 10**12)

    assert (found.first_us, found.last_us) == (NOON_US + 30_000_000, NOON_US + 240_000_000)
    assert found.total.calls == 5
    assert (empty.first_us, empty.last_us, empty.total.calls) == (None, None, 0)
    assert backtested(TEXT, []).first_us is None


def test_what_is_saved_is_told_by_entry_and_by_caller() -> None:
    found = backtested(TEXT, CALLS)

    saved = sum(each.effects.saved_nano for each in found.entries) + found.undone_nano
    assert saved == found.total.saved_nano == 3 * COST
    assert sum(share.saved_nano for _, share in found.callers) == 3 * COST
