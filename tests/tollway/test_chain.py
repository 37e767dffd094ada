"""The road end to end: what a client gets, what the provider gets, what the ledger has."""

import httpx
import pytest

from tests.simulator import Scenario, Usage
from tests.tollway.road import Road
from tollway.model import Billing, Source
from tollway.money import usd

ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": "say hi"}]}
OPENAI = "https://api.openai.com/v1/chat/completions"


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_a_json_call_is_metered_priced_recorded_and_carries_its_cost(road: Road, http2: bool) -> None:
    road.sim.scenario = Scenario(usage=Usage(input_tokens=1000, output_tokens=200))

    async with road.client(http2) as client:
        answer = await client.post(OPENAI, json=ASKED, headers={"authorization": "Bearer made-up"})

    record = await road.call()
    assert answer.status_code == 200
    assert (record.usage.input_tokens, record.usage.output_tokens) == (1000, 200)
    assert record.cost.source is Source.COMPUTED
    assert record.cost.nano > 0
    assert answer.headers["x-tollway-cost"] == usd(record.cost.nano)
    assert answer.headers["x-tollway-call"] == record.id
    assert (record.provider, record.model, record.status) == ("openai", "gpt-4o", 200)
    assert record.billing is Billing.METERED


CLAUDE = "https://api.anthropic.com/v1/messages"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro"
TALK = [{"role": "user", "content": "say hi"}]
PARTS: dict[str, object] = {"contents": [{"role": "user", "parts": [{"text": "say hi"}]}]}

CALLS: dict[str, tuple[str, dict[str, object]]] = {
    "chat": (OPENAI, {"model": "gpt-4o", "messages": TALK}),
    "chat stream": (OPENAI, {"model": "gpt-4o", "messages": TALK, "stream": True}),
    "chat stream with usage": (
        OPENAI,
        {"model": "gpt-4o", "messages": TALK, "stream": True, "stream_options": {"include_usage": True}},
    ),
    "responses": ("https://api.openai.com/v1/responses", {"model": "gpt-5", "input": "say hi"}),
    "responses stream": (
        "https://api.openai.com/v1/responses",
        {"model": "gpt-5", "input": "say hi", "stream": True},
    ),
    "embeddings": (
        "https://api.openai.com/v1/embeddings",
        {"model": "text-embedding-3-small", "input": ["one", "two"]},
    ),
    "messages": (CLAUDE, {"model": "claude-sonnet-4-5", "max_tokens": 64, "messages": TALK}),
    "messages stream": (
        CLAUDE,
        {"model": "claude-sonnet-4-5", "max_tokens": 64, "messages": TALK, "stream": True},
    ),
    "gemini": (f"{GEMINI}:generateContent", PARTS),
    "gemini sse": (f"{GEMINI}:streamGenerateContent?alt=sse", PARTS),
    "gemini array": (f"{GEMINI}:streamGenerateContent", PARTS),
    "code assist": (
        "https://cloudcode-pa.googleapis.com/v1internal:streamGenerateContent?alt=sse",
        {"model": "gemini-2.5-pro", "project": "p", "request": PARTS},
    ),
}


@pytest.mark.parametrize("coding", ["", "gzip", "br", "zstd"])
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("name", CALLS)
async def test_the_client_gets_what_a_direct_connection_gives_and_the_usage_is_metered(
    road: Road, name: str, http2: bool, coding: str
) -> None:
    """Byte for byte (undecoded), and every header but Tollway's own and the date."""
    url, body = CALLS[name]
    road.sim.scenario = Scenario(usage=Usage(input_tokens=50, output_tokens=20), coding=coding, number=7)  # type: ignore[arg-type]
    sent = {"accept-encoding": coding or "identity", "x-api-key": "made-up", "user-agent": "test/1.0"}

    injected = name == "chat stream"
    asked = {**body, "stream_options": {"include_usage": True}} if injected else body
    async with road.direct(http2) as client:
        direct, expected = await raw(client, url, asked, sent)
    async with road.client(http2) as client:
        answer, got = await raw(client, url, body, sent)

    record = await road.call()
    assert record.usage.input_tokens == 50
    assert record.usage.output_tokens == (None if name == "embeddings" else 20)
    assert record.cost.nano > 0
    assert answer.status_code == direct.status_code == 200
    assert answer.http_version == direct.http_version
    if injected:  # usage was asked for, which takes an uncoded stream, and its chunk is kept from the client
        frames = answer_text(direct, expected).split(b"\n\n")
        expected = b"\n\n".join(frame for frame in frames if b'"choices":[]' not in frame)
    assert got == expected
    assert ours_removed(answer, injected) == ours_removed(direct, injected)


async def raw(
    client: httpx.AsyncClient, url: str, body: dict[str, object], headers: dict[str, str]
) -> tuple[httpx.Response, bytes]:
    """An answer and the bytes of its body as they came."""
    async with client.stream("POST", url, json=body, headers=headers) as answer:
        return answer, b"".join([chunk async for chunk in answer.aiter_raw()])


def answer_text(answer: httpx.Response, content: bytes) -> bytes:
    """The body without its coding."""
    return httpx.Response(200, headers=answer.headers, content=content).content


def ours_removed(answer: httpx.Response, injected: bool) -> list[tuple[bytes, bytes]]:
    """The headers of an answer that a direct connection has too."""
    own = {b"x-tollway-call", b"x-tollway-cost", b"date"} | ({b"content-encoding"} if injected else set())
    return [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in own]
