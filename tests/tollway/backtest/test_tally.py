"""Sums of what becomes of calls."""

from tests.tollway.backtest.samples import COST, call, refused, replay
from tests.tollway.ledger.samples import NOON_US
from tollway.backtest.by import By
from tollway.backtest.effects import Figures, LetIn
from tollway.model import Billing

DAY = "limits: [{name: day, per: user, amount: 0.0000015 USD, window: day, then: [block]}]"


def test_callers_are_users_else_services() -> None:
    calls = [
        call("a", user="ann", service="ci"),
        call("b", 1, service="ci"),
        call("c", 2),
        call("d", 60, user="ann"),
    ]
    shares = replay(DAY, calls).tally.shares

    assert {caller: share.calls for caller, share in shares.items()} == {
        ("ann", None): 2, (None, "ci"): 1, (None, None): 1,
    }  # fmt: skip
    assert shares["ann", None].refused_us == NOON_US + 60_000_000


def test_what_was_done_then_is_told_beside_it() -> None:
    calls = [
        call("a", action="clamp 353, wait"),
        call("b", 5, action="route economy, set temperature"),
        refused("c", 9, action="wait, block"),
        call("d", 12, billing=Billing.NOTIONAL),
    ]
    total = replay("", calls).tally.total

    assert total.then == Figures(
        cost_nano=2 * COST, notional_nano=COST, refused=1, clamped=1, waited=1, rerouted=1
    )
    assert total.now == Figures(cost_nano=2 * COST, notional_nano=COST)


def test_each_entry_counts_a_call_once_and_saves_what_it_saved() -> None:
    """Moved twice by one limit, it is one call that was moved."""
    text = """
limits:
  - {name: day, amount: 0.0017 USD, window: day, at: {10%: {route: one}}, then: [{route: two}, block]}
routes:
  one: [{from: gpt-4o, to: openai/gpt-4.1}]
  two: [{from: gpt-4.1, to: openai/gpt-4.1-mini}]
"""
    calls = [call(str(n), 60 * n, nano=1_500_000) for n in range(2)]
    tally = replay(text, calls).tally

    assert tally.effects[By("limit", "day")].rerouted == tally.total.now.rerouted == 1
    assert tally.total.saved_nano == tally.effects[By("limit", "day")].saved_nano + tally.undone_nano


def test_what_a_flat_plan_covers_saves_nothing() -> None:
    text = "rates: [{name: one, allow: 1 at once, then: [wait 5m, block]}]"
    calls = [call(id, seconds=9, billing=Billing.NOTIONAL) for id in "ab"]
    tally = replay(text, calls).tally

    assert (tally.total.now.waited, tally.effects[By("rate", "one")].waited) == (1, 1)
    assert (tally.total.saved_nano, tally.total.now.notional_nano) == (0, 2 * COST)


def test_what_was_refused_is_likely_to_cost_what_its_like_did() -> None:
    """The mean of calls of the same model that were answered: not of those that failed, or hit the cache."""
    calls = [
        call("a", nano=100),
        call("b", 1, nano=301),
        call("c", 2, nano=0, status=500),
        call("d", 3, nano=0, cache="hit"),
        refused("e", 4),
        refused("f", 5, model="gpt-5"),
        refused("g", 6, billing=Billing.NOTIONAL),
    ]

    assert replay("cache: [{ttl: 1h}]", calls).tally.let_in == LetIn(calls=3, likely_calls=1, likely_nano=200)


def test_calls_with_and_without_a_bound_are_told_apart() -> None:
    from tollway.budget.amounts import Amounts

    bounded = call("a", user="a", bound=Amounts(nano=1_200, input_tokens=40, output_tokens=60, requests=1))
    tally = replay(DAY, [bounded, call("b", 60, user="b"), call("c", 90, user="b")]).tally

    assert (tally.bounded, tally.unbounded) == (1, 2)
