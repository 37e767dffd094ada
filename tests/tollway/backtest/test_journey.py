"""What is done to a call that does not fit: clamped, made to wait, moved, refused."""

import pytest

from tests.tollway.backtest import samples
from tests.tollway.backtest.samples import COST, SECOND_US, call, refused, replay
from tests.tollway.ledger.samples import NOON_US
from tollway.backtest import journey, wait
from tollway.backtest.by import By
from tollway.backtest.fate import CLAMPED, REROUTED, WAITED
from tollway.budget.amounts import Amounts
from tollway.model import Usage

ROUTES = """
routes:
  down: [{from: gpt-4o, to: openai/gpt-4o-mini}]
  away: [{from: "claude-*", to: anthropic/claude-haiku-4-5}]
"""
MINI = 42_000
"""What a call costs at gpt-4o-mini."""
BIG = {"nano": 170_000}


def limit(amount: int, then: str, more: str = "") -> str:
    """A policy of one limit, in nano-dollars a day."""
    dollars = f"{amount // 10**9}.{amount % 10**9:09d}"
    return f"limits: [{{name: day, amount: {dollars} USD, window: day{more}, then: {then}}}]\n"


def test_a_clamp_leaves_as_many_tokens_as_fit() -> None:
    """(8,000 - 4,000) * 1,000 / 6,000 = 666: 4,000 + 666 * 6 = 7,996."""
    long = call("a", nano=10_000, usage=Usage(input_tokens=40, output_tokens=1_000))
    seen = replay(limit(8_000, "[clamp, block]"), [long])

    assert seen.did(CLAMPED) == ["a"]
    assert seen.fates["a"].here.load.charges == (7_996, 706, 40, 666, 1)
    assert seen.tally.effects[By("limit", "day")].saved_nano == seen.tally.total.saved_nano == 2_004


def test_what_can_not_be_clamped_far_enough_is_refused() -> None:
    """(4,900 - 4,000) / 6 = 150 tokens: fewer than 256 are of no use."""
    long = call("a", nano=10_000, usage=Usage(input_tokens=40, output_tokens=1_000))

    assert replay(limit(4_900, "[clamp, block]"), [long]).refused == ["a"]
    assert replay(limit(4_900, "[clamp, block]", ", floor: 100"), [long]).refused == []


def test_a_call_waits_until_others_settle() -> None:
    bound = Amounts(nano=1_400, input_tokens=40, output_tokens=100, requests=1)
    calls = [call("a", seconds=10, nano=100, bound=bound), call("b", after=5, seconds=3)]
    seen = replay(limit(1_500, "[wait 20s, block]"), calls)

    assert (seen.refused, seen.did(WAITED)) == ([], ["b"])
    assert replay(limit(1_500, "[block]"), calls).refused == ["b"]
    assert replay(limit(1_500, "[wait 4s, block]"), calls).refused == ["b"]


def test_who_waited_ends_later() -> None:
    """It came at 5, waited for 5 s, and took 3: another that comes at 12 does not fit beside it."""
    bound = Amounts(nano=1_400, input_tokens=40, output_tokens=100, requests=1)
    calls = [
        call("a", seconds=10, nano=10, bound=bound),
        call("b", after=5, seconds=3, nano=10, bound=bound),
        call("c", after=12, seconds=3, nano=10, bound=bound),
    ]

    assert replay(limit(1_500, "[wait 6s, block]"), calls).did(WAITED) == ["b", "c"]
    assert replay(limit(1_500, "[wait 6s, block]"), [*calls[:2], call("c", after=13.5)]).did(WAITED) == ["b"]


def test_nobody_waits_for_what_will_not_come() -> None:
    """What is settled stays for the window."""
    seen = replay(limit(1_500, "[wait 20s, block]"), [call("a"), call("b", after=5)])

    assert (seen.refused, seen.did(WAITED)) == (["b"], [])


def test_a_wait_in_vain_ends_with_what_comes_next() -> None:
    bound = Amounts(nano=1_400, input_tokens=40, output_tokens=100, requests=1)
    calls = [call("a", seconds=60, nano=100, bound=bound), call("b", after=5)]
    seen = replay(limit(1_500, "[wait 2s, wait 3s, block]"), calls)

    assert seen.refused == ["b"]
    assert seen.fates["b"].deeds == ()


def test_who_came_first_goes_first() -> None:
    """The small one would fit at once, and stands behind the large one that came before it."""
    held = Amounts(nano=1_400, input_tokens=40, output_tokens=100, requests=1)
    calls = [
        call("a", seconds=10, nano=100, bound=held),
        call("large", after=1, nano=1_200),
        call("small", after=2, nano=50),
    ]
    seen = replay(limit(1_500, "[wait 30s, block]"), calls)

    assert seen.refused == []
    assert seen.did(WAITED) == ["large", "small"]


def test_who_waits_in_vain_makes_way() -> None:
    held = Amounts(nano=1_400, input_tokens=40, output_tokens=100, requests=1)
    calls = [
        call("a", seconds=10, nano=1_100, bound=held),
        call("large", after=1, nano=1_200),
        call("small", after=2, nano=300),
    ]
    seen = replay(limit(1_500, "[wait 5s, block]"), calls)

    assert seen.refused == ["large", "small"]
    assert replay(limit(1_800, "[wait 30s, block]"), calls).refused == ["large"]


def test_for_too_many_there_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey, "MOST", 1)
    held = Amounts(nano=1_400, input_tokens=40, output_tokens=100, requests=1)
    calls = [call("a", seconds=10, nano=100, bound=held), *(call(id, after=1, nano=200) for id in "bc")]
    seen = replay(limit(1_500, "[wait 30s, block]"), calls)

    assert wait.MOST == 1_000
    assert (seen.refused, seen.did(WAITED)) == (["c"], ["b"])


def test_a_rate_has_room_again_by_itself() -> None:
    """Its window slides: after 61 seconds the first has left it."""
    calls = [call(str(n), after=n, seconds=0.1) for n in range(3)]
    text = "rates: [{name: often, allow: 2 requests / minute, then: [%s, block]}]"
    waits, late = replay(text % "wait 2m", calls), replay(text % "wait 10s", calls)

    assert (waits.refused, waits.did(WAITED)) == ([], ["2"])
    assert (late.refused, late.did(WAITED)) == (["2"], [])
    assert late.fates["2"].refused == By("rate", "often")


def test_calls_at_once_wait_for_each_other() -> None:
    calls = [call(str(n), after=n / 10, seconds=10) for n in range(4)]
    seen = replay("rates: [{name: wide, allow: 2 at once, then: [wait 15s, block]}]", calls)

    assert (seen.refused, seen.did(WAITED)) == ([], ["2", "3"])


def test_who_came_first_goes_first_wherever_it_waited_before() -> None:
    """A waits for x to end, and then for the rate that B waits for: A is first there, though B was there
    before it."""
    text = """
rates:
  - {name: one, match: {user: ann}, allow: 1 at once, then: [wait 5m, block]}
  - {name: two, allow: 2 requests / minute, then: [wait 5m, block]}
"""
    calls = [
        call("x", after=0, seconds=50, user="ann"),
        call("A", after=1, user="ann"),
        call("c", after=2, user="ben"),
        call("B", after=3, user="ben"),
    ]
    seen = replay(text, calls)

    assert (seen.refused, seen.did(WAITED)) == ([], ["A", "B"])


def test_a_route_moves_what_does_not_fit_at_the_price_of_its_target() -> None:
    """The second does not fit, and costs 42,000 instead of 170,000."""
    calls = [call(str(n), after=60 * n, **BIG) for n in range(3)]
    seen = replay(limit(300_000, "[{route: down}, block]") + ROUTES, calls)

    assert seen.did(REROUTED) == ["1", "2"]
    assert seen.tally.total.now.cost_nano == 170_000 + 2 * MINI
    assert seen.tally.effects[By("limit", "day")].saved_nano == 2 * (170_000 - MINI)
    assert seen.tally.total.saved_nano == 2 * (170_000 - MINI)


def test_the_limits_of_the_target_hold_there() -> None:
    text = """
limits:
  - {name: big, match: {model: gpt-4o}, amount: 1 requests, window: day, then: [{route: down}, block]}
  - {name: small, match: {model: gpt-4o-mini}, amount: 1 requests, window: day, then: [block]}
"""
    seen = replay(text + ROUTES, [call(str(n), after=60 * n, **BIG) for n in range(3)])

    assert (seen.did(REROUTED), seen.refused) == (["1"], ["2"])
    assert seen.fates["2"].refused == By("limit", "small")
    assert seen.tally.total.saved_nano == 170_000 - MINI + 170_000


def test_a_route_that_leads_nowhere_is_passed_over() -> None:
    seen = replay(limit(1_500, "[{route: away}, block]") + ROUTES, [call("a"), call("b", 60)])

    assert (seen.did(REROUTED), seen.refused) == ([], ["b"])


def test_a_level_moves_calls_before_any_is_refused() -> None:
    text = limit(1_000_000, "[block]", ", at: {50%: {route: away}, 30%: {route: down}}") + ROUTES
    seen = replay(text, [call(str(n), after=60 * n, **BIG) for n in range(6)])

    assert (seen.did(REROUTED), seen.refused) == (["2", "3", "4", "5"], [])
    assert seen.tally.total.now.cost_nano == 2 * 170_000 + 4 * MINI


def test_a_level_moves_a_call_that_then_waits_behind_others() -> None:
    """The second, of a model that the route leaves alone, waits; the third is moved, and stands behind."""
    held = Amounts(nano=450_000, input_tokens=40, output_tokens=100, requests=1)
    text = limit(500_000, "[wait 30s, block]", ", at: {30%: {route: down}}") + ROUTES
    calls = [
        call("a", seconds=10, nano=100, bound=held),
        call("b", after=1, model="o3", model_asked="o3", **BIG),
        call("c", after=2, **BIG),
    ]
    seen = replay(text, calls)

    assert (seen.did(REROUTED), seen.did(WAITED), seen.refused) == (["c"], ["b", "c"], [])


def test_a_shadow_limit_moves_nobody() -> None:
    text = limit(100_000, "[{route: down}, block]", ", enforce: shadow, at: {30%: {route: down}}") + ROUTES

    assert replay(text, [call(str(n), after=60 * n, **BIG) for n in range(3)]).did(REROUTED) == []


def test_always_moves_calls_without_any_limit() -> None:
    text = ROUTES + "always: [{match: {team: x}, route: away}, {match: {team: x}, route: down}]"
    seen = replay(text, [call("a", team="x", **BIG), call("b", 60, team="y", **BIG)])

    assert seen.did(REROUTED) == ["a"]
    assert seen.tally.effects[By("always", "always[1]")].saved_nano == 170_000 - MINI


def test_a_standing_route_that_keeps_a_call_where_it_is_has_the_last_word() -> None:
    text = """
routes:
  stay: [{from: gpt-4o, to: [same, groq/llama]}]
  down: [{from: gpt-4o, to: openai/gpt-4o-mini}]
always: [{route: stay}, {route: down}]
"""

    assert replay(text, [call("a", **BIG)]).did(REROUTED) == []


def test_a_level_that_only_sets_something_moves_nobody() -> None:
    text = limit(100_000, "[block]", ", at: {50%: {route: set}}")
    seen = replay(
        text + "routes: {set: [{from: '*', to: same, set: {temperature: 0}}]}",
        [call(str(n), 60 * n, **BIG) for n in range(2)],
    )

    assert (seen.did(REROUTED), seen.refused) == ([], ["0", "1"])


def test_a_route_is_what_helps_where_no_limit_can_hold_a_call() -> None:
    cost = samples.call("x", nano=170_000).cost
    from msgspec.structs import replace

    unknown = call("a", cost=replace(cost, flags=("unknown_price",)))
    text = limit(10**9, "[clamp, wait 1s, {route: %s}, block]") + ROUTES

    assert replay(text % "down", [unknown]).did(REROUTED) == ["a"]
    assert replay(text % "away", [unknown]).refused == ["a"]


def test_a_window_that_ends_while_a_call_waits_is_left_behind() -> None:
    """An hour's limit is full until one: who comes a second before that waits for the next."""
    text = "limits: [{name: hour, amount: 0.0000015 USD, window: hour, then: [wait 10s, block]}]"
    bound = Amounts(nano=1_400, input_tokens=40, output_tokens=100, requests=1)
    calls = [call("a", after=3_595, seconds=8, nano=100, bound=bound), call("b", after=3_598, seconds=1)]
    seen = replay(text, calls)

    assert (seen.refused, seen.did(WAITED)) == ([], ["b"])
    (purse,) = seen.fates["b"].here.kind.purses
    assert purse.bucket.start_us == NOON_US + 3_600 * SECOND_US
    assert (purse.settled, purse.held) == (COST, 0)


def test_a_call_that_was_clamped_then_is_held_as_it_was_asked_for() -> None:
    """1,000 tokens instead of the 353 that it was clamped to: 647 * 17,000 more, at the dearest rate."""
    clamped = call(
        "a", nano=170_000, action="clamp 353", max_output_tokens=1_000,
        usage=Usage(input_tokens=20, output_tokens=12),
        bound=Amounts(nano=14_994_000, input_tokens=2_116, output_tokens=353, requests=1),
    )  # fmt: skip
    again, roomy = (
        replay(limit(15_000_000, "[clamp, block]"), [clamped]),
        replay(limit(26_000_000, "[block]"), [clamped]),
    )

    assert again.did(CLAMPED) == ["a"]
    assert again.fates["a"].here.load.holds == (14_994_000, 2_469, 2_116, 353, 1)
    assert roomy.fates["a"].here.load.holds[0] == 25_993_000
    assert replay(limit(25_992_999, "[block]"), [clamped]).refused == ["a"]


def test_a_call_that_was_refused_and_moves_comes_to_nothing_there() -> None:
    bound = Amounts(nano=1_400, input_tokens=40, output_tokens=100, requests=1)
    seen = replay(limit(10**6, "[block]") + ROUTES + "always: [{route: down}]", [refused("a", bound=bound)])

    assert seen.did(REROUTED) == ["a"]
    assert seen.fates["a"].here.load.charges == (0, 0, 0, 0, 0)
