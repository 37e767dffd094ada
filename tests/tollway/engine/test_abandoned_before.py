"""Nothing is asked for clients that leave before their call is sent."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Simulator
from tests.tollway.calls import MISTRAL
from tests.tollway.engine.leaving import BY, JSON, SLOW, Ask, ask
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import Road
from tests.tollway.road import road as running_road

__all__ = ["ask"]


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
