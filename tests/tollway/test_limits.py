"""Limits over the whole road: a client, the proxy, the simulator."""

import asyncio
import json

import pytest

from tests.simulator import Cut, Scenario, Usage
from tests.tollway.calls import CLAUDE, GEMINI_SSE, Call
from tests.tollway.limited import ASK, COST, KEY, SLOW, Roads, ask, buckets, limit, roads, settled
from tollway.model import Billing
from tollway.rows import VIOLATED
from tollway.wire.over_limit import CODE

__all__ = ["roads"]


async def test_a_call_that_fits_passes_and_is_told_what_is_left(roads: Roads) -> None:
    """2,116 tokens of input at most, 2,116 * 4,250 + 1,000 * 17,000 = 25,993,000 are held."""
    async with roads(limit("0.05 USD")) as road, road.client() as client:
        answer = await ask(client)

        assert answer.status_code == 200
        assert answer.headers["x-tollway-remaining"] == "day; left=0.05 USD"
        assert await settled(road) == (COST, 0)
        (row,) = await road.rows()
    assert row.limits == ("day",)
    assert row.bound is not None
    assert (row.bound.nano, row.bound.input_tokens, row.bound.output_tokens) == (25_993_000, 2116, 1000)
    assert row.action is None


async def test_a_call_that_does_not_fit_is_clamped_to_what_is_left(roads: Roads) -> None:
    """(15,000,000 - 2,116 * 4,250) / 17,000 = 353.3: the rest of its body stays as it was."""
    async with roads(limit("0.015 USD", "[clamp, block]")) as road, road.client() as client:
        answer = await ask(client)

        assert answer.status_code == 200
        (seen,) = road.sim.seen
        assert seen.body.kept == ASK.content.replace(b'"max_tokens":1000', b'"max_tokens":353')
        (row,) = await road.rows()
    assert (row.action, row.max_output_tokens) == ("clamp 353", 1000)


async def test_what_can_not_be_clamped_far_enough_is_refused_and_leaves_a_row(roads: Roads) -> None:
    async with roads(limit("0.01 USD", "[clamp, block]")) as road, road.client() as client:
        answer = await ask(client)

        assert (answer.status_code, answer.headers["x-should-retry"]) == (429, "false")
        said = (
            'Tollway: the limit "day" has 0.01 USD left of 0.01 USD in any 24 hours, and this call may cost'
        )
        assert answer.json()["error"]["message"].startswith(said)
        assert road.sim.seen == []
        (row,) = await road.rows()
        assert await settled(road) == (0, 0)
    assert (row.state, row.status, row.cost.nano, row.error) == ("done", None, 0, CODE)
    assert (row.limits, row.action) == (("day",), "block by day")


async def test_a_soft_limit_admits_until_it_is_spent(roads: Roads) -> None:
    async with roads(limit("0.00017 USD", enforce="soft")) as road, road.client() as client:
        assert (await ask(client)).status_code == 200
        await road.rows()
        assert (await ask(client)).status_code == 429
        assert await settled(road) == (COST, 0)


async def test_a_soft_limit_counts_what_calls_in_flight_are_likely_to_cost(roads: Roads) -> None:
    """1,000 tokens of output at 10,000 each, and some of input, whatever it may cost at most."""
    large = Call(ASK.host, ASK.path, {**ASK.body, "max_tokens": 16_000})
    async with roads(limit("0.01 USD", enforce="soft")) as road, road.client() as client:
        road.sim.on(ASK.host, ASK.path, Scenario(ttfb=0.5), times=1)
        first = asyncio.ensure_future(ask(client, large))
        await road.sim.wait_for(lambda seen: True)

        assert (await ask(client, large)).status_code == 429
        assert (await first).status_code == 200
        assert await settled(road) == (COST, 0)
        assert (await ask(client, large)).status_code == 200


async def test_a_shadow_limit_only_counts(roads: Roads) -> None:
    async with roads(limit("0.00001 USD", enforce="shadow")) as road, road.client() as client:
        answers = [await ask(client) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert "x-tollway-remaining" not in answers[0].headers
        assert await settled(road) == (2 * COST, 0)


async def test_all_limits_must_admit(roads: Roads) -> None:
    policy = """
limits:
  - {name: wide, amount: 1 USD, window: day, then: [block]}
  - {name: few, amount: 1 requests, window: day, match: {model: "gpt-*"}, then: [block]}
"""
    async with roads(policy) as road, road.client() as client:
        answers = [await ask(client) for _ in range(2)]
        await road.rows()

        assert [answer.status_code for answer in answers] == [200, 429]
        assert {row.bucket.limit: (row.settled, row.held) for row in buckets(road)} == {
            "wide": (COST, 0),
            "few": (1, 0),
        }


async def test_a_route_moves_the_call_to_a_cheaper_model(roads: Roads) -> None:
    policy = """
limits:
  - {name: opus, amount: 1 requests, window: day, match: {model: "*opus*"}, then: [{route: down}, block]}
  - {name: all, per: model, amount: 1 USD, window: day}
routes: {down: [{from: "claude-opus-*", to: anthropic/claude-haiku-4-5}]}
"""
    opus = Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "model": "claude-opus-4-8"})
    async with roads(policy) as road, road.client() as client:
        answers = [await ask(client, opus) for _ in range(2)]
        rows = await road.rows()
        held = {row.bucket.values.get("model"): row.settled for row in buckets(road) if row.bucket.values}

    assert [answer.json()["model"] for answer in answers] == ["claude-opus-4-8", "claude-haiku-4-5"]
    said = "anthropic/claude-opus-4-8 -> anthropic/claude-haiku-4-5"
    assert [answer.headers.get("x-tollway-route") for answer in answers] == [None, said]
    assert [(row.model_asked, row.model) for row in rows] == [
        ("claude-opus-4-8", "claude-opus-4-8"),
        ("claude-opus-4-8", "claude-haiku-4-5"),
    ]
    assert rows[1].action == "route down"
    assert held == {row.model: row.cost.nano for row in rows}


ELSEWHERE = """
limits:
  - {name: openai, amount: 1 requests, window: day, match: {provider: openai}, then: [{route: away}, block]}
routes: {away: [{from: "gpt-*", to: groq/openai/gpt-oss-120b}]}
"""


async def test_a_route_to_another_provider_takes_none_of_the_first_ones_credentials_along(
    roads: Roads,
) -> None:
    policy = ELSEWHERE + "credentials: {groq: {inject: env:GROQ_KEY}}\n"
    more = {"cookie": "session=made-up-key", "openai-organization": "org-1"}
    async with roads(policy) as road, road.client() as client:
        answers = [await ask(client, headers=more) for _ in range(2)]
        rows = await road.rows()
        seen = road.sim.seen[1]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (seen.host, seen.path, seen.model) == (
        "api.groq.com",
        "/openai/v1/chat/completions",
        "openai/gpt-oss-120b",
    )
    assert seen.header("authorization") == "Bearer made-up-groq-key"
    assert "made-up-key" not in str(seen.headers)
    assert not {"cookie", "openai-organization"} & {name.lower() for name, _ in seen.headers}
    assert (rows[1].provider, rows[1].host, rows[1].model) == ("groq", "api.groq.com", "openai/gpt-oss-120b")


async def test_a_target_without_a_credential_is_skipped_with_the_reason(roads: Roads) -> None:
    async with roads(ELSEWHERE) as road, road.client() as client:
        answers = [await ask(client) for _ in range(2)]
        rows = await road.rows()

    assert [answer.status_code for answer in answers] == [200, 429]
    assert rows[1].action is not None
    assert "no credential is known for groq" in rows[1].action


async def test_a_stream_that_has_told_its_input_holds_no_more_for_it(roads: Roads) -> None:
    """Claude: 2,116 tokens at the most, 20 in truth; what may still come are 64 of output."""
    stream = CLAUDE.streamed()
    async with roads(limit("1 USD")) as road, road.client() as client:
        road.sim.scenario = Scenario(interval=0.2)
        async with client.stream("POST", stream.url, content=stream.content, headers=KEY) as answer:
            lines = answer.aiter_lines()
            await anext(lines)
            async with asyncio.timeout(120):
                while buckets(road)[0].held > 64 * 15_000 * 2 + 20 * 3_000 * 3:
                    await asyncio.sleep(0.01)
            assert buckets(road)[0].held >= 64 * 15_000
            async for _ in lines:
                pass
        (row,) = await road.rows()
        assert await settled(road) == (row.cost.nano, 0)


@pytest.mark.parametrize(
    ("scenario", "cost"),
    [
        (Scenario(status=500), 0),
        (Scenario(status=429), 0),
        (Scenario(usage=None), 25_993_000),
        (Scenario(cut=Cut(how="reset")), 25_993_000),
        (Scenario(cut=Cut(how="close", after_bytes=10)), 25_993_000),
    ],
    ids=["failed", "told to wait", "without usage", "reset", "cut"],
)
async def test_what_is_held_is_settled_however_the_call_ends(
    roads: Roads, scenario: Scenario, cost: int
) -> None:
    """At nothing where nothing is billed; at the bound where the provider does not say what it bills."""
    async with roads(limit("1 USD")) as road, road.client() as client:
        road.sim.scenario = scenario
        await asyncio.gather(ask(client), return_exceptions=True)
        await road.call()

        assert await settled(road) == (cost, 0)


async def test_a_client_that_leaves_mid_stream_is_charged_what_the_provider_reports(roads: Roads) -> None:
    """Also where the provider would stop: under a hard limit it is read on to the end."""
    async with roads(limit("1 USD")) as road:
        road.sim.scenario = Scenario(interval=0.05)
        stream = CLAUDE.streamed()
        async with (
            road.client() as client,
            client.stream("POST", stream.url, content=stream.content, headers=KEY) as answer,
        ):
            await anext(answer.aiter_raw())
        row = await road.call()

        assert (row.error, row.usage.output_tokens) == ("abandoned", 12)
        assert await settled(road) == (row.cost.nano, 0)


async def test_a_call_that_costs_more_than_its_bound_is_charged_in_full_and_its_like_refused(
    roads: Roads,
) -> None:
    """The provider claims a million tokens: 2.5 USD."""
    async with roads(limit("10 USD")) as road, road.client() as client:
        road.sim.scenario = Scenario(usage=Usage(input_tokens=1_000_000, output_tokens=0))
        assert (await ask(client)).status_code == 200
        row = await road.call()
        assert (row.cost.nano, VIOLATED in row.cost.flags) == (2_500_000_000, True)
        assert await settled(road) == (2_500_000_000, 0)

        refused = await ask(client)
        assert refused.status_code == 400
        assert "cost more than their bound (alert bound-" in refused.json()["error"]["message"]
        other = Call(ASK.host, ASK.path, {**ASK.body, "model": "gpt-4o-mini"})
        assert (await ask(client, other)).status_code == 200


async def test_a_flat_plan_counts_in_tokens_and_not_in_dollars_and_is_never_changed(roads: Roads) -> None:
    policy = """
limits:
  - {name: money, amount: 0.000001 USD, window: day, then: [clamp, block]}
  - {name: words, amount: 2500 tokens, window: day, then: [clamp, block]}
"""
    plan = {"authorization": "Bearer " + "-".join(("sk", "ant", "oat01", "made" * 5))}
    async with roads(policy) as road, road.client() as client:
        first, second = [
            await client.post(CLAUDE.url, content=CLAUDE.content, headers=plan) for _ in range(2)
        ]
        large = Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "max_tokens": 3000})
        third = await client.post(large.url, content=large.content, headers=plan)
        rows = await road.rows()

    assert [answer.status_code for answer in (first, second, third)] == [200, 200, 429]
    assert [row.limits for row in rows] == [("words",)] * 3
    assert {row.billing for row in rows} == {Billing.NOTIONAL}


async def test_two_proxies_share_what_is_left(roads: Roads) -> None:
    """What one holds the other can't have, and what one frees the other finds."""
    policy = limit("0.03 USD", "[wait 20s, block]")
    async with (
        roads(policy) as one,
        roads(policy) as two,
        one.client() as client,
        two.client() as other,
    ):
        one.sim.scenario = SLOW
        first = asyncio.ensure_future(ask(client))
        await one.sim.wait_for(lambda seen: True)
        second = await ask(other)

        assert ((await first).status_code, second.status_code) == (200, 200)
        await two.rows()
        assert await settled(one) == (2 * COST, 0)


async def test_a_new_limit_knows_what_was_spent_before_it(roads: Roads) -> None:
    async with roads("") as road, road.client() as client:
        await ask(client)
        await road.rows()
    async with roads(limit("0.03 USD")) as road:
        assert await settled(road) == (COST, 0)


async def test_a_network_says_who_calls(roads: Roads) -> None:
    policy = """
identity: [{networks: {127.0.0.0/8: {service: ci, team: platform}}}]
limits: [{name: teams, per: team, amount: 1 USD, window: day}]
"""
    async with roads(policy) as road, road.client() as client:
        await ask(client)
        (row,) = await road.rows()
        (bucket,) = buckets(road)

    assert (row.service, row.team, row.network) == ("ci", "platform", "127.0.0.0/8")
    assert bucket.bucket.values == {"team": "platform"}


async def test_gemini_is_clamped_where_it_looks_for_it(roads: Roads) -> None:
    async with roads(limit("7k tokens", "[clamp, block]")) as road, road.client() as client:
        answer = await ask(client, GEMINI_SSE)
        await answer.aread()

        assert answer.status_code == 200
        (seen,) = road.sim.seen
        assert json.loads(seen.body.kept)["generationConfig"] == {"maxOutputTokens": 4897}
