"""Calls in Anthropic's Messages that a route leads to OpenAI's Chat, for tests of the whole road."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from tests.simulator import Simulator, Usage
from tests.tollway.road import Road
from tests.tollway.road import road as running_road

KEYS = {"OPENAI_KEY": "made-up-openai-key", "GROQ_KEY": "made-up-groq-key"}
POLICY = """
version: 1
limits:
  - {name: claude, amount: 1 requests, window: day, match: {provider: anthropic}, then: [route: away, block]}
  - {name: target, amount: AMOUNT, window: day, match: {provider: [openai, groq]}, then: THEN}
routes: {away: [{from: "claude-*", to: TARGET}]}
credentials:
  openai: {inject: env:OPENAI_KEY}
  groq: {inject: env:GROQ_KEY}
"""
MINI = "openai/gpt-5-mini"
BODY = {
    "model": "claude-opus-4-8",
    "max_tokens": 1000,
    "system": [{"type": "text", "text": "be brief", "cache_control": {"type": "ephemeral"}}],
    "messages": [{"role": "user", "content": "say hi"}],
}
OWN_KEY = {
    "x-api-key": "made-up-own-key",
    "anthropic-version": "2023-06-01",
    "anthropic-beta": "context-1m-2025-08-07",
    "accept-encoding": "gzip",
}
SAID = "anthropic/claude-opus-4-8 -> openai/gpt-5-mini"
USED = Usage(input_tokens=50, cache_read_tokens=30, output_tokens=12, reasoning_tokens=4)


@asynccontextmanager
async def moving(
    folder: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch, target: str = MINI, **limit: str
) -> AsyncIterator[tuple[Road, httpx.AsyncClient]]:
    """A proxy whose first call went to Anthropic, so that all others are moved."""
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    policy = POLICY.replace("TARGET", target).replace("AMOUNT", limit.get("amount", "1 USD"))
    async with running_road(folder, sim, policy=policy.replace("THEN", limit.get("then", "[block]"))) as road:
        async with road.client() as client:
            assert (await ask(client)).status_code == 200
            yield road, client


async def ask(client: httpx.AsyncClient, **more: Any) -> httpx.Response:
    """Ask Anthropic."""
    url = "https://api.anthropic.com/v1/messages?beta=true"
    return await client.post(url, json={**BODY, **more}, headers=OWN_KEY)


def chunk(delta: Mapping[str, Any], finish: str | None = None, **more: Any) -> bytes:
    """One of a Chat stream."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "gpt-5-mini"}
    return b"data: " + orjson.dumps({**head, "choices": [choice], **more}) + b"\n\n"


def events(answer: httpx.Response) -> list[dict[str, Any]]:
    """The events of a stream."""
    lines = answer.text.splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
