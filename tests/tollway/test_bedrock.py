"""Bedrock on the road: signed requests arrive as they were signed, and answers are metered and priced."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from tests.simulator import Cut, Scenario, Simulator, Usage
from tests.tollway.calls import TALK, Call
from tests.tollway.direct import asked, both_http1, told
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tests.tollway.signed import is_as_signed, signed_lines
from tollway import accounting
from tollway.model import CallRecord, Source
from tollway.model import Usage as Used

HOST = "bedrock-runtime.us-east-1.amazonaws.com"
MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
SAY_HI = {
    "messages": [{"role": "user", "content": [{"text": "say hi"}]}],
    "inferenceConfig": {"maxTokens": 64},
}
CLAUDE = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 64, "messages": TALK}
USAGE = Usage(
    input_tokens=1000, cache_read_tokens=600, cache_write_tokens=300, cache_write_1h_tokens=200,
    output_tokens=70, reasoning_tokens=None,
)  # fmt: skip
USED = {
    "input_tokens": 1000, "cache_read_tokens": 600, "cache_write_tokens": 300, "cache_write_1h_tokens": 200,
    "output_tokens": 70,
}  # fmt: skip
COST = 3_415_500
"""Nano-dollars, at the regional price: 100 * 3,300 + 600 * 330 + 100 * 4,125 + 200 * 6,600 + 70 * 16,500."""


def call(operation: str, body: dict[str, Any], model: str = MODEL) -> Call:
    """A request as botocore sends it: it quotes all of the model's id."""
    return Call(HOST, f"/model/{quote(model, safe='')}/{operation}", body)


CALLS = {
    "Converse": call("converse", SAY_HI),
    "ConverseStream": call("converse-stream", SAY_HI),
    "InvokeModel": call("invoke", CLAUDE),
    "InvokeModelWithResponseStream": call("invoke-with-response-stream", CLAUDE),
}
EACH = pytest.mark.parametrize("name", CALLS)


@pytest.fixture
async def road(tmp_path: Path, home: Path, sim: Simulator) -> AsyncIterator[Road]:
    async with running_road(tmp_path, sim, hosts=(HOST,)) as found:
        yield found


def signed(made: Call) -> bytes:
    """The request with tags for Tollway that its signature covers, as that of a wrapped SDK may."""
    lines = signed_lines(made.host, made.path, made.content, x_tollway_tags="project=apollo")
    return made.http1(*lines)


@EACH
async def test_a_signed_request_reaches_aws_as_it_was_signed(road: Road, name: str) -> None:
    """Byte for byte, with every header, ours included: AWS takes the signature, and reads our tags too."""
    made = CALLS[name]

    pair = await both_http1(road, Scenario(usage=USAGE, number=7), HOST, signed(made))

    assert asked(pair.seen_proxied[0]) == asked(pair.seen_direct[0])
    assert is_as_signed(pair.seen_proxied[0])
    assert pair.seen_proxied[0].raw == made.content
    assert pair.seen_proxied[0].header("x-tollway-tags") == "project=apollo"
    assert told(pair.proxied) == told(pair.direct)
    assert pair.proxied.status == 200
    assert (await road.call()).tags == {"project": "apollo"}


async def test_a_header_of_ours_that_no_signature_covers_stays_here(road: Road) -> None:
    made = CALLS["Converse"]
    lines = signed_lines(HOST, made.path, made.content)

    async with await road.raw(HOST) as raw:
        await raw.send(made.http1(*lines, "x-tollway-tags: project=apollo"))
        assert (await raw.response()).status == 200

    assert is_as_signed(road.sim.seen[0])
    assert road.sim.seen[0].header("x-tollway-tags") is None
    assert (await road.call()).tags == {"project": "apollo"}


async def sent(road: Road, made: Call, scenario: Scenario) -> CallRecord:
    road.sim.scenario = scenario
    async with await road.raw(HOST) as raw:
        await raw.send(signed(made))
        await raw.response()
    return await road.call()


@EACH
async def test_a_call_is_metered_priced_and_in_the_ledger(road: Road, name: str) -> None:
    record = await sent(road, CALLS[name], Scenario(usage=USAGE, number=7))

    assert record.usage.known() == USED
    assert (record.cost.nano, record.cost.source, record.cost.flags) == (COST, Source.COMPUTED, ())
    assert (record.provider, record.operation, record.model) == ("bedrock", "chat", MODEL)
    assert record.stream == ("Stream" in name)
    assert record.max_output_tokens == 64
    assert record.response_id == f"{7:024d}"
    assert record.error is None
    assert await road.rows() == [record]


async def test_headers_count_where_the_body_does_not(road: Road) -> None:
    headers = (("x-amzn-bedrock-input-token-count", "5"), ("x-amzn-bedrock-service-tier", "default"))
    made = call("invoke", {"texts": ["one", "two"], "input_type": "search_query"}, "cohere.embed-english-v3")

    record = await sent(road, made, Scenario(body=b'{"embeddings":[[0.5]],"id":"e"}', headers=headers))

    assert (record.operation, record.usage, record.tier) == ("embeddings", Used(input_tokens=5), "default")


async def test_titans_embeddings_are_counted_and_priced(road: Road) -> None:
    """5 * 20 nano-dollars."""
    made = call("invoke", {"inputText": "Hello, world!"}, "amazon.titan-embed-text-v2:0")

    record = await sent(road, made, Scenario(usage=Usage(input_tokens=5)))

    assert (record.operation, record.usage, record.cost.nano) == ("embeddings", Used(input_tokens=5), 100)


@pytest.mark.parametrize("name", ["ConverseStream", "InvokeModelWithResponseStream"])
@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(usage=USAGE, finish="error", events=40, text="another word "),
        Scenario(usage=USAGE, events=40, text="another word ", cut=Cut(how="reset", after_events=30)),
    ],
    ids=["exception", "cut"],
)
async def test_a_stream_that_breaks_off_is_charged_for_what_came(
    road: Road, name: str, scenario: Scenario
) -> None:
    record = await sent(road, CALLS[name], scenario)

    assert record.cost.source is Source.ESTIMATED
    assert record.error in ("modelStreamErrorException", "cut")
    assert record.usage.output_tokens is not None
    assert 20 <= record.usage.output_tokens < 200


async def test_a_refused_call_costs_nothing_and_is_told_by_its_kind(road: Road) -> None:
    named = (("x-amzn-errortype", "ThrottlingException:http://internal.amazon.com/coral/"),)

    record = await sent(road, CALLS["ConverseStream"], Scenario(status=429, headers=named))

    assert (record.cost.nano, record.status, record.error) == (0, 429, "ThrottlingException")


async def test_counting_tokens_is_free(road: Road) -> None:
    made = call("count-tokens", {"input": {"converse": SAY_HI}})
    async with await road.raw(HOST) as raw:
        await raw.send(signed(made))
        answer = await raw.response()

    assert orjson.loads(answer.body) == {"inputTokens": 20}
    assert is_as_signed(road.sim.seen[0])
    assert await road.rows() == []


async def test_an_error_of_ours_is_one_of_awss(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a call that we can't account for reaches AWS."""
    monkeypatch.setattr(accounting.Accounting, "opened", lambda *_: 1 / 0)
    made = CALLS["Converse"]

    async with await road.raw(HOST) as raw:
        await raw.send(signed(made))
        answer = await raw.response()

    assert answer.status == 503
    assert orjson.loads(answer.body)["__type"] == "ServiceUnavailableException"
    assert list(road.sim.seen) == []
