"""Rules of routes that go by what is left of a budget, over the whole road."""

from pathlib import Path
from typing import Any

import pytest

from tests.tollway.calls import CHAT
from tests.tollway.identified import Roads
from tests.tollway.road import Road
from tollway.ledger.sqlite import SqliteLedger

COST = 170_000
"""Of an answer of gpt-4o, in nano-dollars: a fifth of the month here."""
MONTH = "{name: month, amount: 0.00085 USD, window: month, enforce: soft, then: [block]}"
ROUTES = """
routes:
  saving:
    - {from: gpt-4o, when: {budget.left: under 70%}, to: openai/gpt-4o-mini}
    - {from: gpt-4o, when: {budget.left.month: over 90%}, to: openai/gpt-4.1}
"""


async def models(road: Road, times: int, **more: Any) -> list[str]:
    """The models that calls are answered by, one after the other."""
    async with road.client() as client:
        for _ in range(times):
            assert (await client.post(CHAT.url, json={**CHAT.body, "max_tokens": 16, **more})).is_success
            await road.rows()
    return [one.json["model"] for one in road.sim.seen]


async def test_a_rule_holds_while_so_much_is_left(roads: Roads) -> None:
    """All of it; then 84%; then 64%."""
    async with roads(f"limits: [{MONTH}]\n{ROUTES}always: [{{route: saving}}]\n") as road:
        found = await models(road, 3)
        rows = await road.rows()

    assert found[0] == "gpt-4.1"
    assert found[1:] == ["gpt-4o", "gpt-4o-mini"]
    assert rows[2].action == "route saving"


async def test_without_a_limit_all_is_left(roads: Roads) -> None:
    policy = """
limits: [{name: others, match: {model: "claude-*"}, amount: 0 USD, window: day}]
routes: {r: [{from: gpt-4o, when: {budget.left.others: over 99%, budget.left: over 99%}, to: openai/gpt-4.1}]}
always: [{route: r}]
"""
    async with roads(policy) as road:
        assert await models(road, 1) == ["gpt-4.1"]


async def test_a_shadow_limit_is_asked_only_by_its_name(roads: Roads) -> None:
    policy = """
limits: [{name: seen, amount: 0 USD, window: day, enforce: shadow}]
routes:
  r:
    - {from: gpt-4o, when: {budget.left: under 99%}, to: openai/gpt-4.1}
    - {from: gpt-4o, when: {budget.left.seen: under 1%}, to: openai/gpt-4o-mini}
always: [{route: r}]
"""
    async with roads(policy) as road:
        assert await models(road, 1) == ["gpt-4o-mini"]


@pytest.mark.parametrize("lead", ["then: [{route: tight}, block]", "at: {1%: {route: tight}}"])
async def test_rules_of_a_limits_own_route_know_how_its_buckets_stand(roads: Roads, lead: str) -> None:
    policy = f"""
limits: [{{name: few, amount: 2 requests, window: day, match: {{model: gpt-4o}}, {lead}}}]
routes:
  tight:
    - {{from: gpt-4o, when: {{budget.left: under 1%}}, to: openai/gpt-4o-mini}}
    - {{from: gpt-4o, when: {{budget.left.few: under 51%}}, to: openai/gpt-4.1}}
"""
    async with roads(policy) as road:
        found = await models(road, 3)

    then = "gpt-4o" if "then" in lead else "gpt-4.1"
    assert found == ["gpt-4o", then, "gpt-4o-mini" if "then" in lead else "gpt-4.1"]


async def test_what_no_limit_can_hold_goes_by_it_too(roads: Roads) -> None:
    """It has no known price; where its limit's route leads hangs on what is left."""
    policy = """
limits: [{name: day, amount: 1 USD, window: day, then: [{route: priced}]}]
routes: {priced: [{from: unheard-of, when: {budget.left: over 99%}, to: openai/gpt-4o-mini}]}
"""
    async with roads(policy) as road:
        assert await models(road, 1, model="unheard-of") == ["gpt-4o-mini"]


async def test_the_ledger_is_asked_only_where_a_route_goes_by_it(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = list[int]()
    look = SqliteLedger.look

    def counted(ledger: SqliteLedger, wants: Any, now_us: int) -> Any:
        looks.append(len(wants))
        return look(ledger, wants, now_us)

    monkeypatch.setattr(SqliteLedger, "look", counted)
    policy = f"""limits: [{MONTH}]{ROUTES}
  plain: [{{from: gpt-4o, to: openai/gpt-4.1}}]
always: [{{match: {{operation: embeddings}}, route: saving}}, {{route: plain}}]
"""
    async with roads(policy) as road:
        await models(road, 1)
        assert looks == []
    async with roads(policy.replace("embeddings", "chat")) as road:
        await models(road, 1)
        assert looks == [1]


@pytest.mark.parametrize(("store_down", "status"), [("closed", 503), ("open", 200)])
async def test_where_the_ledger_can_not_be_asked_it_is_as_where_it_can_not_hold(
    roads: Roads, store_down: str, status: int
) -> None:
    policy = f"""
faults: {{store_down: {store_down}}}
limits: [{MONTH}]{ROUTES}
always: [{{route: saving}}]
"""
    async with roads(policy) as road, road.client() as client:
        Path(road.ledger_url.removeprefix("sqlite:")).unlink()
        answer = await client.post(CHAT.url, json=CHAT.body)

    assert answer.status_code == status
    assert [one.json["model"] for one in road.sim.seen] == ["gpt-4o"] * (status == 200)
