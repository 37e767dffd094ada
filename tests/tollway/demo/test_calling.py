"""The programs of a tour, run."""

import os
from dataclasses import replace
from typing import Any

import pytest

from tests.simulator import Scenario, Simulator
from tollway.demo.calling import calling
from tollway.demo.stop import Stop
from tollway.errors import TollwayError


@pytest.fixture
def stop(sim: Simulator) -> Stop:
    """A call without TLS, which needs no proxy."""
    return Stop(
        person="ada",
        program="agent",
        does="asks",
        url=f"http://{sim.address}:{sim.plain_port}/v1/messages",
        body={"model": "m"},
        headers={"user-agent": "agent/1"},
        answer={"status": 429, "message": "wait"},
    )


async def test_the_call_of_a_stop_is_made_and_its_answer_read(sim: Simulator, stop: Stop) -> None:
    """With its own headers, its person as a tag, and what the simulator is to do."""
    async with calling(stop, os.environ) as caller:
        answer = await caller.answer()

    assert answer.status == 429
    assert "wait" in answer.body
    assert answer.headers["content-type"] == "application/json"
    (seen,) = sim.seen
    assert seen.json == {"model": "m"}
    assert (seen.header("x-tollway-tags"), seen.header("user-agent")) == ("person=ada", "agent/1")


async def test_one_that_leaves_does_not_read_to_the_end(sim: Simulator, stop: Stop) -> None:
    endless = {"events": 10_000, "interval": 0.01}
    leaving = replace(stop, body={"stream": True}, answer=endless, leave=True)

    async with calling(leaving, os.environ) as caller:
        assert (await caller.answer()).status == 200

    assert (await sim.wait_for(lambda one: one.client_left)).events_written < 10_000


async def test_its_environment_is_what_it_is_given(stop: Stop, capfd: pytest.CaptureFixture[str]) -> None:
    """A proxy that is not there fails it; its own message comes first."""
    async with calling(stop, {"http_proxy": "http://127.0.0.1:9"}) as caller:
        with pytest.raises(TollwayError, match="its message is above"):
            await caller.answer()

    assert "refused" in capfd.readouterr().err


async def test_it_is_gone_when_the_tour_goes_on_without_it(sim: Simulator, stop: Stop) -> None:
    """Ctrl-C, say: the process has ended, and the provider sees it."""
    sim.scenario = Scenario(gate="never")
    made: list[Any] = []

    async with calling(replace(stop, answer={}), os.environ) as caller:
        made.append(caller)
        await sim.wait_for(lambda one: one.received is not None)

    assert made[0]._process.returncode == -9
