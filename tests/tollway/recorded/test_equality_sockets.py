"""What the proxy has in its ledger of sockets is what `tollway price` makes of them, recorded behind it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.simulator import Cut, Scenario, Simulator, Socket, Usage
from tests.simulator_tests.talking import Talk
from tests.tollway.recorded.recorder import recorder
from tests.tollway.recorded.test_equality import figures, priced
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tests.tollway.spoken import opened

USAGE = Usage(
    input_tokens=1000,
    cache_read_tokens=400,
    output_tokens=200,
    input_audio_tokens=100,
    output_audio_tokens=50,
)
CREATE: Mapping[str, Any] = {"type": "response.create"}
GEMINI = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
CUT = Scenario(cut=Cut(how="end", after_events=8))
SILENT = Scenario(usage=None, text=" and", events=9)


class Spoken(NamedTuple):
    """A socket: where, what meets its calls, what is said on it, and how many calls that are."""

    host: str
    path: str
    calls: tuple[Scenario, ...]
    said: tuple[Mapping[str, Any], ...]


ASK = {**CREATE, "model": "gpt-4o", "input": "Hello?"}
SETUP = {"setup": {"model": "models/gemini-2.5-flash-native-audio-preview-09-2025"}}
USED = Scenario(usage=USAGE)
SOCKETS = (
    Spoken(
        "api.openai.com",
        "/v1/responses",
        (USED, SILENT, Scenario(status=429), Scenario(finish="failed", usage=USAGE)),
        (ASK,) * 4,
    ),
    Spoken("chatgpt.com", "/backend-api/codex/responses", (USED,), (ASK,)),
    Spoken("api.openai.com", "/v1/realtime?model=gpt-realtime", (USED, SILENT), (CREATE, CREATE)),
    Spoken(
        "generativelanguage.googleapis.com",
        GEMINI,
        (USED,),
        (SETUP, {"clientContent": {"turnComplete": True}}),
    ),
    Spoken("api.openai.com", "/v1/responses", (CUT,), (ASK,)),
    Spoken("api.openai.com", "/v1/realtime?model=gpt-realtime", (CUT,), (CREATE,)),
)  # fmt: skip


@pytest.mark.slow
async def test_recorded_sockets_cost_to_the_nano_dollar_what_the_ledger_has(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told, silent, refused, failed, covered by a plan, cut."""
    async with recorder(tmp_path / "recorder", sim) as found:
        monkeypatch.setattr(sim, "connect_to", lambda host: f"{host}:443:127.0.0.1:{found.port}")
        trusted = (f"ssl_verify_upstream_trusted_ca={found.root_ca}",)
        hosts = tuple({socket.host for socket in SOCKETS})
        async with running_road(tmp_path, sim, hosts=hosts, set_options=trusted) as road:
            for number, socket in enumerate(SOCKETS):
                await speak(road, sim, socket, number)
            await road.calls(sum(len(socket.calls) for socket in SOCKETS))
            rows = sorted(await road.rows(), key=lambda row: row.started_us)

    for file in (found.flows, found.har):
        calls = priced(file)
        assert len(calls) == len(SOCKETS)
        assert [figures(record) for call in calls for record in call.records] == list(map(figures, rows))


async def speak(road: Road, sim: Simulator, socket: Spoken, number: int) -> None:
    """Say it all, each message once the call before it is over."""
    sim.scenario = Scenario(websocket=101, number=number, socket=Socket(calls=socket.calls))
    async with opened(road, socket.path, socket.host) as client:
        talk = Talk(client)
        before = len(road.ended)
        for message in socket.said:
            await talk.say(**message)
            if message.keys() & {"type", "clientContent"}:
                before += 1
                await road.calls(before)
