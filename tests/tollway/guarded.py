"""Requests that have something in them, and what left of them."""

import base64
from typing import Any

import httpx

from tests.tollway.calls import CHAT, GEMINI, RESPONSES, Call
from tests.tollway.road import Road

KEYS = "guardrails: [{name: no-keys, find: secrets, do: block}]"
WORDS = "guardrails: [{{name: codenames, words: [bluebird], do: {}}}]"
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(200))).decode()
LOGIN = {"authorization": "Bearer " + "sk-ant-" + "oat01-made-up", "anthropic-beta": "oauth-2025-04-20"}


def saying(text: str, call: Call = CHAT, **members: Any) -> Call:
    """A call that says a text, and says it to the provider's dialect."""
    said: dict[str, Any] = {"role": "user", "content": text}
    if call is GEMINI:
        parts = {"contents": [{"role": "user", "parts": [{"text": text}]}]}
        return Call(call.host, call.path, {**call.body, **parts, **members})
    if call is RESPONSES:
        return Call(call.host, call.path, {**call.body, "input": text, **members})
    return Call(call.host, call.path, {**call.body, "messages": [said], **members})


async def post(client: httpx.AsyncClient, call: Call, **headers: str) -> httpx.Response:
    return await client.post(call.url, content=call.content, headers=headers)


def sent(road: Road, number: int = -1) -> bytes:
    """The body that a provider got."""
    return road.sim.seen[number].body.kept
