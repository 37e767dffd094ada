"""What it costs to ask for metrics of many models: how long it takes, and what calls notice of it."""

import asyncio
import json
import re
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

from tests.bench.calls import Call, json_call
from tests.bench.extent import Extent
from tests.bench.figures import ratios, whole
from tests.bench.load import drive
from tests.bench.processes import said
from tests.bench.subjects import Place, Subject
from tests.bench.table import Bar, Results
from tests.tollway.observe.asking import ask

MODELS = 200
EVERY_SECONDS = 0.1
CONNECTIONS = 4
PROTOCOL = "HTTP/1.1"
MOST = 1.25
"""How many times as long the median call may take while metrics are asked for all the time."""
WHERE = re.compile(r"metrics: http://127\.0\.0\.1:(\d+)/metrics")


@dataclass
class Asked:
    """What came of asking."""

    ms: list[float] = field(default_factory=list)
    lines: int = 0

    async def once(self, port: int) -> None:
        """Ask, and take the time."""
        began = time.perf_counter()
        status, _, body = await ask(port)
        assert status == 200
        self.ms.append(1000 * (time.perf_counter() - began))
        self.lines = body.count(b"\n")


def scraping(results: Results, extent: Extent, place: Place, models: int = MODELS) -> None:
    """The same calls with and without somebody who asks for metrics, in turns."""
    print(f"metrics: {models} models, asked for {1 / EVERY_SECONDS:.0f} times a second", flush=True)
    with place.running("tollway", "-scraped", more=("--admin=127.0.0.1:0",)) as subject:
        port = int(said(subject.process, WHERE)[1])
        asyncio.run(measured(results, extent, subject, port, models))


async def measured(results: Results, extent: Extent, subject: Subject, port: int, models: int) -> None:
    """Rounds in turns, each way first in every other one."""
    for number in range(models):
        await drive(PROTOCOL, subject.target, naming(f"gpt-4o-{number}"), 1, 1)
    alone, quiet, asked = Asked(), list[list[float]](), list[list[float]]()
    for _ in range(extent.rounds):
        await alone.once(port)
        await asyncio.sleep(EVERY_SECONDS)
    busy = Asked()
    for number in range(2 * extent.rounds):
        if number % 4 in (0, 3):
            quiet.append(await times(subject, extent))
        else:
            async with asking(busy, port):
                asked.append(await times(subject, extent))
    told(results, models, alone, busy, quiet, asked)


def told(
    results: Results,
    models: int,
    alone: Asked,
    busy: Asked,
    quiet: list[list[float]],
    asked: list[list[float]],
) -> None:
    """The bar, and what else there is to say."""
    medians = ratios([statistics.median(each) for each in asked], [statistics.median(each) for each in quiet])
    what = f"calls while metrics of {models} models are asked for 10 times a second, beside calls alone"
    results.bar(Bar(what=what, limit=MOST), medians)
    slowest = [whole([statistics.quantiles(each, n=100)[98] for each in ways]) for ways in (quiet, asked)]
    results.note(
        f"Metrics of {models} models, {alone.lines} lines: {whole(alone.ms).text(' ms', 1)} alone, "
        f"{whole(busy.ms).text(' ms', 1)} among calls, asked for {len(busy.ms)} times. The slowest of a "
        f"hundred calls: {slowest[0].text(' ms', 1)} alone, {slowest[1].text(' ms', 1)} then."
    )


def naming(model: str) -> Call:
    """A call of this model."""
    call = json_call()
    return replace(call, body=json.dumps(json.loads(call.body) | {"model": model}).encode())


async def times(subject: Subject, extent: Extent) -> list[float]:
    """Milliseconds of calls, on a few connections at once."""
    timings = await drive(PROTOCOL, subject.target, json_call(), CONNECTIONS, extent.json_calls)
    return [1000 * timing.last for timing in timings]


@asynccontextmanager
async def asking(asked: Asked, port: int) -> AsyncIterator[None]:
    """Somebody asks all the time."""

    async def again() -> None:
        while True:
            await asked.once(port)
            await asyncio.sleep(EVERY_SECONDS - min(asked.ms[-1] / 1000, EVERY_SECONDS))

    task = asyncio.ensure_future(again())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
