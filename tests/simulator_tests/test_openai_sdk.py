"""The official OpenAI SDK understands every answer, over HTTP/1.1 and HTTP/2."""

import secrets
import ssl
from collections.abc import AsyncIterator

import httpx2
import openai
import pytest

from tests.simulator import Cut, Scenario, Simulator, Usage

USAGE = Usage(input_tokens=1000, cache_read_tokens=600, output_tokens=70, reasoning_tokens=30)
MESSAGES: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": "Hello"}]


@pytest.fixture(params=["HTTP/1.1", "HTTP/2"])
async def client(
    sim: Simulator, trust: ssl.SSLContext, request: pytest.FixtureRequest
) -> AsyncIterator[openai.AsyncOpenAI]:
    http = httpx2.AsyncClient(verify=trust, http2=request.param == "HTTP/2")
    async with openai.AsyncOpenAI(
        api_key=secrets.token_hex(8),
        base_url=f"https://localhost:{sim.port}/v1",
        http_client=http,
        max_retries=0,
    ) as client:
        yield client
    assert {seen.protocol for seen in sim.seen} == {request.param}
    assert not any(seen.fault for seen in sim.seen)


async def test_chat_json_carries_text_and_usage(client: openai.AsyncOpenAI, sim: Simulator) -> None:
    sim.scenario = Scenario(usage=USAGE, events=3)

    answer = await client.chat.completions.create(model="gpt-5", messages=MESSAGES)

    assert answer.choices[0].message.content == "The simulator answers"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (1000, 70)
    assert answer.usage.prompt_tokens_details is not None
    assert answer.usage.prompt_tokens_details.cached_tokens == 600
    assert (sim.seen[0].model, sim.seen[0].json["messages"]) == ("gpt-5", MESSAGES)


async def test_chat_stream_reports_usage_only_when_asked(client: openai.AsyncOpenAI, sim: Simulator) -> None:
    sim.scenario = Scenario(usage=USAGE, events=4, text=" hello")

    silent = [
        c async for c in await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
    ]
    asked = [
        chunk
        async for chunk in await client.chat.completions.create(
            model="m", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
        )
    ]

    assert all(chunk.usage is None and chunk.choices for chunk in silent)
    assert "".join(c.choices[0].delta.content or "" for c in silent) == " hello" * 4
    assert silent[-1].choices[0].finish_reason == "stop"
    assert [chunk.usage for chunk in asked[:-1]] == [None] * (len(asked) - 1)
    assert asked[-1].choices == []
    assert asked[-1].usage is not None
    assert asked[-1].usage.total_tokens == 1070


async def test_responses_stream_is_assembled_by_the_sdk(client: openai.AsyncOpenAI, sim: Simulator) -> None:
    sim.scenario = Scenario(usage=USAGE, events=5, thinking=2)

    async with client.responses.stream(model="gpt-5", input="Hello") as stream:
        kinds = [event.type async for event in stream]
        final = await stream.get_final_response()

    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert kinds.count("response.output_text.delta") == 5
    assert final.output_text == "The simulator answers with the"
    assert final.usage is not None
    assert final.usage.output_tokens_details.reasoning_tokens == 30


async def test_responses_json_may_be_incomplete(client: openai.AsyncOpenAI, sim: Simulator) -> None:
    sim.scenario = Scenario(finish="length")

    answer = await client.responses.create(model="gpt-5", input="Hello")

    assert answer.status == "incomplete"
    assert answer.incomplete_details is not None
    assert answer.incomplete_details.reason == "max_output_tokens"


async def test_embeddings_come_as_the_sdk_asks_for_them(client: openai.AsyncOpenAI, sim: Simulator) -> None:
    coded = await client.embeddings.create(model="text-embedding-3-small", input=["a", "b"])
    plain = await client.embeddings.create(model="e", input="a", encoding_format="float")

    assert [e.embedding for e in coded.data] == [plain.data[0].embedding] * 2
    assert coded.usage.prompt_tokens == 20
    assert sim.seen[0].json["encoding_format"] == "base64"


async def test_old_completions_stream(client: openai.AsyncOpenAI, sim: Simulator) -> None:
    sim.scenario = Scenario(events=3)

    stream = await client.completions.create(model="gpt-3.5-turbo-instruct", prompt="Hello", stream=True)
    texts = [chunk.choices[0].text async for chunk in stream]

    assert "".join(texts) == "The simulator answers"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (404, openai.NotFoundError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
    ],
)
async def test_errors_are_the_sdks_own(
    client: openai.AsyncOpenAI, sim: Simulator, status: int, error: type[openai.APIStatusError]
) -> None:
    sim.scenario = Scenario(status=status, message="Simulated.")

    with pytest.raises(error) as caught:
        await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)

    assert caught.value.message.endswith("Simulated.") or "Simulated." in str(caught.value.body)
    assert caught.value.request_id == f"req_{sim.seen[0].number:024d}"


async def test_an_error_event_in_a_stream_raises(client: openai.AsyncOpenAI, sim: Simulator) -> None:
    sim.scenario = Scenario(finish="error", message="Overloaded, simulated.")

    stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)

    with pytest.raises(openai.APIError, match=r"Overloaded, simulated\."):
        _ = [chunk async for chunk in stream]


async def test_a_stream_cut_short_raises(client: openai.AsyncOpenAI, sim: Simulator) -> None:
    sim.scenario = Scenario(cut=Cut(after_events=3, how="reset"))

    stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)

    with pytest.raises((httpx2.HTTPError, openai.APIConnectionError)):
        _ = [chunk async for chunk in stream]
    assert not sim.seen[0].client_left


async def test_models_are_listed(client: openai.AsyncOpenAI, sim: Simulator) -> None:
    models = await client.models.list()

    assert [model.id for model in models.data] == ["gpt-simulated"]
