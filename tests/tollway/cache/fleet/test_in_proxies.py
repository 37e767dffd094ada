"""Proxies of a fleet, which share their answers: over real sockets, on a real Redis."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, closing
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from tests.simulator import Scenario, Simulator
from tests.tollway.cache.fleet.fleets import Fleet
from tests.tollway.calls import CHAT
from tests.tollway.hooks.answered import land
from tests.tollway.hooks.test_share import STREAM, ask
from tests.tollway.ledger.stores import wait_for_log
from tests.tollway.road import Road, road
from tollway import clock
from tollway.cli import cli
from tollway.hooks.look_up import LookUp

CACHE = "cache: [{ttl: 1h, scope: company}]\n"
LIMITED = CACHE + "limits: [{name: all, amount: 100 USD, window: month}]\nfaults: {store_down: open}\n"

Proxies = Callable[..., AbstractAsyncContextManager[Road]]


@pytest.fixture
def proxies(tmp_path: Path, home: Path, sim: Simulator, fleet: Fleet) -> Proxies:
    """Makes proxies of a fleet."""
    sim.scenario = Scenario()
    return partial(road, tmp_path, sim, policy="version: 1\n" + CACHE, ledger_url=fleet.url)


async def kept(at: Road, fleet: Fleet, number: int) -> None:
    """Until so many answers can be found."""
    async with asyncio.timeout(60):
        while count(fleet) < number:
            await asyncio.sleep(0.001)
    land(at)


def count(fleet: Fleet) -> int:
    """How many answers there are."""
    with closing(fleet.shelf()) as shelf:
        return sum(share.answers for share in shelf.stats(clock.now_us()))


async def test_a_miss_at_one_is_a_hit_at_the_other(proxies: Proxies, fleet: Fleet, sim: Simulator) -> None:
    """In one piece and as a stream; what it saved is in the fleet's report."""
    async with proxies() as one, proxies() as other:
        async with one.client() as first, other.client() as second:
            for n, call in enumerate((CHAT, STREAM)):
                asked = await ask(first, call)
                await kept(one, fleet, n + 1)
                found = await ask(second, call)
                assert found.content == asked.content
                assert asked.headers["x-tollway-cache"] == "miss"
                assert found.headers["x-tollway-cache"] == "hit"
                assert found.headers["x-tollway-cost"] == "0"
        rows = await other.calls(2)
        assert [row.saved_nano for row in rows] == [row.cost.nano for row in await one.calls(2)]

    assert len(sim.seen) == 2
    wait_for_log(fleet.url)
    report = CliRunner().invoke(cli, ["report", "--by", "cache", "--ledger", fleet.url])
    assert "hit" in report.stdout
    stats = CliRunner().invoke(cli, ["cache", "stats"], env={"TOLLWAY_LEDGER": fleet.url})
    assert stats.stdout.splitlines()[-1].split()[-2] == "2"


async def test_what_is_cleared_is_found_by_none(proxies: Proxies, fleet: Fleet, sim: Simulator) -> None:
    async with proxies() as one, proxies() as other:
        async with one.client() as first, other.client() as second:
            await ask(first, CHAT)
            await kept(one, fleet, 1)
            assert (await ask(first, CHAT)).headers["x-tollway-cache"] == "hit"
            cleared = CliRunner().invoke(cli, ["cache", "clear", "--all", "--ledger", fleet.url])
            assert cleared.stdout.startswith("deleted 1 answer, which took ")
            for client in (first, second):
                again = await ask(client, CHAT, **{"x-tollway-cache-key": str(id(client))})
                assert again.headers["x-tollway-cache"] == "miss"
            assert (await ask(second, CHAT)).headers["x-tollway-cache"] == "miss"


async def test_no_file_of_answers_is_on_any_machine(
    proxies: Proxies, fleet: Fleet, tmp_path: Path, home: Path
) -> None:
    """They are in Redis, and nowhere else; what was said is in no name of a key there."""
    async with proxies() as one, one.client() as client:
        await ask(client, CHAT)
        await kept(one, fleet, 1)

    assert not list(tmp_path.rglob("*.cache.db"))
    with closing(fleet.client()) as redis:
        names = b"\n".join(redis.scan_iter("*", count=1_000))
    assert b"say hi" not in names.lower()


@pytest.mark.slow
async def test_a_redis_that_hangs_holds_up_no_call_and_none_fails(
    tmp_path: Path, home: Path, sim: Simulator, frail: Fleet
) -> None:
    """Not even the first one, which a look-up and a limit have wait: both find out at the same time."""
    url = frail.hurried
    async with road(tmp_path, sim, policy="version: 1\n" + LIMITED, ledger_url=url) as one:
        async with one.client() as client:
            await warm(client, one)
            answers: Any = one.step(LookUp)._answers
            usual, hung = list[float](), list[float]()
            while len(hung) < 30 and not is_short(usual, hung):  # a machine busy with tests may be slow
                usual.append(await timed(client))
                await asyncio.to_thread(wait_for_log, url)  # else limits know by themselves
                frail.server.pause()
                hung.append(await timed(client))
                while answers._gate.why is None:  # the call may have been the first to give up
                    await asyncio.sleep(0.001)
                frail.server.go_on()
                await warm(client, one)

    assert is_short(usual, hung)


def is_short(usual: Sequence[float], hung: Sequence[float]) -> bool:
    """No more was added than may be; and less than two waits are, which is no chance."""
    added = sorted(each - min(usual) for each in hung)
    return len(added) >= 3 and added[0] <= 0.06 and added[2] < 0.08


async def warm(client: httpx.AsyncClient, at: Road) -> None:
    """Until Redis is asked again, for answers and for limits; and all is connected."""
    answers: Any = at.step(LookUp)._answers
    async with asyncio.timeout(60):
        while answers._gate.why is not None or not await is_asked(at):
            await asyncio.sleep(0.01)
    await timed(client)


async def is_asked(at: Road) -> bool:
    """Whether limits are held in Redis at the moment."""
    ledger: Any = at.proxy.ledger
    await ledger.look((), clock.now_us())
    return bool(ledger._desk.is_joined)


async def timed(client: httpx.AsyncClient) -> float:
    """Seconds that a call takes which nobody has asked before."""
    own_key = {"x-tollway-cache-key": os.urandom(4).hex()}
    since = clock.now()
    answered = await ask(client, CHAT, **own_key)
    took = clock.now() - since
    assert answered.status_code == 200
    assert answered.headers["x-tollway-cache"] == "miss"
    return took
