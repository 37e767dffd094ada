"""Providers with formats or bills of their own, on the road: metered, priced, and in the ledger."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.simulator import Cut, Scenario, Simulator, Usage
from tests.tollway.calls import TALK, Call
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway.model import CallRecord, Kind, Source
from tollway.model import Usage as Used
from tollway.providers.load import load
from tollway.providers.recognise import recognise

LOCAL = "gpu.corp.example"
POLICY = f"""
version: 1
providers:
  - name: ollama
    hosts: [{LOCAL}]
    serves: [{{at: [""], set: ollama}}]
"""
COHERE = Call(
    "api.cohere.com",
    "/v2/chat",
    {"model": "command-r-08-2024", "messages": TALK, "stream": True, "max_tokens": 64},
)
RERANK = Call("api.cohere.com", "/v2/rerank", {"model": "rerank-v4.0-pro", "query": "q", "documents": ["a"]})
OLLAMA = Call("ollama.com", "/api/chat", {"model": "gpt-oss:120b", "messages": TALK})
OCR = Call(
    "api.mistral.ai",
    "/v1/ocr",
    {
        "model": "mistral-ocr-2512",
        "document": {"type": "document_url", "document_url": "https://a.example/b.pdf"},
    },
)
COPILOT = Call("api.githubcopilot.com", "/chat/completions", {"model": "gpt-5-mini", "messages": TALK})
PERPLEXITY = Call(
    "api.perplexity.ai", "/chat/completions", {"model": "sonar", "messages": TALK, "stream": True}
)
USAGE = Usage(input_tokens=1000, output_tokens=200)
HOSTS = tuple({call.host for call in (COHERE, OLLAMA, OCR, COPILOT, PERPLEXITY)})


@pytest.fixture
async def road(tmp_path: Path, home: Path, sim: Simulator) -> AsyncIterator[Road]:
    async with running_road(tmp_path, sim, hosts=(*HOSTS, LOCAL), policy=POLICY) as found:
        yield found


async def answered(road: Road, call: Call, scenario: Scenario) -> bytes:
    """What the client gets."""
    road.sim.scenario = scenario
    async with road.client() as client:
        return (await client.post(call.url, json=call.body)).content


async def metered(road: Road, call: Call, scenario: Scenario) -> CallRecord:
    """The call's row, which the ledger has, too."""
    await answered(road, call, scenario)
    record = await road.call()
    assert await road.rows() == [record]
    return record


async def test_cohere_s_stream_is_billed_by_its_units(road: Road) -> None:
    """1,000 * 150 + 200 * 600 nano-dollars; the 500 tokens of Cohere's own templates cost nothing."""
    record = await metered(road, COHERE, Scenario(usage=USAGE, number=7))

    assert (record.provider, record.operation, record.model) == ("cohere", "chat", "command-r-08-2024")
    assert record.usage == Used(input_tokens=1000, output_tokens=200)
    assert (record.cost.nano, record.cost.source) == (270_000, Source.COMPUTED)
    assert (record.stream, record.max_output_tokens, record.response_id) == (True, 64, f"{7:024d}")
    assert record.error is None


async def test_cohere_s_stream_that_breaks_off_is_estimated(road: Road) -> None:
    """From what it delivered: its usage is in the last message."""
    cut = Scenario(usage=USAGE, events=40, text="another word ", cut=Cut(how="reset", after_events=30))
    road.sim.scenario = cut
    async with await road.raw(COHERE.host) as raw:
        await raw.send(COHERE.http1())
        await raw.response()

    record = await road.call()

    assert record.cost.source is Source.ESTIMATED
    assert record.usage.output_tokens is not None
    assert 20 <= record.usage.output_tokens < 200


async def test_cohere_s_rerank_counts_search_units(road: Road) -> None:
    """And names no model: that of the request is billed."""
    record = await metered(road, RERANK, Scenario(usage=USAGE))

    assert (record.operation, record.model, record.usage) == ("rerank", "rerank-v4.0-pro", Used(requests=1))


async def test_ollama_streams_though_nobody_asked(road: Road) -> None:
    """Line by line, and counts in the last; its plan costs nothing per call."""
    record = await metered(road, OLLAMA, Scenario(usage=USAGE, thinking=2))

    assert (record.provider, record.stream, record.model_served) == ("ollama", True, "gpt-oss:120b")
    assert record.usage == Used(input_tokens=1000, output_tokens=200)
    assert record.cost.nano == 0
    assert record.error is None


async def test_ollama_on_a_machine_of_ones_own_is_a_row_of_the_policy(road: Road) -> None:
    """Over plain HTTP, as it is served."""
    road.sim.scenario = Scenario(usage=USAGE)
    async with road.client() as client:
        answer = await client.post(
            f"http://{LOCAL}/api/generate", json={"model": "qwen3", "prompt": "say hi"}
        )

    record = await road.call()

    assert answer.headers["content-type"] == "application/x-ndjson"
    assert json.loads(answer.text.splitlines()[-1])["done"] is True
    assert (record.operation, record.usage) == ("completion", Used(input_tokens=1000, output_tokens=200))
    assert record.cost.nano == 0


async def test_mistral_s_ocr_is_billed_by_the_page(road: Road) -> None:
    """3 pages at $2 per 1,000."""
    record = await metered(road, OCR, Scenario())

    assert (record.operation, record.model_served) == ("ocr", "mistral-ocr-2512")
    assert record.usage == Used(pages=3)
    assert (record.cost.nano, record.cost.source) == (6_000_000, Source.COMPUTED)


async def test_copilot_s_own_bill_goes_before_any_price(road: Road) -> None:
    """0.42 credits, of a cent each."""
    usage = {"prompt_tokens": 547, "completion_tokens": 42, "total_tokens": 589}
    billed = {"total_nano_aiu": 420_000_000, "token_details": []}
    body = {"id": "c-1", "model": "gpt-5-mini", "choices": [], "usage": usage, "copilot_usage": billed}

    record = await metered(road, COPILOT, Scenario(body=orjson.dumps(body)))

    assert record.usage == Used(input_tokens=547, output_tokens=42)
    assert (record.cost.nano, record.cost.source) == (4_200_000, Source.PROVIDER)


def perplexity(*, whole: bool = True) -> bytes:
    """A stream in its own way: each chunk has the usage so far, and a skeleton of the cost until the last."""
    none = {"input_tokens_cost": 0.0, "output_tokens_cost": 0.0, "total_cost": 0.0}
    cost = {
        "input_tokens_cost": 0.000014,
        "output_tokens_cost": 0.000002,
        "request_cost": 0.005,
        "total_cost": 0.005016,
    }
    said = ["The", " capital"]
    chunks: list[dict[str, Any]] = []
    for i, text in enumerate(said):
        message = {"role": "assistant", "content": "".join(said[: i + 1])}
        usage = {"prompt_tokens": 14, "completion_tokens": i + 1, "total_tokens": 15 + i, "cost": none}
        choice = {"index": 0, "delta": {"content": text}, "message": message, "finish_reason": None}
        chunks.append({"object": "chat.completion.chunk", "choices": [choice], "usage": usage})
    if whole:
        done = {"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 14, "completion_tokens": 2, "total_tokens": 16, "cost": cost}
        chunks.append({"object": "chat.completion.done", "choices": [done], "usage": usage})
    head = {"id": "p-1", "model": "sonar", "created": 1}
    return b"".join(b"data: %s\n\n" % orjson.dumps(head | chunk) for chunk in chunks)


async def test_perplexity_s_last_chunk_has_the_bill(road: Road) -> None:
    """Tokens, and the request's fee."""
    record = await metered(road, PERPLEXITY, Scenario(body=perplexity()))

    assert record.usage == Used(input_tokens=14, output_tokens=2)
    assert (record.cost.nano, record.cost.source) == (5_016_000, Source.PROVIDER)
    assert record.error is None


async def test_perplexity_s_stream_without_its_last_chunk_is_never_free(road: Road) -> None:
    """A skeleton of zeros is no bill."""
    record = await metered(road, PERPLEXITY, Scenario(body=perplexity(whole=False)))

    assert record.cost.source is Source.ESTIMATED
    assert record.cost.nano > 0
    assert record.usage.input_tokens == 14


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        (COHERE, {"message", "code"}),
        (OLLAMA, {"error", "code"}),
        (OCR, {"object", "message", "type", "param", "code"}),
    ],
    ids=["cohere", "ollama", "mistral"],
)
async def test_a_refusal_is_said_as_the_provider_would(
    road: Road, monkeypatch: pytest.MonkeyPatch, call: Call, shape: set[str]
) -> None:
    """Nothing of a call that we can't account for reaches it."""
    monkeypatch.setattr("tollway.accounting.Accounting.opened", lambda *_: 1 / 0)

    body = await answered(road, call, Scenario())

    assert set(orjson.loads(body)) == shape
    assert list(road.sim.seen) == []


def test_the_calls_here_are_read_by_the_package_s_own_table() -> None:
    """No policy is needed for them."""
    for call in (COHERE, RERANK, OLLAMA, OCR, COPILOT, PERPLEXITY):
        found = recognise(load(), call.host, 443, "POST", call.path)
        assert found is not None
        assert found.kind is Kind.INFERENCE
