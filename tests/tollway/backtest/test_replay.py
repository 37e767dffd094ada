"""Recorded calls in the order of time, under one policy."""

from tests.tollway.backtest.samples import COST, DAY_US, HOUR_US, SECOND_US, call, refused, replay
from tests.tollway.ledger.samples import NOON_US
from tollway.backtest.by import By
from tollway.backtest.effects import LetIn
from tollway.budget.amounts import Amounts
from tollway.model import Billing, Cost, Source, Usage

DAY = "limits: [{name: day, amount: 0.0000025 USD, window: day, then: [block]}]"
"""2,500 nano-dollars: two calls."""
BOUND = Amounts(nano=2_000, input_tokens=40, output_tokens=160, requests=1)


def test_a_hard_limit_refuses_what_does_not_fit_until_its_window_ends() -> None:
    seen = replay(DAY, [call(str(n), after=60 * n) for n in range(4)] + [call("next", after=86_400)])

    assert seen.refused == ["2", "3"]
    assert seen.fates["2"].refused == By("limit", "day")
    assert seen.tally.total.now.cost_nano == 3 * COST
    assert seen.tally.total.saved_nano == 2 * COST


def test_calls_in_flight_hold_what_they_come_to() -> None:
    """The third comes while two are in flight; once they have ended there is no more room."""
    at_once = replay(DAY, [call(str(n), after=n, seconds=10, nano=1_100) for n in range(3)])
    serial = replay(DAY, [call(str(n), after=n, seconds=0.5, nano=700) for n in range(3)])

    assert at_once.refused == ["2"]
    assert serial.refused == []


def test_a_recorded_bound_is_held_and_the_cost_is_charged() -> None:
    """Two bounds do not fit at once, one beside what the other came to does."""
    bounded = [call(str(n), after=n * 5, seconds=6, nano=100, bound=BOUND) for n in range(2)]
    later = [call(str(n), after=n * 7, seconds=6, nano=100, bound=BOUND) for n in range(2)]

    assert replay(DAY, bounded).refused == ["1"]
    assert replay(DAY, later).refused == []


def test_a_call_that_ends_as_another_comes_has_ended() -> None:
    assert (
        replay(DAY, [call("a", seconds=1, nano=100, bound=BOUND), call("b", after=1, bound=BOUND)]).refused
        == []
    )


def test_a_call_that_never_ended_holds_on() -> None:
    open_ = call("a", state="open", ended_us=None, nano=100, bound=BOUND)

    assert replay(DAY, [open_, call("b", after=600)]).refused == ["b"]


def test_calls_that_were_merged_count_as_they_were_and_are_asked_nothing() -> None:
    """By `tollway ledger prune`: five in one row, more than fit; and three that were refused."""
    seen = replay(
        DAY,
        [
            call("merged", nano=5 * COST, calls=5),
            refused("away", after=30, calls=3),
            call("a", after=60),
        ],
    )

    assert seen.refused == ["a"]
    assert seen.tally.merged_calls == 8
    total = seen.tally.total
    assert (total.calls, total.now.cost_nano, total.then.cost_nano) == (9, 5 * COST, 6 * COST)
    assert (total.then.refused, total.now.refused) == (3, 4)


def test_calls_that_were_merged_before_the_span_are_in_nobodys_figures() -> None:
    seen = replay(
        DAY, [call("merged", nano=5 * COST, calls=5), call("a", after=60)], since_us=NOON_US + SECOND_US
    )

    assert seen.refused == ["a"]
    assert (seen.tally.merged_calls, seen.tally.total.calls) == (0, 1)


def test_a_soft_limit_admits_while_anything_is_left() -> None:
    text = DAY.replace("then:", "enforce: soft, then:")
    seen = replay(text, [call(str(n), after=60 * n) for n in range(5)])

    assert seen.refused == ["3", "4"]


def test_what_a_soft_limit_holds_in_flight_is_no_bound() -> None:
    """Three bounds of 2,000 are beside each other: they come to 100 each."""
    text = DAY.replace("then:", "enforce: soft, then:")

    assert replay(text, [call(str(n), n, seconds=10, nano=100, bound=BOUND) for n in range(3)]).refused == []


def test_a_shadow_limit_tells_of_calls_that_it_would_have_refused_for_their_bound() -> None:
    text = DAY.replace("then:", "enforce: shadow, then:")
    seen = replay(text, [call(str(n), n * 60, nano=300, bound=BOUND) for n in range(3)])

    assert seen.tally.effects[By("limit", "day")].over == 1


def test_a_shadow_limit_refuses_nobody_and_tells_what_it_had_no_room_for() -> None:
    text = DAY.replace("then:", "enforce: shadow, then:")
    seen = replay(text, [call(str(n), after=60 * n) for n in range(5)])

    assert seen.refused == []
    found = seen.tally.effects[By("limit", "day")]
    assert (found.over, found.refused, found.saved_nano) == (3, 0, 0)
    assert found.first == (NOON_US + 120 * SECOND_US, ())


def test_each_value_of_per_has_a_bucket_and_all_limits_must_admit() -> None:
    text = """
limits:
  - {name: wide, amount: 0.0000055 USD, window: day, then: [block]}
  - {name: each, per: user, amount: 0.0000025 USD, window: day, then: [block]}
"""
    calls = [call(f"{user}{n}", after=60 * n, user=user) for n in range(3) for user in ("a", "b")]
    seen = replay(text, calls)

    assert {id: fate.refused.name for id, fate in seen.fates.items() if fate.refused} == {
        "a2": "each", "b2": "each",
    }  # fmt: skip
    assert seen.kinds.whose["each"] == {("a",), ("b",)}
    assert seen.tally.shares["a", None].refused_by == {By("limit", "each"): 1}


def test_a_flat_plan_costs_no_money() -> None:
    calls = [call(str(n), after=60 * n, billing=Billing.NOTIONAL) for n in range(5)]
    seen = replay(DAY, calls)
    counted = replay(DAY.replace("then:", "notional: true, then:"), calls)

    assert seen.refused == []
    assert counted.refused == ["2", "3", "4"]
    assert (counted.tally.total.saved_nano, counted.tally.total.now.notional_nano) == (0, 2 * COST)


def test_a_rolling_window_has_room_again_once_calls_have_left_it() -> None:
    text = DAY.replace("window: day", "window: rolling 10m")
    seen = replay(text, [call(str(n), after=60 * n) for n in range(13)])

    assert seen.refused == [str(n) for n in range(2, 11)]


def test_calls_that_failed_take_no_room() -> None:
    failed = [call(str(n), after=n * 60, status=500, usage=Usage(), nano=0) for n in range(5)]
    text = "limits: [{name: few, amount: 2 requests, window: day, then: [block]}]"

    assert replay(text, [*failed, call("a", 400), call("b", 500), call("c", 600)]).refused == ["c"]


def test_what_is_not_read_is_charged_and_not_held() -> None:
    """Where no hard limit refuses it."""
    text = DAY.replace("then:", "enforce: soft, then:")
    calls = [call(str(n), after=n * 60, operation="unknown") for n in range(4)]
    seen = replay(text, [*calls, call("a", 400)])

    assert seen.refused == ["a"]


def test_a_call_that_was_refused_is_tried_again_and_comes_to_nothing() -> None:
    """By a limit: it fits where its bound does."""
    seen = replay(
        DAY, [refused("a", bound=BOUND), call("b", 60), refused("c", 120, bound=BOUND), refused("d", 180)]
    )

    assert seen.refused == ["c"]
    assert seen.tally.let_in == LetIn(calls=2, bound_nano=2_000, likely_calls=2, likely_nano=2 * COST)
    assert (seen.tally.total.then.refused, seen.tally.total.now.refused) == (3, 1)


def test_a_call_that_was_refused_for_what_is_not_looked_at_stays_refused() -> None:
    seen = replay(DAY, [refused("a", error="guardrail"), refused("b", error="unauthenticated"), call("c", 9)])

    assert "a" not in seen.fates
    assert seen.tally.kept_refused == 2
    assert (seen.tally.total.then.refused, seen.tally.total.now.refused) == (2, 2)


def test_what_no_limit_could_hold_is_refused_again_by_one_that_holds() -> None:
    seen = replay(DAY, [refused("a", error="limit_cannot_hold")])
    requests = replay(
        "limits: [{name: few, amount: 9 requests, window: day}]", [refused("a", error="limit_cannot_hold")]
    )

    assert seen.refused == ["a"]
    assert requests.refused == []


def test_a_model_of_no_known_price_is_refused_under_hard_limits_in_dollars() -> None:
    cost = Cost(input_nano=5, source=Source.COMPUTED, flags=("unknown_price",))

    assert replay(DAY, [call("a", cost=cost)]).refused == ["a"]
    assert replay(DAY + "\nfaults: {unknown_price: dearest}", [call("a", cost=cost)]).refused == []
    assert replay(DAY.replace("0.0000025 USD", "900 tokens"), [call("a", cost=cost)]).refused == []


def test_access_rules_and_faults_refuse_first() -> None:
    seen = replay(
        DAY + "\naccess: [{deny: {team: x}, name: none}]", [call("a", team="x", verified=True), call("b", 9)]
    )

    assert {id: fate.refused for id, fate in seen.fates.items()} == {"a": By("access", "none")}


def test_calls_before_the_span_count_in_its_windows_and_in_no_figures() -> None:
    calls = [call(str(n), after=60 * n) for n in range(-3, 3)]
    seen = replay(DAY.replace("0.0000025", "0.0000045"), calls, since_us=NOON_US)

    assert seen.refused == ["1", "2"]
    assert seen.tally.total.calls == 3


def test_of_calls_before_the_span_nothing_is_told() -> None:
    text = DAY.replace("then:", "alerts: [10%, 60%], then:").replace("0.0000025", "0.0000045")
    seen = replay(text, [call("a", -60), refused("b", -50), call("c", 0), call("d", 60)], since_us=NOON_US)

    assert seen.tally.effects[By("limit", "day")].alerts == {60: [NOON_US + 61 * SECOND_US]}
    assert seen.tally.total.then.refused == 0


def test_alert_levels_are_told_once_in_a_window() -> None:
    text = DAY.replace("then:", "alerts: [30%, 80%], then:")
    seen = replay(text, [call(str(n), after=HOUR_US // SECOND_US * n) for n in range(14)])

    first, second = NOON_US + SECOND_US, NOON_US + 12 * HOUR_US + SECOND_US
    assert seen.tally.effects[By("limit", "day")].alerts == {
        30: [first, second],
        80: [first + HOUR_US, second + HOUR_US],
    }


def test_a_hit_costs_nothing_where_the_policy_caches_such_calls() -> None:
    """Else it is asked of its provider, at what it saved."""
    hits = [call(str(n), 60 * n, nano=0, cache="hit", saved_nano=COST) for n in range(4)]
    cached = replay(DAY + "\ncache: [{match: {operation: chat}, ttl: 1h}]", hits)
    asked = replay(DAY, hits)

    assert (cached.refused, cached.tally.total.now.cost_nano) == ([], 0)
    assert (asked.refused, asked.tally.total.now.cost_nano) == (["2", "3"], 2 * COST)
    assert asked.tally.undone_nano == asked.tally.total.saved_nano == -2 * COST


def test_whose_clock_went_back_has_ended_as_it_began() -> None:
    assert replay(DAY, [call("a", ended_us=NOON_US - DAY_US), call("b", 60), call("c", 120)]).refused == ["c"]
