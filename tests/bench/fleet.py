"""A fleet's ledger on Redis: pairs of verbs beside pairs of scripts that do nothing; what one verb takes."""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import redis.asyncio

from tests.bench.extent import Extent
from tests.bench.figures import ratios, whole
from tests.bench.processes import CORE
from tests.bench.table import Bar, Results
from tests.bench.worker import Taken
from tests.redis_server import RedisServer
from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tollway import clock
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.ledger import FleetLedger

CALLERS = 50
LEAST = 0.6
"""Of the pairs a second of scripts that do nothing."""
MOST_MS = 0.5
"""One verb, where one caller has one after the other."""
WAIT_MS = 60.0
"""What it may cost a call that Redis hangs."""
LIMITS = Limits(*(Limit(f"limit-{number}", 10**15) for number in range(5)))


def fleet(results: Results, extent: Extent, folder: Path) -> None:
    """Redis on the proxies' core, its clients on the other."""
    print(f"redis: {extent.pairs} pairs a round, {CALLERS} callers", flush=True)
    with closing(RedisServer(folder / "redis")) as server:
        os.sched_setaffinity(server.pid, {CORE})
        asyncio.run(measured(results, extent, server))


async def measured(results: Results, extent: Extent, server: RedisServer) -> None:
    """In turns."""
    plain = redis.asyncio.Redis(
        connection_pool=redis.asyncio.BlockingConnectionPool(
            connection_class=redis.asyncio.UnixDomainSocketConnection,
            path=str(server.socket),
            max_connections=CALLERS,
        )
    )
    nothing, verbs = Taken(), Taken()
    first, last = list[float](), list[float]()
    with opened_at(server.url) as ledger:
        await ledger.adopt(LIMITS, clock.now_us())
        numbers = count()

        async def pair() -> None:
            call = opened(f"call-{next(numbers)}", at_us=clock.now_us())
            await ledger.reserve(call, LIMITS.wants(call), call.started_us)
            await ledger.settle(ended(call, 50))

        sha = await plain.script_load("return 1")

        async def noop() -> None:
            await plain.evalsha(sha, 1, "key", "value")
            await plain.evalsha(sha, 1, "key", "value")

        burdens = []
        for number in range(extent.rounds + 1):
            turns = [(noop, nothing), (pair, verbs)]
            for work, taken in turns if number % 2 else turns[::-1]:
                before = await burden(plain)
                await one_round(work, extent.pairs, taken)
                if work is pair:
                    burdens.append((await burden(plain)).since(before, extent.pairs))
            await alone(ledger, numbers, extent.pairs // 8, first, last)
    with opened_at(f"{server.hurried}&grace=0") as ledger:
        await ledger.adopt(LIMITS, clock.now_us())
        await hanging(results, ledger, server, numbers)
    await plain.aclose()
    cpu, scripts, commands = (
        statistics.median(getattr(each, name) for each in burdens[1:])
        for name in ("cpu_us", "scripts", "commands")
    )
    results.note(
        f"Redis itself, for a call under 5 limits of {CALLERS} callers: {cpu:.0f} µs of CPU, "
        f"{scripts:.2f} scripts with {commands:.0f} commands."
    )
    for name, taken in (
        ("reserve + settle, 5 buckets", verbs),
        ("a script that does nothing, twice", nothing),
    ):
        results.work(f"redis: {name}", whole(taken.cpu[1:]), whole(taken.rate[1:]))
    what = f"redis: reserve + settle, {CALLERS} callers, to two scripts that do nothing"
    results.bar(Bar(what=what, limit=LEAST, at_least=True), ratios(verbs.rate[1:], nothing.rate[1:]))
    for verb, took in (("reserve", first), ("settle", last)):
        results.bar(Bar(what=f"redis: {verb}, one caller, p50", limit=MOST_MS, unit=" ms"), whole(took[1:]))


async def hanging(results: Results, ledger: FleetLedger, server: RedisServer, numbers: Iterator[int]) -> None:
    """What calls wait for, one of which comes every 10 ms, while Redis takes connections and says nothing."""
    took = list[float]()

    async def ask() -> None:
        call = opened(f"call-{next(numbers)}", at_us=clock.now_us())
        start = time.perf_counter()
        with suppress(LedgerError):
            await ledger.reserve(call, LIMITS.wants(call), call.started_us)
        took.append(1000 * (time.perf_counter() - start))

    server.pause()
    tasks = []
    for _ in range(500):
        tasks.append(asyncio.ensure_future(ask()))
        await asyncio.sleep(0.01)
    await asyncio.gather(*tasks)
    server.go_on()
    took.sort()
    p99 = Bar(what="redis: while it hangs, what a call waits for, p99", limit=WAIT_MS, unit=" ms")
    results.bar(p99, whole([took[len(took) * 99 // 100]]))
    results.note(
        f"While Redis hangs, half of the calls waited for {took[250]:.2f} ms, the longest {took[-1]:.0f} ms."
    )


@dataclass(frozen=True)
class Burden:
    """What a server has done by now, or for one call."""

    cpu_us: float
    scripts: float
    commands: float

    def since(self, before: "Burden", calls: int) -> "Burden":
        """For each of so many calls."""
        return Burden(
            (self.cpu_us - before.cpu_us) / calls,
            (self.scripts - before.scripts) / calls,
            (self.commands - before.commands) / calls,
        )


async def burden(server: redis.asyncio.Redis) -> Burden:
    """By its own account."""
    cpu, commands = await server.info("cpu"), await server.info("commandstats")
    calls = {name: each["calls"] for name, each in commands.items()}
    scripts = calls.get("cmdstat_evalsha", 0)
    seconds = cpu["used_cpu_user"] + cpu["used_cpu_sys"]
    return Burden(1_000_000 * seconds, scripts, sum(calls.values()) - scripts - calls.get("cmdstat_info", 0))


async def one_round(work: Callable[[], Awaitable[None]], pairs: int, taken: Taken) -> None:
    """Add a round's figures."""
    left = iter(range(pairs))

    async def some() -> None:
        for _ in left:
            await work()

    cpu, start = time.process_time(), time.perf_counter()
    await asyncio.gather(*(some() for _ in range(CALLERS)))
    taken.rate.append(pairs / (time.perf_counter() - start))
    taken.cpu.append((time.process_time() - cpu) / pairs * 1_000_000)


async def alone(
    ledger: FleetLedger, numbers: Iterator[int], pairs: int, first: list[float], last: list[float]
) -> None:
    """The medians of both verbs, in milliseconds."""
    reserved, settled = list[float](), list[float]()
    for _ in range(pairs):
        call = opened(f"call-{next(numbers)}", at_us=clock.now_us())
        start = time.perf_counter()
        await ledger.reserve(call, LIMITS.wants(call), call.started_us)
        between = time.perf_counter()
        await ledger.settle(ended(call, 50))
        reserved.append(between - start)
        settled.append(time.perf_counter() - between)
    first.append(1000 * statistics.median(reserved))
    last.append(1000 * statistics.median(settled))


@contextmanager
def opened_at(url: str) -> Iterator[FleetLedger]:
    """The ledger of one process."""
    with closing(FleetLedger(url)) as ledger:
        yield ledger
