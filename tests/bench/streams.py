"""A thousand streams at once: what they take of memory, and for how long the loop stands still."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from tests.bench.calls import Call, agent_turn
from tests.bench.connection import Target
from tests.bench.extent import Extent
from tests.bench.figures import ratios, whole
from tests.bench.http1 import Http1
from tests.bench.subjects import Place, Subject, tell_stall
from tests.bench.table import Bar, Results

SUBJECTS = ("bare", "tollway")
PATIENCE = 60.0
"""Seconds that streams may take longer to open than they are given: the machine may be busy."""
EVENTS = 600
"""More than come."""
LIMITS = {1: 1.15, 60: 0.8}
"""Request in KB: how many times the bare Master's memory is allowed."""


def streams(results: Results, extent: Extent, place: Place) -> None:
    """Fresh processes in turns, with small requests and with large ones."""
    for kilobytes, limit in LIMITS.items():
        memory: Mapping[str, list[float]] = defaultdict(list)
        stalls: Mapping[str, list[float]] = defaultdict(list)
        for number in range(extent.stream_rounds):
            for name in SUBJECTS[:: 1 if number % 2 else -1]:
                print(f"{extent.streams} streams, {kilobytes} KB: {name}, round {number + 1}", flush=True)
                resident, stall = one_crowd(place, name, f"-{kilobytes}-{number}", extent, kilobytes)
                memory[name].append(resident)
                stalls[name].append(stall)
        what = f"{extent.streams} streams, {kilobytes} KB requests"
        bar = Bar(what=f"{what}: RSS to the bare Master's", limit=limit)
        results.bar(bar, ratios(memory["tollway"], memory["bare"]))
        bar = Bar(what=f"{what}: longest stall of the event loop", limit=50, unit=" ms", worst=True)
        results.bar(bar, whole(stalls["tollway"]))
        ours, bare, stalled = whole(memory["tollway"]), whole(memory["bare"]), whole(stalls["bare"])
        results.note(
            f"{what}: RSS {ours.text(' MB', 0)}, the bare Master's {bare.text(' MB', 0)}; "
            f"its longest stall {stalled.text(' ms', 0)}."
        )


def one_crowd(place: Place, name: str, label: str, extent: Extent, kilobytes: int) -> tuple[float, float]:
    """Megabytes that a fresh process has resident among the streams, and its longest stall in ms."""
    told = place.folder / f"{name}{label}.stall"
    call = agent_turn(1.0, events=EVENTS, kilobytes=kilobytes)
    with place.running(name, label, stalls=told) as subject:
        time.sleep(1)
        stall_of(subject, told)  # starting up is not what is measured
        resident = asyncio.run(crowd(subject, call, extent))
        return resident, stall_of(subject, told)


def stall_of(subject: Subject, told: Path) -> float:
    """The longest stall since this was last asked, in ms. Raises TimeoutError if it is not told."""
    told.unlink(missing_ok=True)
    tell_stall(subject)
    for _ in range(100):
        if told.exists():
            return float(told.read_text())
        time.sleep(0.05)
    raise TimeoutError(f"{subject.name} did not tell its longest stall")


async def crowd(subject: Subject, call: Call, extent: Extent) -> float:
    """The resident megabytes of the proxy when all streams have been open for a while.

    Raises TimeoutError if they do not all open.
    """
    opened, over = asyncio.Semaphore(0), asyncio.Event()
    gaps = extent.opening / extent.streams
    async with asyncio.TaskGroup() as going:
        for index in range(extent.streams):
            going.create_task(one(subject.target, call, index * gaps, opened, over))
        async with asyncio.timeout(extent.opening + PATIENCE):
            for _ in range(extent.streams):
                await opened.acquire()
        await asyncio.sleep(extent.steady)
        resident = subject.process.rss()
        over.set()
    return resident


async def one(
    target: Target, call: Call, wait: float, opened: asyncio.Semaphore, over: asyncio.Event
) -> None:
    """Open a stream, and take what comes until it is over. Raises RuntimeError if the stream ends before."""
    await asyncio.sleep(wait)
    stream = await Http1.open(target, call)
    try:
        await stream.begin()
        opened.release()
        rest = asyncio.ensure_future(stream.rest())
        ended = asyncio.ensure_future(over.wait())
        await asyncio.wait([rest, ended], return_when=asyncio.FIRST_COMPLETED)
        if not over.is_set():
            raise RuntimeError("a stream ended early")
        rest.cancel()
    finally:
        stream.close()
