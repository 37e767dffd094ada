"""What rules of routes set, over real sockets: where a call goes elsewhere, and where it stays."""

from typing import Any

import httpx
import orjson
import pytest

from tests.tollway.calls import CHAT, CLAUDE, GEMINI, RESPONSES
from tests.tollway.identified import Roads

LIMIT = "limits: [{name: day, amount: 100 USD, window: day}]\n"
KEPT = '"messages" : [ {"role": "user", "content": "caf\\u00e9  "} ] , "user":"u"'


def seen(road: Any) -> list[Any]:
    """What the providers got."""
    return [one.json for one in road.sim.seen]


@pytest.mark.parametrize("limit", ["", LIMIT], ids=["no limit", "a limit"])
async def test_a_rule_that_leaves_a_call_where_it_is_changes_its_parameters(roads: Roads, limit: str) -> None:
    """And no byte of the rest. The answer tells no route: there was none."""
    policy = (
        "routes: {tune: [{from: gpt-4o, to: same, set: {temperature: 0.2, top_p: drop, seed: 7}}]}\n"
        f"{limit}always: [{{route: tune}}]\n"
    )
    body = f'{{"top_p": 1, "model" : "gpt-4o", {KEPT}}}'.encode()
    async with roads(policy) as road, road.client() as client:
        answer = await client.post(CHAT.url, content=body, headers={"content-type": "application/json"})
        (row,) = await road.rows()
        (got,) = [one.body.kept for one in road.sim.seen]

    assert answer.status_code == 200
    assert "x-tollway-route" not in answer.headers
    assert got == f'{{"seed":7,"temperature":0.2, "model" : "gpt-4o", {KEPT}}}'.encode()
    assert row.action == "route tune, set temperature, top_p, seed"
    assert (row.model_asked, row.model) == ("gpt-4o", "gpt-4o")
    assert row.usage.output_tokens


async def test_a_call_that_is_so_already_goes_as_it_came(roads: Roads) -> None:
    policy = "routes: {tune: [{from: gpt-5, to: same, set: {temperature: 0.2}}]}\nalways: [{route: tune}]\n"
    async with roads(policy) as road, road.client() as client:
        await client.post(RESPONSES.url, json=RESPONSES.body)
        (row,) = await road.rows()
        (got,) = [one.body.kept for one in road.sim.seen]

    assert orjson.loads(got) == RESPONSES.body
    assert row.action == "route tune"


async def test_every_dialect_has_its_own_words(roads: Roads) -> None:
    policy = """
routes:
  thrift:
    - from: "*"
      to: same
      set: {reasoning_effort: low, max_output_tokens: 5000}
always: [{route: thrift}]
"""
    claude = {**CLAUDE.body, "model": "claude-opus-4-8", "max_tokens": 64_000}
    async with roads(policy) as road, road.client() as client:
        for url, body in ((RESPONSES.url, RESPONSES.body), (CLAUDE.url, claude), (GEMINI.url, GEMINI.body)):
            assert (await client.post(url, json=body)).status_code == 200
        rows = await road.rows()

    response, message, gemini = seen(road)
    assert (response["reasoning"], response["max_output_tokens"]) == ({"effort": "low"}, 5000)
    assert (message["output_config"], message["max_tokens"]) == ({"effort": "low"}, 5000)
    assert gemini["generationConfig"] == {
        "maxOutputTokens": 5000, "thinkingConfig": {"thinkingBudget": 1024},
    }  # fmt: skip
    assert [row.max_output_tokens for row in rows] == [5000] * 3


async def test_what_is_held_is_of_the_changed_call(roads: Roads) -> None:
    """A limit that the call would not fit has room for it once it may write less, on a cheaper tier."""
    policy = """
routes: {less: [{from: gpt-5, to: same, set: {service_tier: flex, max_output_tokens: 300}}]}
limits:
  - {name: day, amount: 0.05 USD, window: day, then: [{route: less}, block]}
"""
    async with roads(policy) as road, road.client() as client:
        answer = await client.post(RESPONSES.url, json=RESPONSES.body)
        (row,) = await road.rows()

    assert answer.status_code == 200
    (got,) = seen(road)
    assert (got["service_tier"], got["max_output_tokens"]) == ("flex", 300)
    assert row.action == "route less, set service_tier, max_output_tokens"
    assert row.tier is not None
    assert row.bound is not None
    assert row.bound.output_tokens == 300


async def test_where_it_goes_the_target_gets_them_in_its_own_words(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here a model that refuses a temperature, at a provider that calls its tiers otherwise."""
    monkeypatch.setenv("GROQ_KEY", "made-up")
    policy = """
routes:
  away:
    - from: gpt-4o
      to: groq/openai/gpt-oss-120b
      set: {service_tier: standard, reasoning_effort: minimal}
  up: [{from: gpt-4o-mini, to: openai/gpt-5, set: {temperature: 0.2, max_output_tokens: 700}}]
credentials: {groq: {inject: env:GROQ_KEY}}
always: [{match: {model: gpt-4o}, route: away}, {route: up}]
"""
    async with roads(policy) as road, road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body)
        await client.post(
            CHAT.url, json={**CHAT.body, "model": "gpt-4o-mini", "max_tokens": 900, "temperature": 1}
        )
        rows = await road.rows()

    there, up = seen(road)
    assert there == {
        **CHAT.body, "model": "openai/gpt-oss-120b", "service_tier": "on_demand", "reasoning_effort": "low",
    }  # fmt: skip
    assert up == {**CHAT.body, "model": "gpt-5", "max_completion_tokens": 700}
    assert answer.headers["x-tollway-route"] == "openai/gpt-4o -> groq/openai/gpt-oss-120b"
    assert [row.action for row in rows] == [
        "route away, set reasoning_effort, service_tier",
        "route up, set max_output_tokens",
    ]


async def test_a_target_that_can_not_have_them_is_passed_over_with_the_reason(roads: Roads) -> None:
    policy = """
routes:
  tune:
    - {from: "claude-*", to: anthropic/claude-haiku-4-5, set: {service_tier: flex}}
    - {from: "claude-*", to: anthropic/claude-haiku-4-5, set: {service_tier: standard}}
  bad: [{from: "claude-*", to: same, set: {seed: 1}}]
always: [{route: bad}, {route: tune}]
"""
    async with roads(policy) as road, road.client() as client:
        await client.post(CLAUDE.url, json=CLAUDE.body)
        (row,) = await road.rows()

    assert [(one["model"], one["service_tier"]) for one in seen(road)] == [
        ("claude-haiku-4-5", "standard_only")
    ]
    assert row.action == (
        "route bad skipped: anthropic/claude-sonnet-4-5: set seed: anthropic_messages has none, route tune, "
        "set service_tier"
    )


SIGNED = {"authorization": "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c"}


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        (SIGNED, "it is signed, and a signature covers what would change"),
        ({"authorization": "Bearer " + "sk-ant-" + "oat01-made-up"}, "a flat plan covers it"),
    ],
    ids=["signed", "a flat plan"],
)
async def test_signed_calls_and_those_of_a_flat_plan_are_never_changed(
    roads: Roads, headers: dict[str, str], why: str
) -> None:
    policy = 'routes: {tune: [{from: "*", to: same, set: {max_output_tokens: 9}}]}\nalways: [{route: tune}]\n'
    content = httpx.Request("POST", CLAUDE.url, json=CLAUDE.body).content
    async with roads(policy) as road, road.client() as client:
        await client.post(
            CLAUDE.url, content=content, headers={**headers, "content-type": "application/json"}
        )
        (row,) = await road.rows()
        (got,) = [one.body.kept for one in road.sim.seen]

    assert got == content
    assert row.action == f"route tune skipped: anthropic/claude-sonnet-4-5: {why}"


async def test_a_stream_stays_one_and_a_share_that_stays_is_set_too(roads: Roads) -> None:
    policy = """
routes: {trial: [{from: gpt-4o, split: {100%: openai/same}, set: {max_output_tokens: 9}}]}
always: [{route: trial}]
"""
    async with roads(policy) as road, road.client(http2=True) as client:
        answer = await client.post(CHAT.url, json=CHAT.streamed().body)
        (row,) = await road.rows()

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert seen(road) == [{**CHAT.streamed().body, "max_tokens": 9}]
    assert row.usage.output_tokens
