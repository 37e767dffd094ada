"""Routes that callers ask for, `x-tollway-route: NAME`, over the whole road."""

from typing import Any

import pytest

from tests.tollway.calls import CHAT, CLAUDE, UNKNOWN
from tests.tollway.identified import Roads
from tests.tollway.identity.issuer import signed
from tests.tollway.road import Road

ROUTES = """
routes:
  down: [{from: gpt-4o, to: openai/gpt-4o-mini}, {from: "claude-*", to: anthropic/claude-haiku-4-5}]
  other: [{from: gpt-4o, to: openai/gpt-4.1}]
  nowhere: [{from: "gemini-*", to: openai/gpt-4o}]
"""
MINE = "identity: [{networks: {127.0.0.0/8: {team: research}}}]\n"
MAY = "on_request: [{match: {team: research}, routes: [down, nowhere]}]\n"
POLICY = MINE + MAY + ROUTES
LIMIT = "limits: [{name: day, amount: 100 USD, window: day}]\n"


def asking(route: str) -> dict[str, str]:
    """What a caller sends."""
    return {"x-tollway-route": route}


def asked_for(road: Road) -> list[str]:
    """The models that the provider was asked for."""
    return [one.json["model"] for one in road.sim.seen]


@pytest.mark.parametrize("limit", ["", LIMIT], ids=["no limit", "a limit"])
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_who_may_gets_the_route_that_it_asks_for_in_the_place_of_always(
    roads: Roads, limit: str, http2: bool
) -> None:
    async with roads(f"{POLICY}{limit}always: [{{route: other}}]\n") as road, road.client(http2) as client:
        wished = await client.post(CHAT.url, json=CHAT.body, headers=asking("down"))
        streamed = await client.post(CHAT.url, json=CHAT.streamed().body, headers=asking("down"))
        silent = await client.post(CHAT.url, json=CHAT.body)
        rows = await road.rows()

    assert [answer.status_code for answer in (wished, streamed, silent)] == [200] * 3
    assert asked_for(road) == ["gpt-4o-mini", "gpt-4o-mini", "gpt-4.1"]
    assert wished.headers["x-tollway-route"] == "openai/gpt-4o -> openai/gpt-4o-mini"
    assert [row.action for row in rows] == ["route down on request"] * 2 + ["route other"]
    assert [row.model_asked for row in rows] == ["gpt-4o"] * 3
    assert all(one.header("x-tollway-route") is None for one in road.sim.seen)


@pytest.mark.parametrize("call", [CHAT, CLAUDE], ids=["openai", "anthropic"])
@pytest.mark.parametrize("route", ["other", "not-there"])
async def test_who_may_not_is_refused_as_its_provider_would_and_hears_what_it_may(
    roads: Roads, call: Any, route: str
) -> None:
    """There or not: it is told of no route that is not for it."""
    async with roads(POLICY) as road, road.client() as client:
        answer = await client.post(call.url, json=call.body, headers=asking(route))
        (row,) = await road.rows()

    said = (
        f"Tollway: no route '{route}' may be asked for with this call (x-tollway-route): "
        "there are down, nowhere"
    )
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, said)
    assert answer.headers["x-should-retry"] == "false"
    assert (row.error, row.action, row.cost.nano) == ("route_not_allowed", "block", 0)
    assert road.sim.seen == []


async def test_openais_callers_get_a_code(roads: Roads) -> None:
    async with roads("") as road, road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body, headers=asking("down"))

    assert answer.json()["error"]["code"] == "route_not_allowed"
    assert answer.json()["error"]["message"].endswith("there are none")


async def test_a_wish_that_leads_nowhere_leaves_the_call_to_always(roads: Roads) -> None:
    """So that nobody gets out of that by asking for what does not fit."""
    async with roads(f"{POLICY}always: [{{route: other}}]\n") as road, road.client() as client:
        await client.post(CHAT.url, json=CHAT.body, headers=asking("nowhere"))
        await client.post(CHAT.url, content=b"no JSON", headers=asking("down"))
        rows = await road.rows()

    assert road.sim.seen[0].json["model"] == "gpt-4.1"
    why = "route nowhere on request skipped: no rule of it is about openai/gpt-4o, route other"
    assert [row.action for row in rows] == [
        why,
        "route down on request skipped: no rule of it is about openai/",
    ]


async def test_what_is_signed_or_of_a_subscription_stays(roads: Roads) -> None:
    login = {"authorization": "Bearer " + "sk-ant-" + "oat01-made-up", "anthropic-beta": "oauth-2025-04-20"}
    signature = "Credential=id/20261124/us-east-1/bedrock/aws4_request, SignedHeaders=host"
    aws = {"authorization": f"AWS4-HMAC-SHA256 {signature}, Signature=00"}
    async with roads(POLICY) as road, road.client() as client:
        await client.post(CLAUDE.url, json=CLAUDE.body, headers=login | asking("down"))
        await client.post(CHAT.url, json=CHAT.body, headers=aws | asking("down"))
        rows = await road.rows()

    assert asked_for(road) == ["claude-sonnet-4-5", "gpt-4o"]
    assert [str(row.action).split(":")[0] for row in rows] == ["route down on request skipped"] * 2


async def test_what_nobody_vouches_for_allows_nobody_to_ask(roads: Roads) -> None:
    """A token for a provider may say anything of its bearer."""
    policy = f"identity: [{{provider_token: {{claims: {{team: dep}}}}}}]\nanonymous: allow\n{MAY}{ROUTES}"
    token = {"authorization": f"Bearer {signed({'dep': 'research'})}"}
    async with roads(policy) as road, road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body, headers=token | asking("down"))
        (row,) = await road.rows()

    assert (answer.status_code, row.team, row.error) == (400, "research", "route_not_allowed")


async def test_limits_and_access_rules_are_those_of_where_it_goes(roads: Roads) -> None:
    limits = """
limits:
  - {name: big, match: {model: gpt-4o}, amount: 0 USD, window: day, then: [block]}
  - {name: small, match: {model: gpt-4o-mini}, amount: 1 USD, window: day}
"""
    async with roads(POLICY + limits) as road, road.client() as client:
        answer = await client.post(CHAT.url, json={**CHAT.body, "max_tokens": 16}, headers=asking("down"))
        (row,) = await road.rows()
    assert (answer.status_code, row.limits) == (200, ("small",))

    denied = f"{POLICY}access: [{{deny: {{model: gpt-4o-mini}}}}]\n"
    async with roads(denied) as road, road.client() as client:
        await client.post(CHAT.url, json=CHAT.body, headers=asking("down"))
    assert asked_for(road)[-1] == "gpt-4o"


async def test_a_route_on_request_may_go_by_what_is_left(roads: Roads) -> None:
    policy = f"""{MINE}
limits: [{{name: day, amount: 0 USD, window: day, match: {{model: gpt-4o}}}}]
routes: {{r: [{{from: gpt-4o, when: {{budget.left: under 1%}}, to: openai/gpt-4.1}}]}}
on_request: [{{routes: [r]}}]
"""
    async with roads(policy) as road, road.client() as client:
        await client.post(CHAT.url, json=CHAT.body, headers=asking("r"))

    assert asked_for(road) == ["gpt-4.1"]


async def test_what_nothing_reads_and_what_is_free_passes_as_ever(roads: Roads) -> None:
    """No route moves it, and none is refused."""
    models = "https://api.openai.com/v1/models"
    async with roads("") as road, road.client() as client:
        unknown = await client.post(UNKNOWN.url, json=UNKNOWN.body, headers=asking("down"))
        free = await client.get(models, headers=asking("down"))

    assert 400 not in (unknown.status_code, free.status_code)
    assert len(road.sim.seen) == 2


async def test_no_name_in_the_header_asks_for_nothing(roads: Roads) -> None:
    async with roads("") as road, road.client() as client:
        assert (await client.post(CHAT.url, json=CHAT.body, headers=asking(""))).status_code == 200
