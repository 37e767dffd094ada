"""Where `always` sends calls, limits or not, over real sockets."""

from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Cut, Scenario
from tests.tollway.calls import CHAT, CLAUDE
from tests.tollway.identified import Roads

ROUTES = """
routes:
  down: [{from: gpt-4o, to: openai/gpt-4o-mini}]
  further: [{from: gpt-4o-mini, to: openai/gpt-4.1-nano}]
  up: [{from: gpt-4o-mini, to: openai/gpt-4o}]
  away: [{from: gpt-4o, to: groq/openai/gpt-oss-120b}]
"""
LIMIT = "limits: [{name: day, amount: 100 USD, window: day}]\n"


def asked_for(road: Any) -> list[str]:
    """The models that the provider was asked for."""
    return [one.json["model"] for one in road.sim.seen]


@pytest.mark.parametrize("limit", ["", LIMIT], ids=["no limit", "a limit"])
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_calls_take_the_route_that_stands_for_them(roads: Roads, limit: str, http2: bool) -> None:
    policy = f"{ROUTES}{limit}always: [{{match: {{operation: chat, model: gpt-*}}, route: down}}]\n"
    async with roads(policy) as road, road.client(http2) as client:
        moved = await client.post(CHAT.url, json=CHAT.body)
        streamed = await client.post(CHAT.url, json=CHAT.streamed().body)
        other = await client.post(CLAUDE.url, json=CLAUDE.body)
        rows = await road.rows()

    assert [answer.status_code for answer in (moved, streamed, other)] == [200, 200, 200]
    assert moved.headers["x-tollway-route"] == "openai/gpt-4o -> openai/gpt-4o-mini"
    assert "x-tollway-route" not in other.headers
    assert asked_for(road) == ["gpt-4o-mini", "gpt-4o-mini", "claude-sonnet-4-5"]
    assert [(row.model_asked, row.model, row.action) for row in rows] == [
        ("gpt-4o", "gpt-4o-mini", "route down"),
        ("gpt-4o", "gpt-4o-mini", "route down"),
        ("claude-sonnet-4-5", "claude-sonnet-4-5", None),
    ]
    assert all(row.usage.output_tokens and row.cost.nano for row in rows)
    assert rows[0].limits == (("day",) if limit else ())


async def test_a_route_that_can_not_be_taken_leads_to_the_next_entry(roads: Roads) -> None:
    """Here the first has no credential for its provider; what was done is in the ledger."""
    policy = f"{ROUTES}always: [{{route: away}}, {{match: {{team: x}}, route: down}}, {{route: down}}]\n"
    async with roads(policy) as road, road.client() as client:
        await client.post(CHAT.url, json=CHAT.body)
        (row,) = await road.rows()

    assert asked_for(road) == ["gpt-4o-mini"]
    assert row.action == (
        "route away skipped: groq/openai/gpt-oss-120b: no credential is known for groq, route down"
    )


async def test_a_call_that_no_entry_is_about_stays_and_nothing_is_said_of_it(roads: Roads) -> None:
    async with roads(f"{ROUTES}always: [{{route: further}}]\n") as road, road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body)
        unread = await client.post(CHAT.url, content=b"no JSON")
        (row, _) = await road.rows()

    assert (answer.status_code, unread.status_code) == (200, 400)  # which is what the provider says to it
    assert (len(road.sim.seen), road.sim.seen[0].json["model"]) == (2, "gpt-4o")
    assert row.action is None


async def test_the_limits_of_where_it_goes_hold_it_and_may_send_it_on(roads: Roads) -> None:
    """But not back to where it came from."""
    limits = """
limits:
  - {name: big, match: {model: gpt-4o}, amount: 0 USD, window: day, then: [block]}
  - name: small
    match: {model: gpt-4o-mini}
    amount: 0 USD
    window: day
    then: [{route: up}, {route: further}]
"""
    policy = f"{ROUTES}{limits}always: [{{route: down}}]\n"
    async with roads(policy) as road, road.client() as client:
        answer = await client.post(CHAT.url, json={**CHAT.body, "max_tokens": 16})
        (row,) = await road.rows()

    assert answer.status_code == 200
    assert asked_for(road) == ["gpt-4.1-nano"]
    assert answer.headers["x-tollway-route"] == "openai/gpt-4o -> openai/gpt-4.1-nano"
    assert (row.model_asked, row.model, row.limits) == ("gpt-4o", "gpt-4.1-nano", ())


async def test_what_access_denies_is_no_target(roads: Roads) -> None:
    policy = f"{ROUTES}access: [{{deny: {{model: gpt-4o-mini}}}}]\nalways: [{{route: down}}]\n"
    async with roads(policy) as road, road.client() as client:
        await client.post(CHAT.url, json=CHAT.body)

    assert asked_for(road) == ["gpt-4o"]


async def test_a_rule_holds_when_its_call_is_as_it_says(roads: Roads) -> None:
    """The first that does; here one is for what has tools, one for streams, and one for the rest."""
    policy = """
routes:
  fit:
    - {from: gpt-4o, when: {tools: true, size: under 1 MB}, to: openai/gpt-4.1}
    - {from: gpt-4o, when: {stream: true, operation: chat, team: {not: "*"}}, to: openai/gpt-4o-mini}
    - {from: gpt-4o, when: {time: ["00:00-12:00", "12:00-00:00"], images: false}, to: openai/gpt-4.1-nano}
always: [{route: fit}]
"""
    tools = [{"type": "function", "function": {"name": "x"}}]
    image = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://x"}}]}]
    bodies: list[dict[str, Any]] = [
        {**CHAT.body, "tools": tools},
        {**CHAT.body, "stream": True},
        CHAT.body,
        {**CHAT.body, "messages": image},
    ]
    async with roads(policy) as road, road.client() as client:
        for body in bodies:
            assert (await client.post(CHAT.url, json=body)).status_code == 200

    assert asked_for(road) == ["gpt-4.1", "gpt-4o-mini", "gpt-4.1-nano", "gpt-4o"]


@pytest.mark.parametrize("small", ["open", "closed"])
async def test_while_the_ledger_is_down_a_call_goes_where_it_goes_as_the_limits_there_say(
    roads: Roads, small: str
) -> None:
    """Not to the model that was asked for, whose own limit would not let it pass."""
    policy = f"""
limits:
  - {{name: big, match: {{model: gpt-4o}}, amount: 1 USD, window: day, store_down: closed}}
  - {{name: small, match: {{model: gpt-4o-mini}}, amount: 1 USD, window: day, store_down: {small}}}
{ROUTES}always: [{{route: down}}]
"""
    async with roads(policy) as road, road.client() as client:
        Path(road.ledger_url.removeprefix("sqlite:")).unlink()
        answer = await client.post(CHAT.url, json=CHAT.body)

    assert (answer.status_code, asked_for(road)) == ((200, ["gpt-4o-mini"]) if small == "open" else (503, []))


@pytest.mark.parametrize(("how", "status"), [(Scenario(), 200), (Scenario(cut=Cut(how="reset")), 502)])
async def test_no_models_name_makes_a_header_of_an_answer(roads: Roads, how: Scenario, status: int) -> None:
    """A caller may call a model as it likes."""
    policy = 'routes: {r: [{from: "*", to: openai/gpt-4o-mini}]}\nalways: [{route: r}]\n'
    async with roads(policy) as road, road.client() as client:
        road.sim.scenario = how
        answer = await client.post(CHAT.url, json={**CHAT.body, "model": "a\r\nset-cookie: x=1"})

    assert (answer.status_code, answer.headers.get("set-cookie")) == (status, None)
    assert answer.headers["x-tollway-route"] == "openai/a??set-cookie: x=1 -> openai/gpt-4o-mini"
