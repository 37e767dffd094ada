"""The official Google SDK understands every answer, over HTTP/1.1 and HTTP/2."""

import secrets
import ssl

import pytest
from google import genai
from google.genai import errors, types

from tests.simulator import Scenario, Simulator, Usage

USAGE = Usage(
    input_tokens=1000, cache_read_tokens=600, output_tokens=70, reasoning_tokens=30, tool_input_tokens=50
)


@pytest.fixture(params=["HTTP/1.1", "HTTP/2"])
def client(sim: Simulator, trust: ssl.SSLContext, request: pytest.FixtureRequest) -> genai.Client:
    arguments = {"verify": trust, "http2": request.param == "HTTP/2"}
    options = types.HttpOptions(base_url=f"https://localhost:{sim.port}", async_client_args=arguments)
    return genai.Client(api_key=secrets.token_hex(8), http_options=options)


async def test_content_carries_text_and_usage(client: genai.Client, sim: Simulator) -> None:
    sim.scenario = Scenario(usage=USAGE, events=3)

    async with client.aio as aio:
        answer = await aio.models.generate_content(model="gemini-x", contents="Hello")

    assert answer.text == "The simulator answers"
    assert answer.model_version == "gemini-x"
    _check(answer.usage_metadata)


async def test_a_stream_grows_to_its_usage(client: genai.Client, sim: Simulator) -> None:
    sim.scenario = Scenario(usage=USAGE, events=4, thinking=2)

    async with client.aio as aio:
        stream = await aio.models.generate_content_stream(model="gemini-x", contents="Hello")
        chunks = [chunk async for chunk in stream]

    assert len(chunks) == 6
    assert sim.seen[0].query == "alt=sse"
    assert chunks[-1].candidates is not None
    assert chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP
    _check(chunks[-1].usage_metadata)


async def test_tokens_are_counted_and_texts_embedded(client: genai.Client, sim: Simulator) -> None:
    async with client.aio as aio:
        count = await aio.models.count_tokens(model="gemini-x", contents="Hello")
        vectors = await aio.models.embed_content(model="gemini-embedding", contents=["a", "b"])

    assert count.total_tokens == 20
    assert vectors.embeddings is not None
    assert len(vectors.embeddings) == 2


@pytest.mark.parametrize(("status", "error"), [(429, errors.ClientError), (503, errors.ServerError)])
async def test_errors_are_the_sdks_own(
    client: genai.Client, sim: Simulator, status: int, error: type[errors.APIError]
) -> None:
    sim.scenario = Scenario(status=status, message="Simulated.")

    async with client.aio as aio:
        with pytest.raises(error, match=r"Simulated\."):
            await aio.models.generate_content(model="gemini-x", contents="Hello")


def _check(usage: types.GenerateContentResponseUsageMetadata | None) -> None:
    assert usage is not None
    assert usage.prompt_token_count == 950
    assert usage.tool_use_prompt_token_count == 50
    assert usage.cached_content_token_count == 600
    assert usage.candidates_token_count == 40
    assert usage.thoughts_token_count == 30
    assert usage.total_token_count == 1070
