"""What stock mitmproxy records of sockets, as a flow file and as a HAR, costs what they said they used."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Scenario, Simulator, Socket, Usage
from tests.simulator_tests.talking import talk
from tests.tollway.recorded.recorder import recorder
from tests.tollway.recorded.samples import NOW
from tollway.prices.book import PriceBook
from tollway.providers.load import load
from tollway.recorded.call import Call
from tollway.recorded.file import Recording
from tollway.recorded.pricing import price

CREATE = "response.create"
GEMINI = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
USAGE = Usage(input_tokens=1000, cache_read_tokens=400, output_tokens=200)
UNTOLD = Scenario(usage=None, text=" and", events=9)


def priced(file: Path) -> list[Call]:
    with file.open("rb") as stream:
        return price(Recording(stream), load(open_regions=True), PriceBook(), NOW)


@pytest.mark.slow
async def test_recorded_sockets_cost_what_they_said(tmp_path: Path) -> None:
    async with Simulator(tmp_path / "sim") as sim, recorder(tmp_path / "recorded", sim) as record:
        trust = ssl.create_default_context(cafile=record.root_ca)
        there: dict[str, Any] = {"host": "127.0.0.1", "port": record.port, "ssl": trust}
        sim.scenario = Scenario(websocket=101, usage=USAGE, socket=Socket(fragments=99, calls=(UNTOLD,)))
        async with talk(sim, "api.openai.com", "/v1/responses", **there) as client:
            for _ in range(2):
                await client.send(CREATE, model="gpt-4o", input="Hello?")
                await client.until("response.completed")
        sim.scenario = Scenario(websocket=101, usage=USAGE)
        async with talk(sim, "api.openai.com", "/v1/realtime?model=gpt-realtime", **there) as client:
            await client.send(CREATE)
            await client.until("response.done")
        async with talk(sim, "generativelanguage.googleapis.com", GEMINI, **there) as client:
            await client.say(setup={"model": "models/gemini-2.5-flash-native-audio-preview-09-2025"})
            await client.say(clientContent={"turnComplete": True})
            await client.until(lambda message: "usageMetadata" in message)
        async with asyncio.timeout(10):
            await sim.wait_for(lambda seen: seen.number == 3 and seen.complete)
    flows, har = priced(record.flows), priced(record.har)

    responses, realtime, gemini = har
    assert [[inner.record.usage.known() for inner in call.calls] for call in flows] == [
        [inner.record.usage.known() for inner in call.calls] for call in har
    ]
    assert [call.record and call.record.cost for call in flows] == [
        call.record and call.record.cost for call in har
    ]
    estimated, told = (inner.record for inner in responses.calls)
    assert estimated.usage.output_tokens == 9
    assert (told.cost.nano, realtime.reason, gemini.reason) == (4_000_000, None, None)
    assert [call.may_cost or call.is_damaged for call in har] == [False] * 3
