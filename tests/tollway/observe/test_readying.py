"""How ready a proxy is, of real parts."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Simulator
from tests.tollway.calls import CHAT
from tests.tollway.engine.test_abandoned_before import Gate
from tests.tollway.limited import ask as call
from tests.tollway.observe.asking import GET, ask
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tests.tollway.scraped import HERE, no_budgets
from tollway import clock, paths
from tollway.ca import rotation
from tollway.ca.store import root_path
from tollway.ledger.fault import LedgerError
from tollway.ledger.sqlite import SqliteLedger
from tollway.observe.measuring import Measuring
from tollway.observe.readying import SLOW, Asking, Readying, authority_of
from tollway.observe.showing import showing
from tollway.readiness.check import Check, Status, is_ready
from tollway.readiness.condition import Condition
from tollway.signing import Signing

DAY = 86_400.0
LIMITED = "version: 1\nlimits: [{name: day, amount: 10 USD, window: day}]\n"


class Always(Asking):
    """Asks a ledger each time."""

    def __init__(self) -> None:
        super().__init__(kept_seconds=0.0)


def ready(road: Road, now: Any = clock.now) -> Readying:
    """Of its proxy."""
    readying = Readying(now, Always())
    readying.serves(road.proxy)
    return readying


async def found(readying: Readying) -> dict[str, Check]:
    """By name."""
    return {check.name: check for check in await readying.checks()}


async def test_a_proxy_that_is_well_names_each_check(road: Road) -> None:
    checks = await ready(road).checks()

    assert [check.name for check in checks] == ["serving", "store", "policy", "ca", "clock"]
    assert {check.status for check in checks} == {Status.OK}


async def test_before_its_start_and_from_its_stop_on_it_is_not_ready(road: Road) -> None:
    readying = Readying()
    assert [check.reason for check in await readying.checks()] == ["Tollway is starting"]
    readying.serves(road.proxy)
    assert is_ready(await readying.checks())

    readying.stops()

    assert readying.is_stopping
    (check,) = await readying.checks()
    assert check.reason.startswith("Tollway was told to stop")


async def test_a_ledger_that_was_moved_refuses_calls_and_is_back_when_it_is(road: Road) -> None:
    path = Path(road.ledger_url.removeprefix("sqlite:"))
    readying = ready(road)
    os.rename(path, aside := path.with_suffix(".aside"))

    away = await found(readying)
    os.rename(aside, path)

    assert away["store"].status is Status.FAIL
    assert "moved, removed or replaced" in away["store"].reason
    assert (await found(readying))["store"].status is Status.OK


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        ("version: 1\nfaults: {store_down: open}\n", Status.WARN),
        (LIMITED + "faults: {store_down: open}\n", Status.WARN),
        (
            LIMITED.replace("window: day", "window: day, store_down: closed")
            + "faults: {store_down: open}\n",
            Status.FAIL,
        ),
        (LIMITED, Status.FAIL),
    ],
)
async def test_where_calls_pass_without_a_ledger_it_stays_ready(
    tmp_path: Path, home: Path, sim: Simulator, policy: str, status: Status
) -> None:
    async with running_road(tmp_path, sim, policy=policy) as road:
        path = tmp_path / "ledger.db"
        os.rename(path, tmp_path / "aside.db")
        checks = await found(ready(road))
        os.rename(tmp_path / "aside.db", path)

    assert checks["store"].status is status


async def test_a_policy_with_mistakes_is_said_until_it_is_mended(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("version: 1\n")
    async with running_road(tmp_path, sim, policy_file=file) as road:
        readying = ready(road)
        assert (await found(readying))["policy"].reason == f"{file} is in force"

        file.write_text("version: one, made up\n")
        broken = await until_policy(readying, Status.WARN)
        assert "made up" not in broken.reason
        assert is_ready(await readying.checks())

        file.write_text("version: 1\ntimezone: Europe/Berlin\n")
        assert (await until_policy(readying, Status.OK)).reason == f"{file} is in force"


async def until_policy(readying: Readying, status: Status) -> Check:
    async with asyncio.timeout(120):
        while (check := (await found(readying))["policy"]).status is not status:
            await asyncio.sleep(0.01)
        return check


@pytest.mark.parametrize(
    ("later", "status"),
    [(0.0, Status.OK), (-7 * DAY, Status.FAIL), (1_800 * DAY, Status.WARN), (1_826 * DAY, Status.FAIL)],
)
async def test_the_authority_is_judged_by_the_clock(road: Road, later: float, status: Status) -> None:
    """It lasts for five years from its making on."""
    checks = await found(ready(road, lambda: clock.now() + later))

    assert checks["ca"].status is status


async def test_an_authority_that_was_replaced_or_lost_is_said(road: Road) -> None:
    path, readying = root_path(paths.data_dir() / "ca"), ready(road)

    path.write_bytes(b"another")
    assert "start Tollway anew" in (await found(readying))["ca"].reason
    path.unlink()
    assert "is gone from the data folder" in (await found(readying))["ca"].reason


async def test_while_another_authority_takes_over_all_is_well(road: Road) -> None:
    """Both are on disk then."""
    folder, now = paths.data_dir() / "ca", clock.utc(clock.now())
    rotation.rotate(folder, ["api.openai.com"], now, now + timedelta(days=7))
    await road.proxy.signing.reload()

    assert (await found(ready(road)))["ca"].status is Status.OK


async def test_an_authority_whose_key_is_not_there_when_its_time_has_come_is_said(tmp_path: Path) -> None:
    """The former one has ended by then."""
    folder, now = tmp_path / "ca", clock.utc(clock.now())
    times = [now]
    signing = Signing(folder, ["api.openai.com"], lambda: times[0])
    rotation.rotate(folder, ["api.openai.com"], now, now + timedelta(days=7), lambda key: None)
    await signing.reload()
    times[0] = now + timedelta(days=3_000)

    check = authority_of(signing, times[0])

    assert check.status is Status.FAIL
    assert "is not in its folder" in check.reason


async def test_a_clock_that_is_set_is_said_and_its_calls_go_on(road: Road) -> None:
    ahead = [0.0]
    readying = ready(road, lambda: clock.now() + ahead[0])
    await readying.checks()
    ahead[0] = 3_600.0

    checks = await readying.checks()

    assert is_ready(checks)
    assert {check.name: check.status for check in checks}["clock"] is Status.WARN


async def test_however_many_ask_a_ledger_is_asked_once_in_a_while(tmp_path: Path) -> None:
    class Counted(SqliteLedger):
        asked = 0

        def condition(self) -> "asyncio.Future[Condition]":
            self.asked += 1
            return super().condition()

    now = [100.0]
    asking = Asking(lambda: now[0], kept_seconds=2.0)
    with closing(Counted(tmp_path / "ledger.db")) as ledger:
        assert (
            await asyncio.gather(*(asking.condition(ledger.condition) for _ in range(100)))
            == [Condition()] * 100
        )
        now[0] += 1.9
        await asking.condition(ledger.condition)
        assert ledger.asked == 1
        now[0] += 0.1
        await asking.condition(ledger.condition)
        assert ledger.asked == 2


async def test_one_that_does_not_answer_is_said_and_not_asked_again_meanwhile() -> None:
    """What comes of it later is told."""

    class Stuck:
        def __init__(self) -> None:
            self.answers = list[asyncio.Future[Condition]]()

        def condition(self) -> "asyncio.Future[Condition]":
            self.answers.append(asyncio.get_running_loop().create_future())
            return self.answers[-1]

    stuck, asking = Stuck(), Asking(kept_seconds=0.0, patience_seconds=0.01)

    assert [await asking.condition(stuck.condition) for _ in range(3)] == [SLOW] * 3
    assert len(stuck.answers) == 1
    stuck.answers[0].set_exception(LedgerError("the disk is full"))
    await asyncio.sleep(0)
    assert await asking.condition(stuck.condition) == SLOW
    assert len(stuck.answers) == 2


@asynccontextmanager
async def shown(readying: Readying) -> AsyncIterator[int]:
    """An admin address; its port."""
    async with showing(HERE, Measuring(), readying, no_budgets) as place:
        assert isinstance(place, tuple)
        yield place[1]


async def asked(port: int) -> tuple[int, dict[str, Any]]:
    status, _, body = await ask(port, GET.replace(b"/metrics", b"/readyz"))
    return status, json.loads(body)


async def test_who_asks_from_start_to_end_sees_a_drain_while_calls_go_on(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The admin address is there before the proxy, and after it took its last connection."""
    readying = Readying()
    async with shown(readying) as port:
        assert (await asked(port))[0] == 503
        async with Gate(sim) as gate:
            monkeypatch.setattr(sim, "connect_to", lambda host: f"{host}:443:127.0.0.1:{gate.port}")
            async with running_road(tmp_path, sim, hosts=(CHAT.host,), drain_seconds=60.0) as road:
                readying.serves(road.proxy)
                async with asyncio.timeout(120):
                    while (await asked(port))[0] != 200:
                        pass
                answer = asyncio.ensure_future(answered(road))
                await gate.reached.wait()
                readying.stops()
                stopping = asyncio.ensure_future(road.proxy.steps.drain.stop(60.0))
                status, body = await asked(port)
                assert (status, body["checks"]["serving"]["status"]) == (503, "fail")
                assert (await ask(port))[0] == 200
                assert not answer.done()
                gate.opened.set()
                assert await answer == 200
                assert await stopping
        assert (await asked(port))[0] == 503


async def answered(road: Road) -> int:
    """The status of a call."""
    async with road.client() as client:
        return (await call(client, CHAT)).status_code
