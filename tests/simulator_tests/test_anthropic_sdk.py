"""The official Anthropic SDK understands every answer, over HTTP/1.1 and HTTP/2."""

import secrets
import ssl
from collections.abc import AsyncIterator

import anthropic
import httpx2
import pytest

from tests.simulator import Iteration, Scenario, Simulator, Usage

USAGE = Usage(
    input_tokens=1000,
    cache_read_tokens=600,
    cache_write_tokens=300,
    cache_write_1h_tokens=200,
    output_tokens=70,
    reasoning_tokens=30,
    web_searches=2,
)
MESSAGES: list[anthropic.types.MessageParam] = [{"role": "user", "content": "Hello"}]


@pytest.fixture(params=["HTTP/1.1", "HTTP/2"])
async def client(
    sim: Simulator, trust: ssl.SSLContext, request: pytest.FixtureRequest
) -> AsyncIterator[anthropic.AsyncAnthropic]:
    http = httpx2.AsyncClient(verify=trust, http2=request.param == "HTTP/2")
    async with anthropic.AsyncAnthropic(
        api_key=secrets.token_hex(8),
        base_url=f"https://localhost:{sim.port}",
        http_client=http,
        max_retries=0,
    ) as client:
        yield client
    assert {seen.protocol for seen in sim.seen} == {request.param}
    assert not any(seen.fault for seen in sim.seen)


async def test_a_message_carries_text_and_usage(client: anthropic.AsyncAnthropic, sim: Simulator) -> None:
    sim.scenario = Scenario(usage=USAGE, events=3)

    message = await client.messages.create(model="claude-x", max_tokens=100, messages=MESSAGES)

    assert [b.text for b in message.content if b.type == "text"] == ["The simulator answers"]
    _check(message.usage)
    assert message.usage.cache_creation is not None
    assert message.usage.cache_creation.ephemeral_5m_input_tokens == 100
    assert message.usage.cache_creation.ephemeral_1h_input_tokens == 200


async def test_a_stream_is_assembled_by_the_sdk(client: anthropic.AsyncAnthropic, sim: Simulator) -> None:
    sim.scenario = Scenario(usage=USAGE, events=5, thinking=3)

    async with client.messages.stream(model="claude-x", max_tokens=100, messages=MESSAGES) as stream:
        texts = [text async for text in stream.text_stream]
        message = await stream.get_final_message()

    assert "".join(texts) == "The simulator answers with the"
    assert [block.type for block in message.content] == ["thinking", "text"]
    assert message.stop_reason == "end_turn"
    _check(message.usage)


async def test_iterations_reach_the_beta_client(client: anthropic.AsyncAnthropic, sim: Simulator) -> None:
    entries = (
        Iteration(input_tokens=10, output_tokens=2),
        Iteration(type="advisor_message", model="claude-advisor", input_tokens=30, output_tokens=4),
    )
    sim.scenario = Scenario(usage=Usage(input_tokens=10, output_tokens=2, iterations=entries))

    message = await client.beta.messages.create(
        model="claude-x", max_tokens=100, messages=[{"role": "user", "content": "Hello"}]
    )

    assert message.usage.iterations is not None
    assert [entry.type for entry in message.usage.iterations] == ["message", "advisor_message"]


async def test_tokens_are_counted(client: anthropic.AsyncAnthropic, sim: Simulator) -> None:
    sim.scenario = Scenario(usage=Usage(input_tokens=77))

    count = await client.messages.count_tokens(model="claude-x", messages=MESSAGES)

    assert count.input_tokens == 77


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, anthropic.BadRequestError),
        (401, anthropic.AuthenticationError),
        (429, anthropic.RateLimitError),
        (529, anthropic.InternalServerError),
    ],
)
async def test_errors_are_the_sdks_own(
    client: anthropic.AsyncAnthropic, sim: Simulator, status: int, error: type[anthropic.APIStatusError]
) -> None:
    sim.scenario = Scenario(status=status, message="Simulated.")

    with pytest.raises(error, match=r"Simulated\."):
        await client.messages.create(model="claude-x", max_tokens=100, messages=MESSAGES)


async def test_an_error_event_in_a_stream_raises(client: anthropic.AsyncAnthropic, sim: Simulator) -> None:
    sim.scenario = Scenario(finish="error", message="Overloaded, simulated.")

    stream = await client.messages.create(model="c", max_tokens=100, messages=MESSAGES, stream=True)

    with pytest.raises(anthropic.APIStatusError, match=r"Overloaded, simulated\."):
        _ = [event async for event in stream]


def _check(usage: anthropic.types.Usage) -> None:
    assert usage.input_tokens == 100
    assert usage.cache_read_input_tokens == 600
    assert usage.cache_creation_input_tokens == 300
    assert usage.output_tokens == 70
    assert usage.server_tool_use is not None
    assert usage.server_tool_use.web_search_requests == 2
