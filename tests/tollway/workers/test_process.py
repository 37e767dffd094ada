"""One worker, as its supervisor has it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

import tollway
from tests.tollway.workers.pretending import Stage, stage
from tollway.readiness.check import ok
from tollway.workers.place import Place
from tollway.workers.process import NotStarted, Worker, how_it_ended, python
from tollway.workers.told import Told

__all__ = ["stage"]


async def test_it_listens_and_ends_when_it_is_told_to(stage: Stage) -> None:
    worker = await stage.launch(1)
    await worker.listens()
    assert stage.starts(1) == [worker.pid]
    assert os.getpgid(worker.pid) == worker.pid != os.getpgrp()

    worker.say("stop")

    assert await worker.ended() == "exit status 0"
    worker.say("stop")
    worker.kill()


async def test_it_tells_its_metrics_and_what_it_told_last_is_known_after_its_end(stage: Stage) -> None:
    worker = await stage.launch(1)
    told = await worker.metrics()
    assert (sum(told.counts.values()), told.now.in_flight, told.now.log_dropped) == (7, 2, 1)
    assert worker.last == told

    worker.say("stop")
    await worker.ended()

    last = await worker.metrics()
    assert last.now.log_dropped == 3
    assert last == worker.last


async def test_it_tells_how_ready_it_is_and_nothing_after_its_end(stage: Stage) -> None:
    worker = await stage.launch(1)
    checks = await worker.readiness()
    assert checks == [ok("serving", "calls are taken"), ok("store", "can be written")]

    worker.say("stop")
    await worker.ended()

    assert await worker.readiness() is None


async def test_those_who_ask_how_ready_it_is_at_once_are_told_together(stage: Stage) -> None:
    """And not one after the other: one that stands still would have to hear them all later."""
    worker = await stage.launch(1)
    first, second = asyncio.ensure_future(worker.readiness()), asyncio.ensure_future(worker.readiness())
    await asyncio.sleep(0)
    first.cancel()

    assert await second == await worker.readiness() != []
    worker.say("stop")
    await worker.ended()


async def test_who_dies_while_it_is_asked_how_ready_it_is_is_not(stage: Stage) -> None:
    stage.behave(1, "hangs")
    worker = await stage.launch(1)
    await worker.listens()
    asked = asyncio.ensure_future(worker.readiness())
    await asyncio.sleep(0)
    worker.kill()

    assert await asked is None


async def test_who_dies_while_it_is_asked_told_what_it_told_before(stage: Stage) -> None:
    stage.behave(1, "hangs")
    worker = await stage.launch(1)
    await worker.listens()
    asked = worker.metrics()
    worker.kill()

    assert await asked == Told()


async def test_what_it_says_of_its_failure_is_the_reason(stage: Stage) -> None:
    stage.behave(1, "fails")
    worker = await stage.launch(1)

    with pytest.raises(NotStarted, match=r"^it is wrong$") as failed:
        await worker.listens()

    assert (failed.value.status, failed.value.is_policy) == (2, True)


async def test_who_dies_without_a_word_is_said_to(stage: Stage) -> None:
    stage.behave(7, "dies")
    worker = await stage.launch(7)

    with pytest.raises(
        NotStarted, match=r"^worker 7 ended before it listened \(killed by SIGKILL\)$"
    ) as died:
        await worker.listens()

    assert (died.value.status, died.value.is_policy) == (1, False)


async def test_a_program_that_is_not_there_can_not_be_started(stage: Stage) -> None:
    with pytest.raises(OSError, match="No such file"):
        await Worker.start(lambda place: ["/no/such/program"], Place(number=1, share=0, page=0, sockets=[]))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (0, "exit status 0"),
        (3, "exit status 3"),
        (-signal.SIGTERM, "killed by SIGTERM"),
        (-99, "killed by signal 99"),
    ],
)
def test_an_end_is_said_in_words(status: int, said: str) -> None:
    assert how_it_ended(status) == said


def test_the_same_package_is_run_whatever_is_in_the_folder_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless that is the package's own, where it may be found no other way."""
    monkeypatch.chdir(tmp_path)
    assert python() == [sys.executable, "-P", "-m", "tollway"]
    monkeypatch.chdir(Path(tollway.__file__).parents[1])
    assert python() == [sys.executable, "-m", "tollway"]
