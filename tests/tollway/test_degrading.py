"""Levels that a call has yet to come to, and how it fares there; test_levels.py has the road."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.admitting import BODY, HOLD, NOW_US, candidate, governing
from tests.tollway.gate import Gate, gate, limit
from tollway.admission import Admitted, TurnedAway
from tollway.budget.bucket import Balance, Enforce
from tollway.degrading import Degrading
from tollway.model import Identity
from tollway.policy.limits import Limits
from tollway.policy.load import load

ROUTES = """
routes:
  down: [{from: gpt-4o, to: openai/gpt-4o-mini}]
  further: [{from: gpt-4o, to: openai/gpt-4.1-nano}, {from: gpt-4o-mini, to: openai/gpt-4.1-nano}]
  away: [{from: gpt-4o, to: groq/x}]
  back: [{from: gpt-4o-mini, to: openai/gpt-4o}]
"""
SMALL = BODY | {"model": "gpt-4o-mini"}


def at(**levels: str) -> str:
    """`at` of a limit: `at(_80="down")`."""
    return "{" + ", ".join(f"{share[1:]}%: {{route: {route}}}" for share, route in levels.items()) + "}"


async def spend(here: Gate, nano: int, id: str = "spent") -> None:
    """Have a call cost so much."""
    await here.settle(await here.admit(id, body=SMALL), nano)


def served(outcome: Admitted | TurnedAway) -> tuple[str | None, tuple[str, ...]]:
    """The model that it went to, and what was done."""
    assert isinstance(outcome, Admitted)
    return outcome.candidate.row.model, outcome.actions


def test_a_limit_without_levels_asks_for_nothing() -> None:
    whole = candidate(governing("limits: [{name: day, amount: 1 USD, window: day}]\n"))

    assert Degrading().wants(whole) is whole.wants


def test_a_call_comes_to_each_level_once_the_highest_first() -> None:
    levels = at(_50="down", _80="further", _90="away")
    text = f"{ROUTES}limits: [{{name: d, amount: 100 requests, window: day, at: {levels}}}]\n"
    whole = candidate(governing(text))
    degrading = Degrading()
    (want,) = degrading.wants(whole)
    balance = Balance(bucket=want.bucket, amount=100, enforce=Enforce.HARD, settled=40, held=40)

    assert want.below == 50
    assert degrading.reached([want], [balance]) == (0,)
    assert [level.route for level in degrading.come_to(whole.limits[0], balance)] == ["further", "down"]
    assert [want.below for want in degrading.wants(whole)] == [90]
    assert degrading.come_to(whole.limits[0], balance) == []
    assert len(degrading.come_to(whole.limits[0], replace(balance, held=50))) == 1
    assert degrading.wants(whole) is whole.wants
    degrading.begin_anew()
    assert [want.below for want in degrading.wants(whole)] == [50]


def test_a_shadow_limit_moves_nobody() -> None:
    levels = at(_1="down")
    text = f"{ROUTES}limits: [{{name: d, amount: 0 USD, window: day, enforce: shadow, at: {levels}}}]\n"
    whole = candidate(governing(text))

    assert Degrading().wants(whole) is whole.wants


@pytest.mark.parametrize("enforce", ["hard", "soft"])
async def test_a_call_takes_the_route_of_a_level_that_is_reached(tmp_path: Path, enforce: str) -> None:
    """To the unit: 800,000,000 of 1,000,000,000 is 80%. In whatever bucket of the limit's."""
    day = limit("1 USD", "block", enforce=enforce, at=at(_80="down"))
    async with gate(tmp_path, day, ROUTES) as here:
        await spend(here, 799_999_999)
        below = await here.admit("below")
        await here.settle(below, 1)
        outcome = await here.admit("there")

    assert served(below) == ("gpt-4o", ())
    assert served(outcome) == ("gpt-4o-mini", ("route down at 80%",))


async def test_what_is_held_counts_too(tmp_path: Path) -> None:
    assert HOLD >= 0.1 * 200_000_000
    async with gate(tmp_path, limit("0.2 USD", "block", at=at(_10="down")), ROUTES) as here:
        first = await here.admit("first")
        second = await here.admit("second")

    assert [served(first), served(second)] == [("gpt-4o", ()), ("gpt-4o-mini", ("route down at 10%",))]


async def test_the_share_is_of_the_amount_with_its_raises(tmp_path: Path) -> None:
    raises = "[{amount: 1 USD, until: 2026-12-31}]"
    day = limit("1 USD", "block", raises=raises, at=at(_50="down"))
    async with gate(tmp_path, day, ROUTES) as here:
        await spend(here, 900_000_000)
        below = await here.admit("below")
        await here.settle(below, 100_000_000)
        outcome = await here.admit("there")

    assert [served(below)[0], served(outcome)[0]] == ["gpt-4o", "gpt-4o-mini"]


async def test_the_highest_level_that_leads_anywhere_holds(tmp_path: Path) -> None:
    levels = at(_50="down", _80="away", _90="further")
    async with gate(tmp_path, limit("1 USD", "block", at=levels), ROUTES) as here:
        await spend(here, 500_000_000)
        half = await here.admit("half")
        await spend(here, 300_000_000, "more")
        skipped = await here.admit("skipped")
        await spend(here, 100_000_000, "yet more")
        most = await here.admit("most")

    assert served(half) == ("gpt-4o-mini", ("route down at 50%",))
    model, actions = served(skipped)
    assert model == "gpt-4o-mini"
    assert actions[0].startswith("route away at 80% skipped: groq/x: no credential")
    assert actions[1:] == ("route down at 50%",)
    assert served(most) == ("gpt-4.1-nano", ("route further at 90%",))


async def test_a_level_whose_route_goes_nowhere_leaves_the_call_as_it_is(tmp_path: Path) -> None:
    """It is clamped, or refused, as if there were none."""
    day = limit("0.015 USD", "clamp, block", at=at(_1="back"))
    async with gate(tmp_path, day, ROUTES) as here:
        await spend(here, 1_000_000)
        outcome = await here.admit("c")

    model, actions = served(outcome)
    assert model == "gpt-4o"
    assert actions == ("route back at 1% skipped: no rule of it is about openai/gpt-4o", "clamp 294")


async def test_levels_of_many_limits_that_lead_nowhere_are_one_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tollway.admission.MOST_TRIES", 2)
    limits = ", ".join(limit("1 USD", "block", name=name, at=at(_1="back")) for name in "abc")
    async with gate(tmp_path, limits, ROUTES) as here:
        await spend(here, 10_000_000)
        outcome = await here.admit("c")

    model, actions = served(outcome)
    assert (model, len(actions)) == ("gpt-4o", 3)


async def test_the_targets_own_limits_hold_and_have_levels_of_their_own(tmp_path: Path) -> None:
    """Which lead on, but not back to where it was."""
    limits = ", ".join(
        (
            limit("1 USD", "block", match="{model: gpt-4o}", at=at(_1="down")),
            limit("1 USD", "block", name="a", match='{model: "*mini"}', at=at(_1="back")),
            limit("1 USD", "block", name="b", match='{model: "*mini"}', at=at(_1="further")),
            limit("0 USD", "block", name="c", match='{model: "*nano"}'),
        )
    )
    async with gate(tmp_path, limits, ROUTES) as here:
        first = await here.admit("first")
        await here.settle(first, 10_000_000)
        await spend(here, 10_000_000)
        outcome = await here.admit("c")

    assert isinstance(outcome, TurnedAway)
    assert outcome.limit.name == "c"
    assert outcome.actions == (
        "route down at 1%",
        "route back at 1% skipped: no rule of it is about openai/gpt-4o-mini",
        "route further at 1%",
        "block by c",
    )


async def test_what_no_limit_can_hold_may_be_where_a_level_leads(tmp_path: Path) -> None:
    """No price of it is known; below the level it is refused for that."""
    body = {**BODY, "model": "unheard-of"}
    more = "routes: {r: [{from: unheard-of, to: openai/gpt-4o-mini}]}"
    async with gate(tmp_path, limit("1 USD", "block", at=at(_50="r")), more) as here:
        below = await here.admit("below", body=body)
        await spend(here, 500_000_000)
        outcome = await here.admit("there", body=body)

    assert isinstance(below, TurnedAway)
    assert below.actions == ("block by day",)
    assert served(outcome) == ("gpt-4o-mini", ("route r at 50%",))


async def test_one_bucket_of_a_limit_is_enough(tmp_path: Path) -> None:
    """Of the two groups of the caller, the one that others of it have spent for."""
    identity = "identity: [{networks: {10.0.0.0/8: {groups: [x, y]}}}]\n"
    day = limit("1 USD", "block", per="group", at=at(_50="down"))
    async with gate(tmp_path, day, identity + ROUTES) as here:
        y = Identity(groups=("y",), verified=True)
        await here.settle(await here.admit("spent", body=SMALL, identity=y), 500_000_000)
        both = await here.admit("both", identity=Identity(groups=("x", "y"), verified=True))
        other = await here.admit("other", identity=Identity(groups=("x",), verified=True))

    assert served(both) == ("gpt-4o-mini", ("route down at 50%",))
    assert served(other) == ("gpt-4o", ())


async def test_the_levels_of_another_policy_are_come_to_anew(tmp_path: Path) -> None:
    """It waited, at 86% of the amount, past a level that leads nowhere; now the level leads on."""
    levels = at(_80="down")
    text = "limits: [{}]\nroutes: {{down: [{{from: {}, to: openai/gpt-4o-mini}}]}}\n"
    day = limit("0.03 USD", "wait 60s, block", at=levels)
    async with gate(tmp_path, day, text.format("", "gpt-5").partition("\n")[2]) as here:
        first = await here.admit("first")
        second = asyncio.ensure_future(here.admit("second"))
        await here.waits()
        policy = load(f"version: 1\n{text.format(day.replace('0.03', '0.031'), 'gpt-4o')}", "p.yaml")
        made = Limits(policy)
        await here.ledger.adopt(made, NOW_US)
        here.policy.swap(policy, made)
        await here.settle(first, 25_000_000)
        outcome = await second

    model, actions = served(outcome)
    assert (model, actions[0].partition(":")[0]) == ("gpt-4o-mini", "route down at 80% skipped")
    assert actions[1:] == ("wait", "route down at 80%")


async def test_who_is_moved_by_a_level_does_not_stand_in_line_for_what_it_leaves(tmp_path: Path) -> None:
    """The first holds 86% of the amount; no route is about the second, which therefore waits."""
    day = limit("0.03 USD", "wait 60s, block", match='{model: ["gpt-4o", "gpt-4.1"]}', at=at(_80="down"))
    async with gate(tmp_path, day, ROUTES) as here:
        first = await here.admit("first")
        second = asyncio.ensure_future(here.admit("second", body=BODY | {"model": "gpt-4.1"}))
        await here.waits()
        third = await here.admit("third")
        waiting = len(here.line)
        await here.settle(first)
        await second

    assert waiting == 1
    assert served(third) == ("gpt-4o-mini", ("route down at 80%",))


CALLS = st.lists(
    st.tuples(st.sampled_from(["gpt-4o", "gpt-4.1"]), st.sampled_from([0, 30, 90, 160]), st.booleans()),
    max_size=12,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calls=CALLS, percent=st.integers(1, 100), enforce=st.sampled_from(["hard", "soft"]))
def test_calls_are_moved_from_the_level_on_and_never_below_it(
    calls: list[tuple[str, int, bool]], percent: int, enforce: str
) -> None:
    """Unless the route leads nowhere, as it does of gpt-4.1. Some stay in flight, with what they hold."""

    async def go(folder: Path) -> None:
        day = limit("0.4 USD", "block", enforce=enforce, at=at(**{f"_{percent}": "down"}))
        async with gate(folder, day, ROUTES) as here:
            for n, (model, cost, ends) in enumerate(calls):
                whole = candidate(here.policy)
                (found,) = await here.ledger.look(whole.wants, NOW_US)
                is_there = (found.settled + found.held) * 100 >= 400_000_000 * percent
                outcome = await here.admit(f"c{n}", body=BODY | {"model": model})
                goes = is_there and model == "gpt-4o"
                assert outcome.candidate.row.model == ("gpt-4o-mini" if goes else model)
                assert any("down" in said for said in outcome.actions) is is_there
                if ends and isinstance(outcome, Admitted):
                    await here.settle(outcome, cost * 1_000_000)

    with TemporaryDirectory() as folder:
        asyncio.run(go(Path(folder)))
