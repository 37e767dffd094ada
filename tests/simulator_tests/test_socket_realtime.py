"""OpenAI's Realtime and xAI's: what is asked for, what a voice brings about, what is cancelled."""

from base64 import b64encode
from typing import Any

import pytest

from tests.simulator import Scenario, Simulator, Socket, Usage
from tests.simulator_tests.talking import Talk, kinds, talk

OPENAI = ("api.openai.com", "/v1/realtime?model=gpt-realtime")
XAI = ("api.x.ai", "/v1/realtime?model=grok-voice-latest")
CREATE, CREATED, DONE = "response.create", "response.created", "response.done"
WRITTEN = "conversation.item.input_audio_transcription.completed"
VOICE, SILENCE = b64encode(b"\x01\x02" * 240).decode(), b64encode(bytes(480)).decode()
USAGE = Usage(
    input_tokens=100, input_audio_tokens=60, cache_read_tokens=30, output_tokens=50, output_audio_tokens=40
)
HEARS = {"audio": {"input": {"transcription": {"model": "gpt-realtime-whisper"}}}}


async def speak(client: Talk) -> None:
    """A voice is raised, and falls silent."""
    for sound in (SILENCE, VOICE, VOICE, SILENCE, SILENCE):
        await client.send("input_audio_buffer.append", audio=sound)


async def test_a_session_begins_and_is_updated(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101)

    async with talk(sim, *OPENAI) as client:
        created = (await client.until("session.created"))[-1]["session"]
        await client.send("session.update", session={"max_output_tokens": 9, **HEARS})
        updated = (await client.until("session.updated"))[-1]["session"]

    assert (created["model"], created["max_output_tokens"]) == ("gpt-realtime", "inf")
    assert updated["max_output_tokens"] == 9
    assert updated["audio"]["input"]["transcription"] == {"model": "gpt-realtime-whisper"}
    assert updated["audio"]["input"]["turn_detection"] == created["audio"]["input"]["turn_detection"]


@pytest.mark.parametrize(("modality", "kind"), [("audio", "audio_transcript"), ("text", "text")])
async def test_a_call_is_answered_in_sound_or_text(sim: Simulator, modality: str, kind: str) -> None:
    sim.scenario = Scenario(websocket=101, usage=USAGE, texts=("Hi", "."))

    async with talk(sim, *OPENAI) as client:
        await client.send("conversation.item.create", item={"type": "message", "role": "user", "content": []})
        await client.until("conversation.item.done")
        await client.send(CREATE, response={"output_modalities": [modality], "metadata": {"a": "b"}})
        came = await client.until(DONE)

    response = came[-1]["response"]
    assert [e["delta"] for e in came if e["type"] == f"response.output_{kind}.delta"] == ["Hi", "."]
    assert ("response.output_audio.delta" in kinds(came)) == (modality == "audio")
    assert (response["status"], response["metadata"]) == ("completed", {"a": "b"})
    assert response["usage"]["input_token_details"] == {
        "text_tokens": 40, "audio_tokens": 60, "image_tokens": 0, "cached_tokens": 30,
        "cached_tokens_details": {"text_tokens": 30, "audio_tokens": 0, "image_tokens": 0},
    }  # fmt: skip
    assert response["usage"]["output_token_details"] == {"text_tokens": 10, "audio_tokens": 40}


async def test_who_falls_silent_is_answered_unasked_and_written_down(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, usage=USAGE, socket=Socket(seconds=4))

    async with talk(sim, *OPENAI) as client:
        await client.send("session.update", session=HEARS)
        await speak(client)
        came = await client.until(DONE)

    order = [kind for kind in kinds(came) if kind.startswith("input_audio") or kind in (CREATED, WRITTEN)]
    assert order == [
        "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed", CREATED, WRITTEN,
    ]  # fmt: skip
    written = next(event for event in came if event["type"] == WRITTEN)
    assert written["usage"] == {"type": "duration", "seconds": 4}


async def test_what_is_written_down_may_be_told_in_tokens(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, usage=USAGE, socket=Socket(seconds=0))

    async with talk(sim, *OPENAI) as client:
        await client.send("session.update", session={"audio": {"input": {"turn_detection": None}}})
        await client.send("session.update", session=HEARS)
        await speak(client)
        await client.send("input_audio_buffer.commit")
        came = await client.until(WRITTEN)

    assert came[-1]["usage"]["input_token_details"] == {"text_tokens": 0, "audio_tokens": 60}
    assert CREATED not in kinds(came)


async def test_a_voice_may_be_heard_without_an_answer(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101)
    detection = {"turn_detection": {"create_response": False}}

    async with talk(sim, *OPENAI) as client:
        await client.send("session.update", session={"audio": {"input": detection}})
        await client.send("session.update", session=HEARS)
        await speak(client)
        came = await client.until(WRITTEN)

    assert CREATED not in kinds(came)


@pytest.mark.parametrize("by", ["voice", "message"])
async def test_a_call_may_be_cancelled(sim: Simulator, by: str) -> None:
    """It reports what it used."""
    endless = Scenario(events=1000, interval=0.01, usage=USAGE)
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(endless,)))

    async with talk(sim, *OPENAI) as client:
        await client.send(CREATE)
        await client.until("response.output_audio.delta")
        if by == "voice":
            await speak(client)
        else:
            await client.send("response.cancel")
        response = (await client.until(DONE))[-1]["response"]
        if by == "voice":
            await client.until(DONE)

    reason = "turn_detected" if by == "voice" else "client_cancelled"
    assert response["status_details"] == {"type": "cancelled", "reason": reason}
    assert response["usage"]["output_tokens"] == 50


async def test_a_conversation_has_one_response_at_a_time_and_any_number_beside_it(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(Scenario(gate="first"),)))

    async with talk(sim, *OPENAI) as client:
        await client.send(CREATE)
        await client.send(CREATE, event_id="second")
        error = (await client.until("error"))[-1]["error"]
        await client.send(CREATE, response={"conversation": "none", "metadata": {"n": "1"}})
        beside = (await client.until(DONE))[-1]["response"]
        sim.open("first")
        first = (await client.until(DONE))[-1]["response"]

    assert (error["code"], error["event_id"]) == ("conversation_already_has_active_response", "second")
    assert (beside["metadata"], first["metadata"]) == ({"n": "1"}, None)


@pytest.mark.parametrize(
    ("finish", "status", "details"),
    [
        ("length", "incomplete", {"type": "incomplete", "reason": "max_output_tokens"}),
        ("refusal", "incomplete", {"type": "incomplete", "reason": "content_filter"}),
        ("failed", "failed", {"type": "failed", "error": {"type": "server_error", "code": "server_error"}}),
        ("error", "failed", {"type": "failed", "error": {"type": "server_error", "code": "server_error"}}),
    ],
)
async def test_a_call_may_end_otherwise(
    sim: Simulator, finish: str, status: str, details: dict[str, Any]
) -> None:
    sim.scenario = Scenario(websocket=101, finish=finish, socket=Socket(limits=True))  # type: ignore[arg-type]

    async with talk(sim, *OPENAI) as client:
        await client.send(CREATE)
        response = (await client.until(DONE))[-1]["response"]
        await client.until("rate_limits.updated")

    assert (response["status"], response["status_details"]) == (status, details)
    assert ("error" in kinds(client.heard)) == (finish == "error")


async def test_a_call_may_be_refused(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(Scenario(status=429),)))

    async with talk(sim, *OPENAI) as client:
        await client.send(CREATE, event_id="mine")
        error = (await client.until("error"))[-1]["error"]
        await client.send(CREATE)
        await client.until(DONE)

    assert (error["code"], error["event_id"]) == ("rate_limit_exceeded", "mine")


async def test_a_server_may_begin_by_itself(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(unasked=2))

    async with talk(sim, *OPENAI) as client:
        for _ in range(2):
            await client.until(DONE)

    assert kinds(client.heard).count(CREATED) == 2


async def test_xai_tells_usage_beside_the_response_and_bills_seconds(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, usage=USAGE, socket=Socket(seconds=5))

    async with talk(sim, *XAI) as client:
        await client.until("ping")
        detection = {"turn_detection": {"type": "server_vad"}}
        await client.send(
            "session.update", session={"input_audio_transcription": {"model": "w"}, **detection}
        )
        await speak(client)
        came = await client.until(DONE)

    event = came[-1]
    assert event["response"]["usage"] == {}
    assert (event["usage"]["billable_audio_seconds"], event["usage"]["input_tokens"]) == (5, 100)
    assert (event["response_id"], event["response"]["id"]) == (came[-1]["response_id"],) * 2
    assert kinds(came).count(WRITTEN) == 2
    assert {e["response_id"] for e in came if "response_id" in e} == {event["response_id"]}


async def test_xais_voices_are_told_from_silence_only_if_asked(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101)

    async with talk(sim, *XAI) as client:
        await speak(client)
        await client.send(CREATE)
        came = await client.until(DONE)

    assert "input_audio_buffer.speech_started" not in kinds(came)


async def test_what_is_no_sound_is_silence(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101)

    async with talk(sim, *OPENAI) as client:
        for sound in ("A", "…cut", "!", None, 5):
            await client.send("input_audio_buffer.append", audio=sound)
        await client.send(CREATE)
        came = await client.until(DONE)

    assert "input_audio_buffer.speech_started" not in kinds(came)
