"""What the sockets are told to have used, the product's readers find in their messages."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.simulator import Scenario, Simulator, Socket, Usage
from tests.simulator_tests.talking import talk
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.sockets.events import Begun, Ended, Event, How
from tollway.sockets.opening import session

USAGE = Usage(
    input_tokens=100, cache_read_tokens=30, input_audio_tokens=60, output_tokens=50, output_audio_tokens=40
)
CREATE: Mapping[str, Any] = {"type": "response.create", "model": "gpt-5"}
GEMINI = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
FORMS = [
    ("api.openai.com", "/v1/responses", [CREATE]),
    ("chatgpt.com", "/backend-api/codex/responses", [CREATE]),
    ("api.openai.com", "/v1/realtime?model=gpt-realtime", [CREATE]),
    ("api.x.ai", "/v1/realtime?model=grok-voice-latest", [CREATE]),
    (
        "generativelanguage.googleapis.com",
        GEMINI,
        [{"setup": {"model": "models/m"}}, {"clientContent": {"turnComplete": True}}],
    ),
]
EACH = pytest.mark.parametrize(
    ("host", "path", "sent"), FORMS, ids=[f"{host}{path[:12]}" for host, path, _ in FORMS]
)


async def _read(sim: Simulator, host: str, path: str, sent: list[Mapping[str, Any]]) -> list[Event]:
    """What the product makes of a socket on which this is sent, and one call is over."""
    found = recognise(load(), host, 443, "GET", path, upgrade=True)
    assert found is not None
    reader = session(found, path.partition("?")[2])
    assert reader is not None
    events: list[Event] = []
    async with talk(sim, host, path) as client:
        for message in sent:
            await client.say(**message)
            events += reader.feed(json.dumps(message).encode(), from_client=True, at=0)
        while not any(isinstance(event, Ended) for event in events):
            await client.until(lambda _: True)
            events += reader.feed(json.dumps(client.heard[-1]).encode(), from_client=False, at=1)
    assert reader.unread == 0
    return events


@EACH
async def test_a_call_is_metered_as_told(
    sim: Simulator, host: str, path: str, sent: list[Mapping[str, Any]]
) -> None:
    sim.scenario = Scenario(websocket=101, usage=USAGE, socket=Socket(seconds=7))

    events = await _read(sim, host, path, sent)

    begun, ended = (next(e for e in events if isinstance(e, kind)) for kind in (Begun, Ended))
    assert isinstance(begun, Begun)
    assert isinstance(ended, Ended)
    assert ended.report.usage is not None
    used = ended.report.usage.known()
    assert (begun.call, ended.how, used["input_tokens"], used["output_tokens"]) == (0, How.COMPLETED, 100, 50)
    assert used.get("seconds") == (7 if host == "api.x.ai" else None)


@EACH
@pytest.mark.parametrize(
    "scenario", [Scenario(usage=None), Scenario(usage=Usage(raw='{"input_tokens": "many"}'))]
)
async def test_a_call_may_tell_nothing_of_what_it_used(
    sim: Simulator, host: str, path: str, sent: list[Mapping[str, Any]], scenario: Scenario
) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(scenario,)), usage=None)
    if "google" in host:
        sent = [*sent, {"clientContent": {"turnComplete": True}}]

    events = await _read(sim, host, path, sent)

    ended = next(e for e in events if isinstance(e, Ended))
    assert not any((ended.report.usage.known() if ended.report.usage else {}).values())
