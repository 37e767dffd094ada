"""What several workers cost: the CPU of a call in two of them beside one process; memory of an idle one."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack

from tests.bench.calls import Call, json_call
from tests.bench.comparison import SETTLED
from tests.bench.connection import Target
from tests.bench.extent import Extent
from tests.bench.figures import ratios, whole
from tests.bench.http1 import Http1
from tests.bench.processes import CORES, session, size
from tests.bench.subjects import Place, Subject
from tests.bench.table import Bar, Results

PER_SECOND = 150
CONNECTIONS = 30
MOST = 1.15
"""How many times the CPU of one process."""
MOST_MB = 150.0
"""Of an idle worker without guardrails."""
KINDS = {"JSON call (1 KB)": "tollway", "JSON call (1 KB) under 5 hard limits": "tollway-limits-5"}


def workers(results: Results, extent: Extent, place: Place) -> None:
    """Both on the same two cores, in turns: two workers on one core would never meet at the ledger."""
    print(f"workers: {PER_SECOND} calls a second, {extent.offered_seconds:g} s a round", flush=True)
    for title, name in KINDS.items():
        with ExitStack() as stack:
            one, two = (
                stack.enter_context(
                    place.running(name, f"-workers-{count}", more=(f"--workers={count}",), cores=CORES[:2])
                )
                for count in (1, 2)
            )
            if name == "tollway":
                memory(results, two)
            beside(results, extent, title, one, two)
    with place.running("bare", "-workers", cores=CORES[:2]) as bare:
        engine(results, extent, bare)


def memory(results: Results, two: Subject) -> None:
    """Of the workers, before anybody has called."""
    sizes = [size(pid) for pid in session(two.process.pid) if pid != two.process.pid]
    bar = Bar(what="RSS of an idle worker", limit=MOST_MB, unit=" MB", worst=True, places=0)
    results.bar(bar, whole(sizes))
    results.note(f"The supervisor of two workers has {size(two.process.pid):.0f} MB.")


def beside(results: Results, extent: Extent, title: str, one: Subject, two: Subject) -> None:
    """CPU per call, of all processes of either.

    Rounds differ by more than these do: it takes many of them.
    """
    alone, shared = in_turns([(one, PER_SECOND), (two, PER_SECOND)], extent, extent.worker_rounds)
    what = f"CPU: {title}, HTTP/1.1, {PER_SECOND} a second, two workers to one process"
    results.bar(Bar(what=what, limit=MOST), ratios(shared, alone))
    for name, each in (("one process", alone), ("two workers", shared)):
        ms = whole([1000 * second for second in each]).text()
        results.cost(f"{title}, HTTP/1.1, {PER_SECOND} a second", name, ms, "", "")


def engine(results: Results, extent: Extent, bare: Subject) -> None:
    """What the machine has to do with it: mitmproxy without Tollway has half of the calls, as a worker does.

    A process that has fewer calls spends more on each: it finds its caches cold, and less to do at once.
    """
    alone, half = in_turns([(bare, PER_SECOND), (bare, PER_SECOND // 2)], extent, extent.rounds)
    dearer = ratios(half, alone).text("x")
    results.note(f"Of half of {PER_SECOND} calls a second, each costs the bare engine {dearer} the CPU.")


def in_turns(turns: Sequence[tuple[Subject, int]], extent: Extent, rounds: int) -> list[list[float]]:
    """Seconds of CPU of a call, by subject and calls a second; a round before them is not counted."""
    found: list[list[float]] = [[] for _ in turns]
    for subject, rate in turns:
        cost(subject, extent, rate)
    for number in range(rounds):
        for (subject, rate), each in [*zip(turns, found, strict=True)][:: 1 if number % 2 else -1]:
            each.append(cost(subject, extent, rate))
    return found


def cost(subject: Subject, extent: Extent, rate: int) -> float:
    """Seconds of CPU of a call. `rate`: calls a second."""
    before = subject.process.cpu()
    calls = asyncio.run(offered(subject.target, json_call(), rate, extent.offered_seconds))
    time.sleep(SETTLED)
    return (subject.process.cpu() - before) / calls


async def offered(target: Target, call: Call, rate: int, seconds: float) -> int:
    """So many calls a second, whatever the answers take; how many they were."""
    loop, count = asyncio.get_running_loop(), int(rate * seconds)
    connections = [await Http1.open(target, call) for _ in range(CONNECTIONS)]
    start = loop.time()

    async def some(place: int) -> None:
        for number in range(place, count, CONNECTIONS):
            await asyncio.sleep(max(start + number / rate - loop.time(), 0.0))
            await connections[place].call()

    try:
        await asyncio.gather(*map(some, range(CONNECTIONS)))
    finally:
        for connection in connections:
            connection.close()
    return count
