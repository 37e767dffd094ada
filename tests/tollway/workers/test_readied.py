"""How ready several workers are (those that only talk like some; real ones: test_supervised_admin.py)."""

import os
import signal

import pytest

from tests.tollway.workers.pretending import Stage, stage, until
from tests.tollway.workers.test_supervisor import Time, supervised
from tollway.readiness.check import Check, Status, is_ready
from tollway.workers.readied import Readied
from tollway.workers.supervisor import Supervisor

__all__ = ["stage"]


async def found(readied: Readied) -> dict[str, Check]:
    """By name."""
    return {check.name: check for check in await readied.checks()}


async def test_all_that_listen_are_as_one(stage: Stage) -> None:
    async with supervised(stage, 2) as supervisor:
        checks = await Readied(supervisor, 2).checks()

    assert is_ready(checks, strict=True)
    assert [check.name for check in checks] == ["workers", "serving", "store"]


async def test_before_any_listens_it_starts(stage: Stage) -> None:
    supervisor = Supervisor(2, stage.launch, Time())

    (check,) = await Readied(supervisor, 2).checks()

    assert check.reason == "Tollway is starting"


async def test_told_to_stop_it_is_not_ready_while_workers_finish(stage: Stage) -> None:
    async with supervised(stage, 2) as supervisor:
        supervisor.stop()
        assert supervisor.is_stopping

        (check,) = await Readied(supervisor, 2).checks()

    assert check.reason.startswith("Tollway was told to stop")


async def test_one_that_is_not_well_is_named(stage: Stage) -> None:
    stage.behave(2, "full")
    async with supervised(stage, 2) as supervisor:
        checks = await found(Readied(supervisor, 2))

    assert checks["store"] == Check("store", Status.FAIL, "worker 2: is full")


async def test_one_that_stands_still_is_given_nothing_and_the_others_are_enough(stage: Stage) -> None:
    async with supervised(stage, 2) as supervisor:
        victim = supervisor.serving()[0].pid
        os.kill(victim, signal.SIGSTOP)
        try:
            checks = await found(Readied(supervisor, 2, patience_seconds=0.5))
        finally:
            os.kill(victim, signal.SIGCONT)

    assert checks["workers"].status is Status.WARN
    assert checks["workers"].figures == {"listening": 2, "answering": 1, "asked": 2}
    assert is_ready(checks.values())


@pytest.mark.parametrize(("count", "ready"), [(1, False), (2, True)])
async def test_while_one_is_started_anew_the_others_are_enough_if_there_are_any(
    stage: Stage, count: int, ready: bool
) -> None:
    async with supervised(stage, count) as supervisor:
        stage.behave(1, "slow")
        victim = stage.starts(1)[0]
        os.kill(victim, signal.SIGKILL)
        await until(lambda: len(stage.starts(1)) == 2)

        checks = await found(Readied(supervisor, count))

        (stage.folder / f"go-{stage.starts(1)[1]}").touch()
        await until(lambda: len(supervisor) == count)

    assert is_ready(checks.values()) is ready
    assert checks["workers"].figures["listening"] == count - 1
