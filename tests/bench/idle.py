"""Two thousand connections on which nothing is asked: what they take of memory."""

import asyncio
import time

from tests.bench.calls import Call, json_call
from tests.bench.extent import Extent
from tests.bench.figures import whole
from tests.bench.http1 import Http1
from tests.bench.subjects import Place, Subject
from tests.bench.table import Bar, Results

AT_ONCE = 20
"""Connections that are opened at the same time."""
SETTLED = 2.0
"""Seconds after the last of them."""


def idle(results: Results, extent: Extent, place: Place) -> None:
    """Of a fresh process, before they come and while they are there: each has had a call, and with it has a
    connection of its own to the provider."""
    print(f"{extent.idle} idle connections", flush=True)
    with place.running("tollway", "-idle") as subject:
        asyncio.run(called(subject, json_call(), 1))
        time.sleep(SETTLED)
        before = subject.process.rss()
        resident = asyncio.run(called(subject, json_call(), extent.idle))
    what = f"{extent.idle} idle connections, each with one to its provider"
    results.bar(Bar(what=f"{what}: RSS", limit=400, unit=" MB"), whole([resident]))
    each = (resident - before) * 1024 / extent.idle
    results.note(f"{what}: RSS {resident:.0f} MB, {before:.0f} before: {each:.0f} KB each.")


async def called(subject: Subject, call: Call, count: int) -> float:
    """Make a call on each of so many connections, and keep them; the megabytes that are resident then."""
    room, kept = asyncio.Semaphore(AT_ONCE), list[Http1]()

    async def one() -> None:
        async with room:
            connection = await Http1.open(subject.target, call)
            kept.append(connection)
            await connection.call()

    try:
        async with asyncio.TaskGroup() as going:
            for _ in range(count):
                going.create_task(one())
        await asyncio.sleep(SETTLED)
        return subject.process.rss()
    finally:
        for connection in kept:
            connection.close()
