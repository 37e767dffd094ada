"""Batches as the official SDKs make and fetch them, over the whole road."""

import json
import secrets
import ssl

import anthropic
import httpx2
import openai

from tests.tollway.calls import CLAUDE
from tests.tollway.identified import Roads
from tests.tollway.road import Road
from tests.tollway.test_batches import HARD, batch_of, chat, lines, standing


def http(road: Road) -> httpx2.AsyncClient:
    """What they call through the proxy with."""
    trust: ssl.SSLContext = road.trust()
    return httpx2.AsyncClient(proxy=road.proxy.url, verify=trust, timeout=60)


async def test_openais(roads: Roads) -> None:
    async with (
        roads(HARD) as road,
        openai.AsyncOpenAI(api_key=secrets.token_hex(8), http_client=http(road), max_retries=0) as client,
    ):
        file = await client.files.create(file=("in.jsonl", lines(chat(), chat())), purpose="batch")
        made = await client.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
        row = await batch_of(road)
        assert row.bound is not None
        assert await standing(road) == (0, row.bound.nano)

        road.sim.batches.finish()
        done = await client.batches.retrieve(made.id)
        assert (done.status, done.output_file_id) == ("completed", f"{made.id}-out")
        results = await client.files.content(str(done.output_file_id))
        assert [json.loads(line)["custom_id"] for line in results.text.splitlines()] == ["r0", "r1"]
        row = await batch_of(road)
        assert (row.state, row.usage.input_tokens, row.usage.output_tokens) == ("done", 40, 24)
        assert await standing(road, 3) == (row.cost.nano, 0)


async def test_anthropics(roads: Roads) -> None:
    async with (
        roads(HARD) as road,
        anthropic.AsyncAnthropic(
            api_key=secrets.token_hex(8), http_client=http(road), max_retries=0
        ) as client,
    ):
        params = anthropic.types.message_create_params.MessageCreateParamsNonStreaming(**CLAUDE.body)  # type: ignore[typeddict-item]
        made = await client.messages.batches.create(requests=[{"custom_id": "a", "params": params}])
        row = await batch_of(road)
        assert row.bound is not None
        assert await standing(road) == (0, row.bound.nano)

        road.sim.batches.finish()
        assert (await client.messages.batches.retrieve(made.id)).processing_status == "ended"
        found = [one.custom_id async for one in await client.messages.batches.results(made.id)]
        assert found == ["a"]
        settled, held = await standing(road, 2)
        row = await batch_of(road)
        assert (row.state, held, settled) == ("done", 0, row.cost.nano)
