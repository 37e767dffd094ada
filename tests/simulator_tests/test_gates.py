"""Answers that wait until they are let go."""

import http.client
import json
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.simulator import Scenario, Simulator
from tests.simulator.client import RawClient
from tests.simulator.process import Running, running

GATED = b'POST /v1/messages HTTP/1.1\r\nHost: h\r\nX-Sim: {"gate":"one"}\r\nContent-Length: 2\r\n\r\n{}'
FREE = b"POST /v1/messages HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
async def clients(sim: Simulator) -> AsyncIterator[tuple[RawClient, RawClient]]:
    """Two connections without TLS."""
    async with (
        await RawClient.open(sim.address, sim.plain_port) as one,
        await RawClient.open(sim.address, sim.plain_port) as other,
    ):
        yield one, other


async def test_an_answer_waits_behind_its_gate_and_no_other_does(
    sim: Simulator, clients: tuple[RawClient, RawClient]
) -> None:
    """A call that was made later is answered first; then, once the gate is open, the first."""
    first, second = clients
    await first.send(GATED)
    waiting = await sim.wait_for(lambda seen: seen.received is not None)

    await second.send(FREE)

    assert (await second.response()).status == 200
    assert (waiting.answered, waiting.status) == (None, None)
    sim.open("one")
    assert (await first.response()).status == 200


async def test_a_gate_that_was_opened_stays_open_until_the_simulator_forgets(
    sim: Simulator, clients: tuple[RawClient, RawClient]
) -> None:
    first, second = clients
    sim.open("one")

    await first.send(GATED)

    assert (await first.response()).status == 200
    sim.reset()
    await second.send(GATED)
    waiting = await sim.wait_for(lambda seen: seen.received is not None)
    assert waiting.answered is None


async def test_a_client_may_leave_while_its_answer_waits(
    sim: Simulator, clients: tuple[RawClient, RawClient]
) -> None:
    sim.scenario = Scenario(gate="never opened")
    await clients[0].send(FREE)
    await sim.wait_for(lambda seen: seen.received is not None)

    clients[0].reset()

    assert (await sim.wait_for(lambda seen: seen.client_left)).status is None


async def test_one_gate_opens_no_other(sim: Simulator, clients: tuple[RawClient, RawClient]) -> None:
    first, second = clients
    await first.send(GATED)
    waiting = await sim.wait_for(lambda seen: seen.received is not None)

    sim.open("other")

    await second.send(FREE)
    await second.response()
    assert waiting.answered is None


def test_a_process_opens_its_gates_when_told(tmp_path: Path) -> None:
    with running(tmp_path) as process:
        process.open("one")

        assert ask(process) == 200


def test_what_names_no_gate_is_said(tmp_path: Path) -> None:
    with running(tmp_path) as process, pytest.raises(ValueError, match="KeyError: 'open'"):
        process._call("POST", "/__gate", {"shut": "one"})


def ask(process: Running) -> int:
    """The status of a gated call."""
    headers = {"x-sim": json.dumps({"gate": "one"})}
    with closing(http.client.HTTPConnection(process.address, process.plain_port, timeout=120)) as connection:
        connection.request("POST", "/v1/messages", "{}", headers)
        return connection.getresponse().status
