"""Calls go only to models that can take them, over real sockets: limit or not."""

from typing import Any

import pytest

from tests.tollway.calls import CHAT, CLAUDE
from tests.tollway.identified import Roads

POLICY = """
routes:
  fit:
    - {from: gpt-4.1, to: groq/mixtral-8x7b-32768}
    - {from: gpt-4.1, to: groq/llama-3.3-70b-versatile}
    - {from: gpt-4.1, to: openai/gpt-5}
credentials: {groq: {inject: env:GROQ_KEY}}
always: [{route: fit}]
"""
LONG = {**CHAT.body, "model": "gpt-4.1"}
"""To a model that reads a million tokens."""
LIMIT = "limits: [{name: day, amount: 100 USD, window: day}]\n"
WORDS = "the toll road goes on and on "
TOOLS = [{"type": "function", "function": {"name": "x", "parameters": {"type": "object"}}}]
PICTURE = [
    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}]}
]


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_KEY", "made-up")


def talk(tokens: int) -> list[dict[str, str]]:
    """A conversation of about so many tokens, a word each."""
    text = WORDS * (tokens // len(WORDS.split()) // 10)
    return [{"role": ("user", "assistant")[i % 2], "content": text} for i in range(10)]


def asked_for(road: Any) -> list[str]:
    """The models that providers were asked for."""
    return [one.json["model"] for one in road.sim.seen]


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("limit", ["", LIMIT], ids=["no limit", "a limit"])
async def test_a_long_conversation_goes_to_no_model_that_can_not_read_it(roads: Roads, limit: str) -> None:
    """150,000 tokens: more than 32,768, and than 131,072; a short one goes to the first target."""
    async with roads(POLICY + limit) as road, road.client() as client:
        short = await client.post(CHAT.url, json=LONG)
        long = await client.post(CHAT.url, json={**LONG, "messages": talk(150_000)})
        rows = await road.rows()

    assert (short.status_code, long.status_code) == (200, 200)
    assert asked_for(road) == ["mixtral-8x7b-32768", "gpt-5"]
    assert long.headers["x-tollway-route"] == "openai/gpt-4.1 -> openai/gpt-5"
    assert [row.model for row in rows] == ["mixtral-8x7b-32768", "gpt-5"]


@pytest.mark.usefixtures("key")
async def test_where_no_target_can_read_it_a_call_stays_and_the_ledger_says_why(roads: Roads) -> None:
    policy = POLICY.replace("    - {from: gpt-4.1, to: openai/gpt-5}\n", "")
    async with roads(policy) as road, road.client() as client:
        await client.post(CHAT.url, json={**LONG, "messages": talk(150_000)})
        (row,) = await road.rows()

    assert asked_for(road) == ["gpt-4.1"]
    assert row.action is not None
    assert row.action.startswith("route fit skipped: groq/llama-3.3-70b-versatile: it may be 2")
    assert row.action.endswith(" tokens long, and llama-3.3-70b-versatile reads 131072")


@pytest.mark.usefixtures("key")
async def test_pictures_go_to_models_that_see_and_tools_to_those_that_call(roads: Roads) -> None:
    policy = """
routes:
  fit:
    - {from: gpt-4o, to: openai/chatgpt-4o-latest}
    - {from: gpt-4o, to: openai/o3-mini}
    - {from: gpt-4o, to: openai/gpt-4.1}
always: [{route: fit}]
"""
    bodies = [{**CHAT.body, "tools": TOOLS}, {**CHAT.body, "messages": PICTURE, "tools": TOOLS}]
    async with roads(policy) as road, road.client() as client:
        for body in (CHAT.body, *bodies):
            assert (await client.post(CHAT.url, json=body)).status_code == 200

    assert asked_for(road) == ["chatgpt-4o-latest", "o3-mini", "gpt-4.1"]


async def test_a_model_that_does_not_think_answers_without(roads: Roads) -> None:
    policy = """
routes: {down: [{from: "claude-*", to: anthropic/claude-3-5-haiku-20241022}]}
always: [{route: down}]
"""
    body = {**CLAUDE.body, "max_tokens": 4000, "thinking": {"type": "enabled", "budget_tokens": 2000}}
    async with roads(policy) as road, road.client() as client:
        answer = await client.post(CLAUDE.url, json=body)

    assert answer.status_code == 200
    (got,) = [one.json for one in road.sim.seen]
    assert got == {**CLAUDE.body, "model": "claude-3-5-haiku-20241022", "max_tokens": 4000}


async def test_a_picture_makes_no_call_long(roads: Roads) -> None:
    """Its bytes are no text: here a megabyte of them, to a model that reads 128,000 tokens."""
    policy = "routes: {down: [{from: gpt-4.1, to: openai/gpt-4o}]}\nalways: [{route: down}]\n"
    url = "data:image/png;base64," + "A" * 1_000_000
    body = {
        **LONG,
        "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}],
    }
    async with roads(policy) as road, road.client() as client:
        await client.post(CHAT.url, json=body)
        (row,) = await road.rows()

    assert row.model == "gpt-4o"
