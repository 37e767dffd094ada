"""Who speaks on WebSockets, each in its provider's own words: held, looked through, and where it was."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.simulator import Simulator
from tests.simulator_tests.test_socket_gemini import GEMINI
from tests.simulator_tests.test_socket_realtime import OPENAI, XAI
from tests.tollway.road import Road
from tests.tollway.spoken import opened, talking
from tests.tollway.test_socket_dialects import AZURE, CODEX
from tollway.model import Billing, CallRecord

CREATE = {"type": "response.create"}
RESPONSES = {"model": "gpt-5.2", "max_output_tokens": 200}
START = {"type": "session.start", "session": {"model": "gpt-live-1", "instructions": "say hi"}}
BIRD, SUNG = "bluebird", "gemini-live-2.5-flash-preview"
GUARD = "version: 1\nguardrails: [{{name: codenames, words: [bluebird], in: {}, do: {}}}]\n"
VOICED = "version: 1\nsockets: {slice: 0.25 USD}\nlimits: [{name: day, window: day, %s}]\n"


HELD = "its socket is open to where it is"


class Client(NamedTuple):
    """What one says, and hears from its provider."""

    where: tuple[str, str]
    model: str
    ask: dict[str, Any]
    names_bird: dict[str, Any]
    """The same, with what guardrails look for."""
    answers: tuple[dict[str, Any], ...]
    before: tuple[dict[str, Any], ...] = ()
    is_plan: bool = False


def voiced(text: str) -> dict[str, Any]:
    return {**CREATE, "response": {"instructions": text}}


def turn(text: str) -> dict[str, Any]:
    parts = {"role": "user", "parts": [{"text": text}]}
    return {"clientContent": {"turns": [parts], "turnComplete": True}}


def answers(last: str) -> tuple[dict[str, Any], ...]:
    """An answer of OpenAI's, or of whom speaks as it does."""
    usage = {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110}
    response = {"id": "resp_1", "status": "completed", "usage": usage}
    return ({"type": "response.created", "response": {"id": "resp_1"}}, {"type": last, "response": response})


OVER = {"serverContent": {"turnComplete": True}, "usageMetadata": {"promptTokenCount": 9}}
CLOSED = {"type": "session.closed", "reason": "close_requested", "usage": {"seconds": 65.1}}
STARTED = {"type": "session.started", "session": {"id": "sess_1", "model": "gpt-live-1"}}
WRITTEN = (
    {**CREATE, **RESPONSES, "input": "say hi"},
    {**CREATE, **RESPONSES, "input": BIRD},
    answers("response.completed"),
)
VOICE = (voiced("say hi"), voiced(BIRD), answers("response.done"))
CLIENTS = {
    "codex-key": Client(("api.openai.com", "/v1/responses"), "gpt-5.2", *WRITTEN),
    "codex-plan": Client(CODEX, "gpt-5.2", *WRITTEN, is_plan=True),
    "openai-realtime": Client(OPENAI, "gpt-realtime", *VOICE),
    "azure-realtime": Client(AZURE, "gpt-realtime", *VOICE),
    "xai-realtime": Client(XAI, "grok-voice-latest", *VOICE),
    "gemini-live": Client(GEMINI, SUNG, turn("hi"), turn(BIRD), (OVER,), ({"setup": {"model": SUNG}},)),
    "openai-live": Client(
        ("api.openai.com", "/v1/live/sessions"),
        "gpt-live-1",
        START,
        {**START, "session": {"model": "gpt-live-1", "instructions": BIRD}},
        (STARTED, CLOSED),
    ),
}
EACH = pytest.mark.parametrize("name", CLIENTS)


class Spoken(NamedTuple):
    """A socket that stands, and what came to its provider on it."""

    road: Road
    socket: ClientConnection
    heard: list[bytes]

    async def call(self, said: dict[str, Any], number: int = 1) -> CallRecord:
        """Say it; the row of so many that it leads to."""
        await self.socket.send(json.dumps(said))
        return (await self.road.calls(number))[number - 1]


@asynccontextmanager
async def speaking(folder: Path, sim: Simulator, client: Client, policy: str) -> AsyncIterator[Spoken]:
    """It has opened its socket, and said what comes before the first call."""
    heard: list[bytes] = []

    async def talk(socket: ServerConnection) -> None:
        async for message in socket:
            heard.append(message if isinstance(message, bytes) else message.encode())
            if json.loads(message).keys() != {"setup"}:
                for answer in client.answers:
                    await socket.send(json.dumps(answer).replace("resp_1", f"resp_{len(heard)}"))

    host, path = client.where
    async with talking(folder, sim, talk, host=host, policy=policy) as road, opened(road, path, host) as it:
        for message in client.before:
            await it.send(json.dumps(message))
        yield Spoken(road, it, heard)


async def told(socket: ClientConnection) -> str:
    """What the client is told of a refusal."""
    while "Tollway" not in (said := str(await socket.recv())) and "limit" not in said:
        pass
    return said


@EACH
async def test_each_is_metered_as_it_is_billed(tmp_path: Path, sim: Simulator, name: str) -> None:
    """A plan's calls are notional; a Live session is billed by the second."""
    client = CLIENTS[name]
    async with speaking(tmp_path, sim, client, "version: 1") as spoken:
        row = await spoken.call(client.ask)

    assert (row.model, row.error, row.cost.nano > 0) == (client.model, None, True)
    assert row.billing is (Billing.NOTIONAL if client.is_plan else Billing.METERED)
    assert row.usage.seconds == (66 if name == "openai-live" else None)


@EACH
async def test_what_does_not_fit_is_not_asked_for(tmp_path: Path, sim: Simulator, name: str) -> None:
    """Of voices, the slice; of a plan, what counts in dollars if the limit says so."""
    client, policy = CLIENTS[name], VOICED % "amount: 0.001 USD, notional: true"
    async with speaking(tmp_path, sim, client, policy) as spoken:
        row = await spoken.call(client.ask)
        assert "day" in await told(spoken.socket)

    assert (row.error, row.action, row.cost.nano) == ("over_limit", "block by day", 0)
    assert len(spoken.heard) == len(client.before)


async def test_a_plans_tokens_and_requests_are_limited_and_its_messages_are_not_clamped(
    tmp_path: Path, sim: Simulator
) -> None:
    """Its dollars are no money, but if the limit says so."""
    client, found = CLIENTS["codex-plan"], dict[str, list[str | None]]()
    limits = ("0.001 USD", "0.001 USD, notional: true", "150 output tokens", "1 requests")
    for amount in limits:
        folder = tmp_path / amount
        folder.mkdir()
        policy = VOICED % f"amount: {amount}, then: [clamp, block]"
        async with speaking(folder, sim, client, policy) as spoken:
            found[amount] = [(await spoken.call(client.ask, number)).error for number in (1, 2)]
        assert spoken.heard == [json.dumps(client.ask).encode()] * found[amount].count(None)

    no = "over_limit"
    assert [*found.values()] == [[None, None], [no, no], [no, no], [None, no]]


@EACH
@pytest.mark.parametrize("do", ["block", "redact", "flag"])
async def test_what_is_to_stay_here_is_not_said_and_no_message_is_changed(
    tmp_path: Path, sim: Simulator, name: str, do: str
) -> None:
    """What would be taken out of a request over HTTPS blocks the message."""
    client = CLIENTS[name]
    async with speaking(tmp_path, sim, client, GUARD.format("request", do)) as spoken:
        row = await spoken.call(client.names_bird)

    assert {found.by for found in row.findings} == {"codenames"}
    assert row.error == (None if do == "flag" else "guardrail")
    assert (json.dumps(client.names_bird).encode() in spoken.heard) is (do == "flag")
    assert any(BIRD.encode() in said for said in spoken.heard) is (do == "flag")


@EACH
async def test_where_answers_are_looked_through_no_socket_opens(
    tmp_path: Path, sim: Simulator, name: str
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with speaking(tmp_path, sim, CLIENTS[name], GUARD.format("response", "block")):
            pass

    assert refused.value.response.status_code == 426


@EACH
async def test_an_open_socket_stays_where_it_is(tmp_path: Path, sim: Simulator, name: str) -> None:
    """A limit that would move a call over HTTPS refuses it here, and its row says why; what fits goes on."""
    client = CLIENTS[name]
    policy = VOICED % "amount: 1 requests, then: [{route: other}, block]"
    policy += 'routes: {other: [{from: "*", to: openai/gpt-4o-mini}]}\n'
    async with speaking(tmp_path, sim, client, policy) as spoken:
        first = await spoken.call(client.ask)
        second = await spoken.call(CREATE if client.ask is START else client.ask, 2)

    assert (first.error, first.model) == (None, client.model)
    assert (second.error, second.action) == ("over_limit", f"route other skipped: {HELD}, block by day")
    assert spoken.heard == [json.dumps(said).encode() for said in (*client.before, client.ask)]


@pytest.mark.parametrize("name", ["openai-realtime", "azure-realtime", "xai-realtime"])
async def test_a_voice_that_has_no_slice_left_ends_its_socket(
    tmp_path: Path, sim: Simulator, name: str
) -> None:
    """An answer that the provider begins by itself can't be refused."""
    client = CLIENTS[name]
    heard = {"type": "input_audio_buffer.append", "audio": "AAAA"}
    async with speaking(tmp_path, sim, client, VOICED % "amount: 0.001 USD") as spoken:
        await spoken.socket.send(json.dumps(heard))
        with pytest.raises(ConnectionClosed) as closed:
            await told(spoken.socket)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
