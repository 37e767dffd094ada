"""Every form of socket over the whole road: what the provider reports is what the rows say, call by call."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Scenario, Simulator, Socket, Usage
from tests.simulator_tests.talking import Talk
from tests.simulator_tests.test_socket_gemini import GEMINI, SETUP, TURN, is_over
from tests.simulator_tests.test_socket_realtime import HEARS, OPENAI, USAGE, XAI, speak
from tests.tollway.road import HOSTS, Road, road
from tests.tollway.spoken import create, opened
from tollway.model import Billing, CallRecord

EVERY = (*HOSTS, "api.x.ai", "acme.openai.azure.com")
CODEX = ("chatgpt.com", "/backend-api/codex/responses")
AZURE = ("acme.openai.azure.com", "/openai/v1/realtime?model=gpt-realtime")


def usage_of(row: CallRecord) -> dict[str, int]:
    """What it used, zeros left out."""
    return {name: n for name, n in row.usage.known().items() if n}


async def spoken(running: Road, where: tuple[str, str], *said: Any, until: Any = "response.done") -> Talk:
    """A client that says this, each once the answer to the last is over."""
    host, path = where
    async with opened(running, path, host) as socket:
        client = Talk(socket)
        for message in said:
            if callable(message):
                await message(client)
            else:
                await socket.send(message if isinstance(message, str) else json.dumps(message))
            await client.until(until)
    return client


@pytest.mark.parametrize("where", [OPENAI, AZURE])
async def test_realtime_has_sound_text_and_cached_tokens_apart(
    tmp_path: Path, sim: Simulator, where: tuple[str, str]
) -> None:
    sim.scenario = Scenario(websocket=101, usage=USAGE, texts=("Hi", "."))
    async with road(tmp_path, sim, hosts=EVERY) as running:
        await spoken(running, where, *[{"type": "response.create"}] * 2)
        rows = await running.calls(2)

    assert [usage_of(row) for row in rows] == [
        {
            "input_tokens": 100, "cache_read_tokens": 30, "output_tokens": 50,
            "input_audio_tokens": 60, "output_audio_tokens": 40,
        }
    ] * 2  # fmt: skip
    assert {(row.operation, row.model, row.error) for row in rows} == {("realtime", "gpt-realtime", None)}
    assert min(row.cost.nano for row in rows) > 0
    assert len({row.session for row in rows}) == 1
    assert rows[0].session


async def test_what_a_voice_brings_about_and_its_transcription_are_calls(
    tmp_path: Path, sim: Simulator
) -> None:
    """Priced by its own model."""
    sim.scenario = Scenario(websocket=101, usage=USAGE)
    async with road(tmp_path, sim) as running:
        host, path = OPENAI
        async with opened(running, path, host) as socket:
            client = Talk(socket)
            await client.send("session.update", session=HEARS)
            await client.until("session.updated")
            await speak(client)
            await client.until("response.done")
            rows = {row.operation: row for row in await running.calls(2)}

    assert rows.keys() == {"realtime", "transcription"}
    assert rows["transcription"].model == "gpt-realtime-whisper"
    assert rows["realtime"].usage.output_audio_tokens == 40


async def test_xai_bills_what_it_bills(tmp_path: Path, sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, usage=USAGE, socket=Socket(seconds=7))
    async with road(tmp_path, sim, hosts=EVERY) as running:
        await spoken(running, XAI, {"type": "response.create"})
        row = await running.call()

    assert (row.provider, row.usage.seconds, row.cost.nano > 0) == ("xai", 7, True)


async def test_gemini_s_usage_is_the_last_of_each_turn(tmp_path: Path, sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, usage=Usage(input_tokens=100, output_tokens=50))
    async with road(tmp_path, sim) as running:
        host, path = GEMINI
        async with opened(running, path, host) as socket:
            client = Talk(socket)
            await client.say(setup=SETUP)
            await client.until(lambda message: "setupComplete" in message)
            for _ in range(2):
                await client.say(**TURN)
                await client.until(is_over)
        rows = await running.calls(2)

    assert [(row.usage.input_tokens, row.usage.output_tokens) for row in rows] == [(100, 50)] * 2
    assert {(row.provider, row.model) for row in rows} == {("gemini", "gemini-live")}


async def test_codex_on_a_plan_is_notional(tmp_path: Path, sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, usage=Usage(input_tokens=1000, output_tokens=200))
    async with road(tmp_path, sim) as running:
        await spoken(running, CODEX, create(), until="response.completed")
        row = await running.call()

    assert (row.billing, row.provider, row.usage.input_tokens) == (Billing.NOTIONAL, "chatgpt", 1000)


async def test_what_codex_is_told_of_its_plan_is_kept(tmp_path: Path, sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(limits=True))
    async with road(tmp_path, sim) as running:
        await spoken(running, CODEX, create(), until="codex.rate_limits")
        row = await running.call()
    with closing(sqlite3.connect(running.ledger_url.removeprefix("sqlite:"))) as db:
        told = db.execute("SELECT provider, plan, name, used_percent, window_minutes FROM plan_gauges")

        assert row.billing is Billing.NOTIONAL
        assert told.fetchall() == [("chatgpt", "plus", "primary", 12.5, 300)]


@pytest.mark.parametrize("socket", [Socket(fragments=7, pings=2), Socket(deflate=False, limits=True)])
async def test_however_it_is_framed(tmp_path: Path, sim: Simulator, socket: Socket) -> None:
    sim.scenario = Scenario(websocket=101, socket=socket, usage=Usage(input_tokens=1000, output_tokens=200))
    async with road(tmp_path, sim) as running:
        client = await spoken(
            running, ("api.openai.com", "/v1/responses"), create(), until="response.completed"
        )
        row = await running.call()

    assert row.usage.input_tokens == 1000
    assert len(client.heard) > 3
