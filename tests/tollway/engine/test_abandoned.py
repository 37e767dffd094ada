"""Clients that leave: before the head, within a stream, within JSON, over either protocol."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.simulator import Cut, Scenario, Simulator, Usage
from tests.simulator.client import RawClient
from tests.simulator.client_http2 import Http2Client
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, GEMINI_SSE, MISTRAL, RESPONSES, UNKNOWN, Call
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway.hooks.drain import Bounds
from tollway.model import Source

USAGE = Usage(input_tokens=70, output_tokens=33)
SLOW = Scenario(usage=USAGE, events=12, interval=0.02)
SLOW_JSON = Scenario(usage=USAGE, slices=40, interval=0.02)
JSON = [("content-type", "application/json")]
LATE = Scenario(usage=USAGE, ttfb=0.2)


@dataclass
class Leaver:
    """A client with one request on its way, and a way of its own to leave."""

    raw: RawClient
    http2: Http2Client | None
    stream: int
    how: str

    async def first_bytes(self) -> None:
        """Wait for some of the answer's body."""
        if self.http2 is None:
            await self.raw.receive_until(lambda data: len(data.partition(b"\r\n\r\n")[2]) > 10)
        else:
            await self.http2.until(self.stream, lambda answer: bool(answer.body))

    async def leave(self) -> None:
        """As this client does."""
        if self.how == "http1 half-close":
            self.raw.half_close()
        elif self.how.endswith("close"):
            self.raw.close()
        elif self.how.endswith("reset"):
            self.raw.reset()
        else:
            assert self.http2 is not None
            await self.http2.cancel(self.stream)


class Ask(Protocol):
    """Sends a request, as a client that will leave in a way of its own."""

    async def __call__(self, road: Road, call: Call, how: str) -> Leaver: ...


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Its connections are closed at the end, if they are not yet."""
    opened: list[RawClient] = []

    async def ask(road: Road, call: Call, how: str) -> Leaver:
        if how.startswith("http1"):
            opened.append(raw := await road.raw(call.host))
            await raw.send(call.http1())
            return Leaver(raw, None, 0, how)
        http2 = await road.raw2(call.host)
        opened.append(http2.raw)
        return Leaver(http2.raw, http2, await http2.request(call.host, call.path, JSON, call.content), how)

    yield ask
    for raw in opened:
        raw.close()


WAYS = ["http1 close", "http1 reset", "http1 half-close", "http2 rst_stream", "http2 close", "http2 reset"]
BY = pytest.mark.parametrize("how", WAYS)


@asynccontextmanager
async def bounded(tmp_path: Path, sim: Simulator, bounds: Bounds) -> AsyncIterator[Road]:
    async with running_road(tmp_path, sim, drains=bounds) as found:
        yield found


@BY
@pytest.mark.parametrize("call", [MISTRAL.streamed(), GEMINI_SSE], ids=["mistral", "gemini"])
async def test_a_provider_that_bills_on_is_read_to_its_usage(
    road: Road, ask: Ask, call: Call, how: str
) -> None:
    road.sim.scenario = SLOW

    client = await ask(road, call, how)
    await client.first_bytes()
    await client.leave()
    record = await road.call()

    assert road.sim.seen[0].complete
    assert not road.sim.seen[0].client_left
    assert (record.usage.input_tokens, record.usage.output_tokens) == (70, 33)
    assert (record.error, record.status, record.cost.source) == ("abandoned", 200, Source.COMPUTED)
    assert nothing_left(road)


@BY
@pytest.mark.parametrize(
    "call", [CHAT.streamed(), CLAUDE.streamed(), RESPONSES.streamed()], ids=lambda c: c.path
)
async def test_a_provider_that_stops_billing_is_closed_at_once(
    road: Road, ask: Ask, call: Call, how: str
) -> None:
    """What it delivered until then is estimated from its texts."""
    road.sim.scenario = Scenario(usage=USAGE, events=10_000, interval=0.02, text="many words come by ")

    client = await ask(road, call, how)
    await client.first_bytes()
    await client.leave()
    record = await road.call()

    seen = await road.sim.wait_for(lambda seen: seen.client_left)
    assert seen.events_written < 5_000
    assert (record.error, record.status, record.cost.source) == ("abandoned", 200, Source.ESTIMATED)
    assert record.usage.input_tokens
    assert record.cost.nano > 0
    if call.host == CLAUDE.host:
        assert record.usage.input_tokens == 70  # its first event said so
    assert nothing_left(road)


async def test_the_estimate_of_a_closed_stream_is_of_what_was_delivered(road: Road, ask: Ask) -> None:
    """More output was delivered: more is charged."""
    road.sim.scenario = Scenario(usage=None, events=10_000, interval=0.005, text="many words come by ")

    for number in (5, 60):
        client = await ask(road, CHAT.streamed(), "http1 close")
        await client.raw.receive_until(lambda data, number=number: data.count(b"data:") > number)  # type: ignore[misc]
        await client.leave()
    few, many = sorted(await road.calls(2), key=lambda record: record.started_us)

    assert few.usage.input_tokens == many.usage.input_tokens
    assert many.usage.output_tokens > 5 * few.usage.output_tokens > 0  # type: ignore[operator]
    assert many.cost.output_nano > few.cost.output_nano > 0


@BY
@pytest.mark.parametrize("call", [CHAT, CLAUDE, GEMINI, MISTRAL], ids=lambda call: call.host)
async def test_an_answer_that_is_no_stream_is_read_to_its_end_by_whomever_it_is(
    road: Road, ask: Ask, call: Call, how: str
) -> None:
    """All providers bill it whole. The client leaves while it is held back, so the simulator says when."""
    road.sim.scenario = SLOW_JSON

    client = await ask(road, call, how)
    await road.sim.wait_for(lambda seen: seen.events_written > 2)
    await client.leave()
    record = await road.call()

    assert road.sim.seen[0].complete
    assert (record.usage.input_tokens, record.usage.output_tokens) == (70, 33)
    assert (record.error, record.cost.source) == ("abandoned", Source.COMPUTED)
    assert nothing_left(road)


@BY
@pytest.mark.parametrize("call", [CHAT, MISTRAL.streamed()], ids=["json", "stream"])
async def test_leaving_before_the_head_is_the_same(road: Road, ask: Ask, call: Call, how: str) -> None:
    road.sim.scenario = LATE

    client = await ask(road, call, how)
    await road.sim.wait_for(lambda seen: True)
    await client.leave()
    record = await road.call()

    assert road.sim.seen[0].complete
    assert (record.usage.input_tokens, record.usage.output_tokens) == (70, 33)
    assert (record.error, record.status) == ("abandoned", 200)
    assert nothing_left(road)


@BY
async def test_leaving_before_the_head_of_a_stream_that_is_closed_charges_the_input(
    road: Road, ask: Ask, how: str
) -> None:
    road.sim.scenario = Scenario(ttfb=30)

    client = await ask(road, CLAUDE.streamed(), how)
    await road.sim.wait_for(lambda seen: True)
    await client.leave()
    record = await road.call()

    await road.sim.wait_for(lambda seen: seen.client_left)
    assert (record.error, record.status, record.cost.source) == ("abandoned", None, Source.ESTIMATED)
    assert record.cost.nano == record.cost.input_nano > 0
    assert nothing_left(road)


@BY
async def test_the_policy_may_close_them_all(
    tmp_path: Path, home: Path, sim: Simulator, ask: Ask, how: str
) -> None:
    sim.scenario = Scenario(usage=USAGE, events=10_000, interval=0.02)

    async with running_road(tmp_path, sim, policy="version: 1\nfaults: {abandoned: close}") as road:
        client = await ask(road, MISTRAL.streamed(), how)
        await client.first_bytes()
        await client.leave()
        record = await road.call()

        await sim.wait_for(lambda seen: seen.client_left)
        assert (record.error, record.cost.source) == ("abandoned", Source.ESTIMATED)
        assert nothing_left(road)


@BY
@pytest.mark.parametrize("call", [MISTRAL.streamed(), MISTRAL], ids=["stream", "json"])
async def test_a_drain_ends_in_time(
    tmp_path: Path, home: Path, sim: Simulator, ask: Ask, call: Call, how: str
) -> None:
    """A provider that falls silent is closed; what it said until then is charged."""
    cut = Cut(how="hang", after_bytes=1500)
    sim.scenario = Scenario(usage=USAGE, events=100, text="some words that take their place ", cut=cut)

    async with bounded(tmp_path, sim, Bounds(seconds=0.1)) as road:
        client = await ask(road, call, how)
        await sim.wait_for(lambda seen: seen.bytes_written == 1500)
        await client.leave()
        record = await road.call()

        await sim.wait_for(lambda seen: seen.client_left)
        assert (record.error, record.status, record.cost.source) == ("abandoned", 200, Source.ESTIMATED)
        assert record.cost.input_nano > 0
        assert record.cost.output_nano > 0
        assert await road.proxy.steps.drain.stop(10)
        assert nothing_left(road)


@BY
@pytest.mark.parametrize("call", [MISTRAL.streamed(), MISTRAL], ids=["stream", "json"])
async def test_a_drain_reads_no_more_than_its_bytes(
    tmp_path: Path, home: Path, sim: Simulator, ask: Ask, call: Call, how: str
) -> None:
    sim.scenario = Scenario(usage=USAGE, events=20_000, interval=0.001, text="x" * 1000, slices=1000)

    async with bounded(tmp_path, sim, Bounds(size=100_000)) as road:
        client = await ask(road, call, how)
        await sim.wait_for(lambda seen: seen.bytes_written > 20_000)
        await client.leave()
        record = await road.call()

        seen = await sim.wait_for(lambda seen: seen.client_left)
        assert 100_000 < seen.bytes_written < 10_000_000
        assert (record.error, record.cost.source) == ("abandoned", Source.ESTIMATED)
        assert record.cost.output_nano > 0
        assert nothing_left(road)


@BY
async def test_an_answer_that_is_too_large_already_is_closed(
    tmp_path: Path, home: Path, sim: Simulator, ask: Ask, how: str
) -> None:
    sim.scenario = Scenario(usage=USAGE, events=20_000, interval=0.001, text="x" * 1000)

    async with bounded(tmp_path, sim, Bounds(size=1000)) as road:
        client = await ask(road, MISTRAL.streamed(), how)
        await sim.wait_for(lambda seen: seen.bytes_written > 20_000)
        await client.leave()

        await sim.wait_for(lambda seen: seen.client_left)
        assert (await road.call()).error == "abandoned"


@BY
async def test_so_many_are_drained_at_once_and_the_next_is_closed(
    tmp_path: Path, home: Path, sim: Simulator, ask: Ask, how: str
) -> None:
    """And when one has ended, there is room again."""
    sim.scenario = Scenario(usage=USAGE, events=300, interval=0.02)
    more = Scenario(usage=USAGE, events=12, interval=0.02)

    async with bounded(tmp_path, sim, Bounds(at_once=2)) as road:
        sim.on("*", "*", more, times=2)
        clients = [await ask(road, MISTRAL.streamed(), how) for _ in range(3)]
        for client in clients:
            await client.first_bytes()
            await client.leave()
        records = await road.calls(3)
        assert sorted(record.cost.source for record in records) == ["computed", "computed", "estimated"]

        sim.on("*", "*", more, times=1)
        client = await ask(road, MISTRAL.streamed(), how)
        await client.first_bytes()
        await client.leave()

        assert (await road.calls(4))[3].cost.source is Source.COMPUTED
        assert nothing_left(road)


@BY
@pytest.mark.parametrize("cut", ["close", "reset", "abrupt", "rst_stream", "goaway_lost"])
async def test_a_provider_that_dies_while_it_is_drained_is_estimated(
    road: Road, ask: Ask, how: str, cut: Any
) -> None:
    road.sim.scenario = Scenario(
        usage=USAGE, events=12, interval=0.02, text="some words ", cut=Cut(how=cut, after_events=8)
    )

    client = await ask(road, MISTRAL.streamed(), how)
    await client.first_bytes()
    await client.leave()
    record = await road.call()

    assert (record.error, record.status, record.cost.source) == ("abandoned", 200, Source.ESTIMATED)
    assert record.cost.output_nano > 0
    assert await road.proxy.steps.drain.stop(10)
    assert nothing_left(road)


@pytest.mark.parametrize("how", [how for how in WAYS if "half" not in how])
async def test_what_no_dialect_reads_is_closed(road: Road, ask: Ask, how: str) -> None:
    road.sim.scenario = Scenario(fill=2**30, status=201)

    client = await ask(road, UNKNOWN, how)
    await client.first_bytes()
    await client.leave()
    record = await road.call()

    await road.sim.wait_for(lambda seen: seen.client_left)
    assert (record.error, record.operation) == ("abandoned", "video")
    assert "unknown_call" in record.cost.flags
    assert nothing_left(road)


async def test_the_other_streams_of_a_connection_go_on(road: Road) -> None:
    road.sim.scenario = SLOW
    call = MISTRAL.streamed()

    client = await road.raw2(call.host)
    numbers = [await client.request(call.host, call.path, JSON, call.content) for _ in range(5)]
    for number in numbers:
        await client.until(number, lambda answer: bool(answer.body))
    await client.cancel(numbers[1])
    await client.cancel(numbers[3])
    whole = [await client.answer(number) for number in (numbers[0], numbers[2], numbers[4])]
    records = await road.calls(5)

    assert all(answer.whole and answer.body.endswith(b"data: [DONE]\n\n") for answer in whole)
    assert sorted(record.error or "" for record in records) == ["", "", "", "abandoned", "abandoned"]
    assert all(record.usage.output_tokens == 33 for record in records)
    assert nothing_left(road)
    again = await client.request(call.host, call.path, JSON, call.content)
    assert (await client.answer(again)).whole
    client.raw.close()


async def test_pipelined_requests_of_a_client_that_left_are_not_sent(road: Road) -> None:
    """The second one waits for the first, which nobody waits for any more."""
    road.sim.scenario = SLOW

    raw = await road.raw(MISTRAL.host)
    await raw.send(MISTRAL.streamed().http1() + MISTRAL.http1())
    await raw.receive_until(lambda data: b"data:" in data)
    raw.close()
    await road.call()
    assert await road.proxy.steps.drain.stop(10)

    assert len(road.sim.seen) == 1


class Gate:
    """In front of the simulator: it takes connections, and lets them through when it is opened."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim
        self.port = 0
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()
        self._tasks: list[Any] = []

    async def __aenter__(self) -> "Gate":
        self._server = await asyncio.start_server(self._through, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.opened.set()
        await asyncio.gather(*self._tasks)

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.append(asyncio.current_task())
        self.reached.set()
        await self.opened.wait()
        up_reader, up_writer = await asyncio.open_connection(self._sim.address, self._sim.port)
        await asyncio.gather(self._copy(reader, up_writer), self._copy(up_reader, writer))

    @staticmethod
    async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
        except OSError:
            pass
        finally:
            writer.close()


@BY
async def test_nothing_is_asked_for_a_client_that_leaves_while_the_provider_is_being_reached(
    tmp_path: Path, home: Path, sim: Simulator, ask: Ask, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Gate(sim) as gate:
        monkeypatch.setattr(sim, "connect_to", lambda host: f"{host}:443:127.0.0.1:{gate.port}")
        async with running_road(tmp_path, sim, hosts=(MISTRAL.host,)) as road:
            client = await ask(road, MISTRAL, how)
            await gate.reached.wait()
            await client.leave()
            if how == "http2 rst_stream":
                again = await client.http2.request(  # type: ignore[union-attr]
                    MISTRAL.host, MISTRAL.path, JSON, MISTRAL.content
                )
                gate.opened.set()
                assert (await client.http2.answer(again)).status == 200  # type: ignore[union-attr]
            record = (await road.calls(1))[0]

            assert (record.error, record.status, record.cost.nano) == ("abandoned", None, 0)
            assert len(sim.seen) == (how == "http2 rst_stream")
            assert await road.proxy.steps.drain.stop(10)
            assert nothing_left(road)


@BY
async def test_nothing_is_asked_for_a_client_that_leaves_while_its_call_is_being_recorded(
    road: Road, ask: Ask, how: str
) -> None:
    """The ledger is locked by somebody else meanwhile; the call's row says that it cost nothing."""
    path = road.ledger_url.removeprefix("sqlite:")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    drain = road.proxy.steps.drain

    client = await ask(road, MISTRAL, how)
    await until(lambda: drain.in_flight() == 1)
    await client.leave()
    if how == "http2 rst_stream":
        again = await client.http2.request(  # type: ignore[union-attr]
            MISTRAL.host, "/v1/models", [], b"", method="GET"
        )
        assert (await client.http2.answer(again)).status == 200  # type: ignore[union-attr]
    other.execute("ROLLBACK")
    other.close()
    record = await road.call()

    assert (record.error, record.status, record.cost.nano) == ("abandoned", None, 0)
    assert [seen.path for seen in road.sim.seen if seen.method == "POST"] == []
    (row,) = await road.rows()
    assert (row.state, row.cost.nano) == ("done", 0)
    assert nothing_left(road)


async def until(true: Callable[[], bool]) -> None:
    """Let the loop turn until something has become true."""
    async with asyncio.timeout(120):
        while not true():
            await asyncio.sleep(0)
