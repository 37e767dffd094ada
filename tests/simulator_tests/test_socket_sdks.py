"""The official SDKs understand what comes over the sockets."""

import secrets
import ssl
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from google import genai
from google.genai import types

from tests.simulator import Scenario, Simulator, Usage

USAGE = Usage(input_tokens=100, input_audio_tokens=60, output_tokens=50, output_audio_tokens=40)


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[openai.AsyncOpenAI]:
    sim.scenario = Scenario(websocket=101, usage=USAGE, text="Hi.", events=1)
    async with openai.AsyncOpenAI(
        api_key=secrets.token_hex(8), base_url=f"https://localhost:{sim.port}/v1"
    ) as client:
        yield client


async def test_openais_reads_responses(client: openai.AsyncOpenAI, trust: ssl.SSLContext) -> None:
    options: Any = {"ssl": trust}
    async with client.responses.connect(websocket_connection_options=options) as connection:
        await connection.response.create(model="gpt-5", input="Hello?")
        events = [event async for event in _until(connection, "response.completed")]

    ended = events[-1]
    assert ended.type == "response.completed"
    assert ended.response.output_text == "Hi."
    assert ended.response.usage is not None
    assert ended.response.usage.output_tokens == 50


async def test_openais_reads_realtime(client: openai.AsyncOpenAI, trust: ssl.SSLContext) -> None:
    options: Any = {"ssl": trust}
    async with client.realtime.connect(
        model="gpt-realtime", websocket_connection_options=options
    ) as connection:
        await connection.response.create()
        events = [event async for event in _until(connection, "response.done")]

    ended = events[-1]
    assert ended.type == "response.done"
    assert ended.response.usage is not None
    assert ended.response.usage.output_token_details is not None
    assert ended.response.usage.output_token_details.audio_tokens == 40


async def _until(events: Any, kind: str) -> AsyncIterator[Any]:
    """The events up to the first of this type, that one included."""
    async for event in events:
        yield event
        if event.type == kind:
            return


async def test_googles_reads_live(
    sim: Simulator, trust: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim.scenario = Scenario(websocket=101, usage=USAGE, text="Hi.", events=1)
    monkeypatch.setenv("SSL_CERT_FILE", str(sim.root_ca))
    options = types.HttpOptions(base_url=f"https://localhost:{sim.port}", async_client_args={"ssl": trust})
    config = types.LiveConnectConfig(response_modalities=[types.Modality.AUDIO])
    live = genai.Client(api_key=secrets.token_hex(8), http_options=options).aio.live

    async with live.connect(model="gemini-live", config=config) as session:
        await session.send_client_content(turns={"role": "user", "parts": [{"text": "Hello?"}]})
        messages = [message async for message in session.receive()]

    usage = messages[-1].usage_metadata
    assert usage is not None
    assert (usage.prompt_token_count, usage.response_token_count) == (100, 50)
