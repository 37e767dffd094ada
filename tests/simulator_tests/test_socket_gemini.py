"""Gemini Live: turns, voices, and how Google's sockets fail: by closing."""

from base64 import b64encode
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.simulator import Scenario, Simulator, Socket, Usage
from tests.simulator_tests.talking import talk

GEMINI = (
    "generativelanguage.googleapis.com",
    "//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=k",
)
VERTEX = (
    "us-central1-aiplatform.googleapis.com",
    "/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent",
)
SETUP = {"model": "models/gemini-live", "generationConfig": {"responseModalities": ["AUDIO"]}}
TURN = {"client_content": {"turns": [], "turnComplete": True}}
VOICE, SILENCE = b64encode(b"\x01\x02" * 160).decode(), b64encode(bytes(320)).decode()
USAGE = Usage(input_tokens=100, input_audio_tokens=60, output_tokens=50, reasoning_tokens=10)


def is_over(message: dict[str, Any]) -> bool:
    return message.get("serverContent", {}).get("turnComplete") is True


@pytest.mark.parametrize(
    ("where", "counts"), [(GEMINI, "responseTokenCount"), (VERTEX, "candidatesTokenCount")]
)
async def test_a_turn_ends_with_what_it_used(sim: Simulator, where: tuple[str, str], counts: str) -> None:
    """Told as each of Google's two does; messages are binary."""
    sim.scenario = Scenario(websocket=101, usage=USAGE, texts=("Hi", "."), thinking=1)

    async with talk(sim, *where) as client:
        await client.say(setup=SETUP)
        await client.until(lambda message: "setupComplete" in message)
        await client.say(**TURN)
        came = await client.until(is_over)
        await client.say(**TURN)
        assert isinstance(await client.socket.recv(), bytes)

    said = [
        m["serverContent"]["outputTranscription"]["text"] for m in came if "outputTranscription" in str(m)
    ]
    used = came[-1]["usageMetadata"]
    assert said == ["Hi", "."]
    assert (used["promptTokenCount"], used[counts], used["thoughtsTokenCount"]) == (100, 40, 10)


@pytest.mark.parametrize(
    "message",
    [
        {"clientContent": {"turns": [], "turnComplete": True}},
        {"client_content": {"turns": [], "turn_complete": True}},
        {"realtimeInput": {"text": "Hello?"}},
        {"realtime_input": {"activityEnd": {}}},
        {"tool_response": {"functionResponses": []}},
    ],
)
async def test_a_turn_begins_in_many_ways(sim: Simulator, message: dict[str, Any]) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(unasked=1))

    async with talk(sim, *GEMINI) as client:
        await client.say(setup={"model": "m", "generation_config": {"response_modalities": ["TEXT"]}})
        await client.until(is_over)
        await client.say(**message)
        await client.until(is_over)


async def test_a_voice_is_answered_and_interrupts(sim: Simulator) -> None:
    endless = Scenario(events=1000, interval=0.01, usage=USAGE)
    web = Usage(web_searches=1)
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(endless,)), usage=web)

    async with talk(sim, *GEMINI) as client:
        await client.say(setup=SETUP)
        for sound in (VOICE, SILENCE):
            await client.say(realtime_input={"audio": {"data": sound, "mimeType": "audio/pcm"}})
        await client.until(lambda message: "modelTurn" in message.get("serverContent", {}))
        for sound in (VOICE, SILENCE):
            await client.say(realtime_input={"audio": {"data": sound, "mimeType": "audio/pcm"}})
        cut = await client.until(is_over)
        came = await client.until(is_over)

    assert any("interrupted" in message.get("serverContent", {}) for message in cut)
    assert cut[-1]["usageMetadata"]["promptTokenCount"] == 100
    assert any("groundingMetadata" in message.get("serverContent", {}) for message in came)


@pytest.mark.parametrize(
    ("scenario", "code"),
    [(Scenario(status=429, message="No."), 1008), (Scenario(finish="error", message="No."), 1011)],
)
async def test_failures_close_the_socket(sim: Simulator, scenario: Scenario, code: int) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(scenario,)))

    async with talk(sim, *GEMINI) as client:
        await client.say(setup=SETUP)
        await client.say(**TURN)
        with pytest.raises(ConnectionClosed) as closed:
            await client.until(is_over)

    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (code, "No.")
