"""Keeping workers running."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.tollway.workers.pretending import Stage, stage, until
from tollway.workers.process import NotStarted, Worker
from tollway.workers.supervisor import Supervisor

__all__ = ["stage"]


class Time:
    """Passes only while somebody waits for it, and then at once."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.waits.append(seconds)
        self.now += seconds


@asynccontextmanager
async def supervised(
    stage: Stage, count: int = 2, time: Time | None = None, stop_seconds: float = 60.0
) -> AsyncIterator[Supervisor]:
    """So many that listen; told to stop at the end, if nobody did."""
    passing = time or Time()
    supervisor = Supervisor(count, stage.launch, passing, passing.sleep, stop_seconds)
    await supervisor.begin()
    try:
        yield supervisor
    finally:
        supervisor.stop()
        await supervisor.ended()
        assert (len(supervisor), supervisor.workers()) == (0, [])


def by_number(supervisor: Supervisor) -> dict[int, list[Worker]]:
    """Those that live."""
    found: dict[int, list[Worker]] = {}
    for worker in supervisor.workers():
        found.setdefault(worker.number, []).append(worker)
    return found


async def test_all_listen_once_it_has_begun_and_none_is_left_at_its_end(stage: Stage) -> None:
    async with supervised(stage, 3) as supervisor:
        assert len(supervisor) == 3
        assert sorted(by_number(supervisor)) == [1, 2, 3]
        assert supervisor.restarts == 0


async def test_who_ends_is_started_again_and_what_it_told_is_kept(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    time = Time()
    async with supervised(stage, time=time) as supervisor:
        victim = by_number(supervisor)[2][0]
        await victim.metrics()
        victim.kill()
        await until(lambda: supervisor.restarts == 1 and len(supervisor) == 2)

        assert time.waits == [0.1]
        assert (len(stage.starts(1)), len(stage.starts(2))) == (1, 2)
        assert sum(supervisor.gone.counts.values()) == 7
    assert "worker 2 ended (killed by SIGKILL); it is started again in 0.1 s" in caplog.text
    assert caplog.messages[-1] == "worker 2 listens again"


async def test_who_ends_again_and_again_is_left_alone_longer_and_longer(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """Also where it does not come to listen."""
    time = Time()
    async with supervised(stage, time=time) as supervisor:
        stage.behave(1, "fails")
        by_number(supervisor)[1][0].kill()
        await until(lambda: supervisor.restarts >= 3)
        stage.behave(1, "")
        await until(lambda: len(supervisor) == 2)

        assert time.waits[:3] == [0.1, 0.2, 0.4]
    assert "worker 1 could not be started: it is wrong; it is started again in 0.2 s" in caplog.text


async def test_who_ends_as_soon_as_it_listens_is_started_again(stage: Stage) -> None:
    async with supervised(stage) as supervisor:
        stage.behave(1, "dies later")
        by_number(supervisor)[1][0].kill()
        await until(lambda: supervisor.restarts >= 2)
        stage.behave(1, "")
        await until(lambda: len(supervisor) == 2 and len(by_number(supervisor).get(1, [])) == 1)


@pytest.mark.parametrize("how", ["fails", "dies"])
async def test_if_one_can_not_start_at_first_none_is_left(stage: Stage, how: str) -> None:
    stage.behave(2, how)
    time = Time()
    supervisor = Supervisor(3, stage.launch, time, time.sleep)

    with pytest.raises(NotStarted):
        await supervisor.begin()

    assert supervisor.workers() == []
    assert time.waits == []


async def test_if_no_process_can_be_started_that_is_said() -> None:
    async def start(number: int) -> Worker:
        raise OSError(11, "Resource temporarily unavailable")

    time = Time()
    with pytest.raises(NotStarted, match="worker 1 can't be started: Resource temporarily unavailable"):
        await Supervisor(1, start, time, time.sleep).begin()


async def test_all_are_replaced_one_by_one(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Again while it goes on changes nothing."""
    caplog.set_level(logging.INFO)
    async with supervised(stage) as supervisor:
        old = set(supervisor.workers())
        supervisor.roll()
        supervisor.roll()
        await until(lambda: not old & set(supervisor.workers()) and len(supervisor) == 2)

        assert (len(stage.starts(1)), len(stage.starts(2))) == (2, 2)
        assert supervisor.restarts == 0
        assert supervisor.gone.log_dropped == 6
        assert "the workers are being replaced already" in caplog.text
        await until(lambda: "all workers are new" in caplog.text)
        supervisor.roll()
        await until(lambda: caplog.text.count("all workers are new") == 2)
    supervisor.roll()
    assert len(stage.starts(1)) == 3


async def test_who_dies_while_it_is_replaced_leaves_one_in_its_place_and_not_two(stage: Stage) -> None:
    async with supervised(stage) as supervisor:
        old = by_number(supervisor)[1][0]
        stage.behave(1, "slow")
        supervisor.roll()
        await until(lambda: len(stage.starts(1)) == 2)
        old.kill()
        await until(lambda: len(stage.starts(1)) == 3)
        _, first, second = stage.starts(1)
        for fresh in (first, second):
            (stage.folder / f"go-{fresh}").touch()
            await until(lambda: fresh in [each.pid for each in supervisor._serving.values()])  # noqa: B023

        await until(lambda: [each.pid for each in by_number(supervisor)[1]] == [second])
        stage.behave(1)


async def test_who_can_not_be_replaced_stays(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    async with supervised(stage) as supervisor:
        old = by_number(supervisor)
        stage.behave(2, "fails")
        supervisor.roll()
        await until(lambda: "not replaced" in caplog.text)

        assert by_number(supervisor)[2] == old[2]
        assert by_number(supervisor)[1] != old[1]
        assert len(supervisor) == 2
        stage.behave(2, "")


async def test_who_does_not_stop_in_time_is_killed(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.behave(1, "hangs")
    async with supervised(stage, stop_seconds=0.05) as supervisor:
        assert len(supervisor) == 2

    assert "worker 1 does not end; it is killed" in caplog.text


async def test_while_one_waits_to_be_started_again_all_can_be_stopped(stage: Stage) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.Event().wait()

    supervisor = Supervisor(2, stage.launch, Time(), sleep)
    await supervisor.begin()
    os.kill(by_number(supervisor)[1][0].pid, signal.SIGKILL)
    await until(lambda: slept)
    supervisor.stop()
    await supervisor.ended()

    assert len(stage.starts(1)) == 1


@pytest.mark.parametrize("say", [Supervisor.reload, Supervisor.give_up])
async def test_what_all_are_told_all_hear(stage: Stage, say: Callable[[Supervisor], None]) -> None:
    """They go on listening."""
    async with supervised(stage) as supervisor:
        say(supervisor)
        told = [await worker.metrics() for worker in supervisor.workers()]
        assert len(told) == 2
