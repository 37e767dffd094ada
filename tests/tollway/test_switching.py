"""Conversations with a prompt cache, which routes would move, over real sockets.

A token costs at Opus 4.8 5,000 nano-dollars, 500 read from the cache, 6,250 written to it, and 25,000 of
output; at Haiku 4.5 a fifth of each.
"""

from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from tests.simulator import Scenario, Usage
from tests.tollway.calls import CLAUDE
from tests.tollway.identified import Roads
from tests.tollway.road import Road
from tollway import clock
from tollway.budget.bucket import Enforce
from tollway.hooks.budget import Budget
from tollway.ledger.open import open_books
from tollway.model import CallRecord
from tollway.money import usd
from tollway.policy.load import load
from tollway.proxy import put_in_force
from tollway.routing.share import point

OPUS, HAIKU, SONNET = "claude-opus-4-8", "claude-haiku-4-5", "claude-sonnet-4-5"
FIRST = Usage(input_tokens=20_000, cache_write_tokens=18_000, output_tokens=10)
"""What the first turn reports: 18,000 tokens are in the cache by then."""
ASKED = "Why is the toll road not the shortest? " * 620
"""24,000 bytes: no fewer than what is reported has tokens."""
ROUTES = f"""
routes:
  down: [{{from: claude-opus-*, to: anthropic/{HAIKU}}}]
  long: [{{from: claude-opus-*, when: {{size: over 25 KB}}, to: anthropic/{HAIKU}}}]
"""
DOWN = f"{ROUTES}always: [{{route: down}}]\n"
LONG = f"{ROUTES}always: [{{route: long}}]\n"
NEVER = LONG.replace("25 KB", "5 MB")
Body = dict[str, Any]


def turn(number: int, session: str = "one-one-one", model: str = OPUS) -> Body:
    """The conversation up to its turn of this number, which grows by 1,000 bytes or so each time."""
    messages: list[Body] = [{"role": "user", "content": ASKED}]
    for i in range(1, number):
        messages += [{"role": "assistant", "content": "Since."}, {"role": "user", "content": "?" * (960 + i)}]
    last = {"type": "text", "text": messages[-1]["content"], "cache_control": {"type": "ephemeral"}}
    messages[-1] = {"role": "user", "content": [last]}
    user = f"user_{'ab' * 32}_account__session_{session}"
    return {"model": model, "max_tokens": 64, "metadata": {"user_id": user}, "messages": messages}


async def say(road: Road, client: httpx.AsyncClient, body: Body, usage: Usage = FIRST) -> str:
    """Make a call whose answer reports this usage. The model that the provider was asked for."""
    road.sim.scenario = Scenario(usage=usage)
    answer = await client.post(CLAUDE.url, json=body)
    assert answer.status_code == 200, answer.text
    model: str = road.sim.seen[-1].json["model"]
    return model


def bytes_of(client: httpx.AsyncClient, body: Body) -> int:
    """Those of the request that has this body."""
    return len(client.build_request("POST", CLAUDE.url, json=body).content)


async def reload(road: Road, policy: str) -> None:
    """Put another policy in force."""
    budget = road.step(Budget)
    await put_in_force(load(f"version: 1\n{policy}", "test.yaml"), budget.governing, budget.ledger)


def waits(loses: int, saves: int, target: str = HAIKU) -> str:
    """What the ledger says of a switch that waits."""
    return f"anthropic/{target} would lose {usd(loses)} USD of cache reads and save {usd(saves)} USD"


async def actions(road: Road) -> list[str | None]:
    """What was done to each call, in their order."""
    return [row.action for row in await road.rows()]


@pytest.mark.parametrize("stream", [False, True])
async def test_a_switch_that_loses_more_than_it_saves_waits_for_the_next_conversation(
    roads: Roads, stream: bool
) -> None:
    """Of the second turn, 18,000 tokens are in the cache, 2,000 were not, and what is new is a quarter of its
    bytes: all of it is written anew at Haiku, and all but the cached is written at Opus."""
    one, two, other = turn(1), turn(2), turn(2, session="two-two-two")
    bodies = [{**body, "stream": stream} for body in (one, two, other)]
    async with roads(LONG) as road, road.client() as client:
        models = [await say(road, client, body) for body in bodies]
        _, waited, moved = await actions(road)
        new = -(-(bytes_of(client, two) - bytes_of(client, one)) // 4)

    assert models == [OPUS, OPUS, HAIKU]
    whole = 18_000 + 2_000 + new
    staying = 18_000 * 500 + (whole - 18_000) * 6_250 + 64 * 25_000
    going = whole * 1_250 + 64 * 5_000
    loses, saves = 18_000 * (6_250 - 500), whole * (6_250 - 1_250) + 64 * (25_000 - 5_000)
    assert loses - saves == going - staying > 0
    assert (waited, moved) == (f"route long waits: {waits(loses, saves)}", "route long")


async def test_it_waits_turn_after_turn_and_is_made_once_it_saves_more(roads: Roads) -> None:
    """The third turn finds a thousand tokens in the cache alone: the provider has forgotten the others."""
    grown = Usage(input_tokens=20_300, cache_read_tokens=18_000, cache_write_tokens=2_200)
    forgotten = Usage(input_tokens=20_600, cache_read_tokens=1_000)
    async with roads(LONG) as road, road.client() as client:
        models = [
            await say(road, client, turn(number), usage)
            for number, usage in enumerate((FIRST, grown, forgotten, FIRST), 1)
        ]

    assert models == [OPUS, OPUS, OPUS, HAIKU]


@pytest.mark.parametrize(
    ("changed", "usage"),
    [
        ({"messages": [{"role": "user", "content": "In short: " + ASKED + ASKED}]}, FIRST),
        ({"system": "You are another."}, FIRST),
        ({}, Usage(input_tokens=20_000)),
    ],
    ids=["compacted", "another agent of the session", "nothing is cached"],
)
async def test_what_goes_on_from_no_cache_is_moved_at_once(roads: Roads, changed: Body, usage: Usage) -> None:
    async with roads(LONG) as road, road.client() as client:
        models = [await say(road, client, turn(1), usage), await say(road, client, turn(2) | changed)]

    assert models == [OPUS, HAIKU]


async def test_a_rule_may_ignore_the_cache(roads: Roads) -> None:
    policy = LONG.replace("25 KB},", "25 KB}, cache: ignore,")
    async with roads(policy) as road, road.client() as client:
        models = [await say(road, client, turn(1)), await say(road, client, turn(2))]
        _, moved = await actions(road)

    assert (models, moved) == ([OPUS, HAIKU], "route long")


async def test_where_one_target_of_a_rule_loses_another_may_save(roads: Roads) -> None:
    """What is new are some 800 tokens: enough for Haiku, not for Sonnet, in whose share it is."""
    to = f"split: [{{50%: anthropic/{SONNET}}}, {{50%: anthropic/{HAIKU}}}]"
    policy = LONG.replace(f"to: anthropic/{HAIKU}", to)
    row = CallRecord(id="", state="open", started_us=0)
    sessions = [f"many-{i:04}" for i in range(99)]
    session = next(one for one in sessions if point("long", replace(row, session=one)) >= 50)
    longer = turn(2, session)
    longer["messages"][-1]["content"][0]["text"] = "?" * 3_000
    async with roads(policy) as road, road.client() as client:
        models = [await say(road, client, body) for body in (turn(1, session), longer)]
        started = await say(road, client, turn(2, session) | {"system": "You are another."})

    assert (models, started) == ([OPUS, HAIKU], SONNET)


async def test_a_conversation_that_was_moved_stays_there_when_its_rule_holds_no_longer(roads: Roads) -> None:
    """It loses 18,000 * (1,250 - 100) at Haiku, and Opus is dearer. The next conversation is not moved."""
    one, two = turn(1), turn(2)
    async with roads(DOWN) as road, road.client() as client:
        models = [await say(road, client, one)]
        await reload(road, NEVER)
        models += [await say(road, client, two), await say(road, client, turn(2, session="two-two-two"))]
        _, stayed, _ = await actions(road)
        whole = 20_000 + -(-(bytes_of(client, two) - bytes_of(client, one)) // 4)

    assert models == [HAIKU, HAIKU, OPUS]
    saves = -(whole * (6_250 - 1_250) + 64 * (25_000 - 5_000))
    why = f"stays where a route sent it: {waits(18_000 * (1_250 - 100), saves, OPUS)}"
    assert stayed == why


@pytest.mark.parametrize(
    "policy",
    ["", DOWN.replace(HAIKU, SONNET), NEVER.replace("MB},", "MB}, cache: ignore,")],
    ids=["no routes", "another target", "whatever it loses"],
)
async def test_it_does_not_stay_where_no_rule_would_send_it(roads: Roads, policy: str) -> None:
    async with roads(DOWN) as road, road.client() as client:
        before = await say(road, client, turn(1))
        await reload(road, policy)
        after = await say(road, client, turn(2))

    assert before == HAIKU
    assert after == (SONNET if SONNET in policy else OPUS)


OPUS_DAY = "{name: opus, match: {model: claude-opus-*}, window: day, amount: %s, then: [%s]}"


@pytest.mark.parametrize("then", ["block", "{route: down}, block", "clamp, wait 20s, block"])
async def test_what_a_hard_limit_refuses_is_moved_whatever_it_loses(roads: Roads, then: str) -> None:
    """The first turn costs 122,750,000 of it; the second may cost twice what is left."""
    policy = f"{LONG}limits: [{OPUS_DAY % ('0.2 USD', then)}]\n"
    async with roads(policy) as road, road.client() as client:
        models = [await say(road, client, turn(1)), await say(road, client, turn(2))]
        _, moved = await actions(road)

    assert models == [OPUS, HAIKU]
    assert moved is not None
    assert moved.startswith("route long waits: ")
    assert moved.endswith(", route long")


async def test_a_hard_limits_own_route_is_taken_whatever_it_loses(roads: Roads) -> None:
    policy = f"{ROUTES}limits: [{OPUS_DAY % ('0.2 USD', '{route: down}, block')}]\n"
    async with roads(policy) as road, road.client() as client:
        models = [await say(road, client, turn(1)), await say(road, client, turn(2))]

    assert models == [OPUS, HAIKU]


async def test_a_soft_limit_that_is_spent_lets_a_conversation_end_where_it_is(roads: Roads) -> None:
    """It is moved with the next one; another limit of the call, which is hard, still holds it."""
    soft = OPUS_DAY.replace("then", "enforce: soft, then") % ("0.1 USD", "{route: down}, block")
    hard = "{name: all, window: day, amount: 5 USD, then: [clamp, block]}"
    async with roads(f"{ROUTES}limits: [{soft}, {hard}]\n") as road, road.client() as client:
        models = [await say(road, client, body) for body in (turn(1), turn(2), turn(3))]
        models.append(await say(road, client, turn(2, session="two-two-two")))
        rows = await road.rows()
        books = open_books(road.ledger_url)
        enforced = {row.bucket.limit: row.enforce for row in books.buckets(clock.now_us())}
        books.close()

    assert models == [OPUS, OPUS, OPUS, HAIKU]
    assert [(row.action or "").partition(":")[0] for row in rows] == [
        "", *("route down waits",) * 2, "route down"
    ]  # fmt: skip
    assert [row.limits for row in rows] == [("opus", "all")] * 3 + [("all",)]
    assert enforced == {"opus": Enforce.SOFT, "all": Enforce.HARD}


async def test_what_can_not_be_held_where_it_is_goes_where_it_would(roads: Roads) -> None:
    """A hard limit holds no search without a cap."""
    search = {"tools": [{"type": "web_search_20250305", "name": "web_search"}]}
    policy = f"{LONG}limits: [{OPUS_DAY % ('50 USD', 'block')}]\n"
    async with roads(LONG) as road, road.client() as client:
        models = [await say(road, client, turn(1) | search)]
        await reload(road, policy)
        models.append(await say(road, client, turn(2) | search))

    assert models == [OPUS, HAIKU]


async def test_what_would_be_refused_where_it_stays_goes_back(roads: Roads) -> None:
    limit = "{name: haiku, match: {model: claude-haiku-*}, window: day, amount: 0 USD, then: [block]}"
    async with roads(DOWN) as road, road.client() as client:
        models = [await say(road, client, turn(1))]
        await reload(road, f"{NEVER}limits: [{limit}]\n")
        models.append(await say(road, client, turn(2)))
        _, back = await actions(road)

    assert models == [HAIKU, OPUS]
    assert back is not None
    assert back.endswith(", goes back")


async def test_what_is_refused_where_its_route_leads_is_refused(roads: Roads) -> None:
    limit = "{name: haiku, match: {model: claude-haiku-*}, window: day, amount: 0.05 USD, then: [block]}"
    async with roads(f"{DOWN}limits: [{limit}]\n") as road, road.client() as client:
        assert await say(road, client, turn(1)) == HAIKU
        refused = await client.post(CLAUDE.url, json=turn(2))

    assert refused.status_code == 429


async def test_a_soft_limit_that_blocks_leaves_the_route_open(roads: Roads) -> None:
    """Rather than be refused, a conversation takes the route that would lose more than it saves."""
    soft = OPUS_DAY.replace("then", "enforce: soft, then") % ("0.1 USD", "block")
    async with roads(f"{LONG}limits: [{soft}]\n") as road, road.client() as client:
        models = [await say(road, client, turn(1)), await say(road, client, turn(2))]

    assert models == [OPUS, HAIKU]


async def test_who_has_no_route_is_refused_as_ever(roads: Roads) -> None:
    soft = OPUS_DAY.replace("then", "enforce: soft, then") % ("0.1 USD", "block")
    policy = f"{DOWN.replace('claude-opus', 'claude-sonnet')}limits: [{soft}]\n"
    async with roads(policy) as road, road.client() as client:
        await say(road, client, turn(1))
        refused = await client.post(CLAUDE.url, json=turn(2))

    assert refused.status_code == 429


async def test_who_asked_for_a_route_is_clamped_where_it_leads_and_not_sent_back(roads: Roads) -> None:
    """Its conversation has its cache at Opus, which it asked to leave."""
    limit = (
        "{name: haiku, match: {model: claude-haiku-*}, window: day, amount: 0.05 USD, then: [clamp, block]}"
    )
    policy = f"{NEVER}limits: [{limit}]\non_request: [{{routes: [down]}}]\n"
    async with roads(policy) as road, road.client() as client:
        await say(road, client, turn(1))
        body, asking = turn(2) | {"max_tokens": 20_000}, {"x-tollway-route": "down"}
        answer = await client.post(CLAUDE.url, json=body, headers=asking)
        _, clamped = await actions(road)

    assert (answer.status_code, road.sim.seen[-1].json["model"]) == (200, HAIKU)
    assert clamped is not None
    assert clamped.startswith("route down on request, clamp ")


def level(amount: str, then: str, enforce: str = "hard") -> str:
    """A limit of Opus that degrades long before it refuses."""
    return OPUS_DAY.replace("then", f"enforce: {enforce}, at: {{5%%: {{route: down}}}}, then") % (
        amount,
        then,
    )


async def test_the_route_of_a_level_waits_for_a_conversations_end(roads: Roads) -> None:
    """Of a policy that has no other route: where its cache is was learned from the first turn on."""
    async with roads(f"{ROUTES}limits: [{level('2 USD', 'block')}]\n") as road, road.client() as client:
        models = [await say(road, client, body) for body in (turn(1), turn(2), turn(3))]
        models.append(await say(road, client, turn(2, session="two-two-two")))
        done = await actions(road)

    assert models == [OPUS, OPUS, OPUS, HAIKU]
    assert [(action or "").partition(":")[0] for action in done] == [
        "", *("route down at 5% waits",) * 2, "route down at 5%"
    ]  # fmt: skip


@pytest.mark.parametrize("then", ["block", "clamp, wait 20s, block"])
async def test_a_level_that_waits_is_taken_before_a_hard_limit_refuses(roads: Roads, then: str) -> None:
    async with roads(f"{ROUTES}limits: [{level('0.2 USD', then)}]\n") as road, road.client() as client:
        models = [await say(road, client, turn(1)), await say(road, client, turn(2))]
        _, moved = await actions(road)

    assert models == [OPUS, HAIKU]
    assert moved is not None
    assert moved.endswith(", route down at 5%")


async def test_a_level_that_waits_is_taken_before_a_soft_limit_refuses(roads: Roads) -> None:
    policy = f"{ROUTES}limits: [{level('0.1 USD', 'block', 'soft')}]\n"
    async with roads(policy) as road, road.client() as client:
        models = [await say(road, client, turn(1)), await say(road, client, turn(2))]

    assert models == [OPUS, HAIKU]


async def test_a_level_that_waits_is_taken_by_what_no_limit_can_hold(roads: Roads) -> None:
    """A search without a cap, of which the first turn meets no limit yet."""
    search = {"tools": [{"type": "web_search_20250305", "name": "web_search"}]}
    async with roads(NEVER) as road, road.client() as client:
        models = [await say(road, client, turn(1) | search)]
        await reload(road, f"{ROUTES}limits: [{level('2 USD', 'block')}]\n")
        models.append(await say(road, client, turn(2) | search))
        _, moved = await actions(road)

    assert models == [OPUS, HAIKU]
    assert moved is not None
    assert moved.endswith(", route down at 5%")
