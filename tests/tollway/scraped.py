"""Metrics as Prometheus gets them, with all of their digits."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulator import Simulator
from tests.tollway.observe.asking import LONG, ask
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway.observe.door import Door, Entrance
from tollway.observe.measuring import Measuring
from tollway.observe.readying import Readying
from tollway.observe.showing import showing

HERE = Entrance(("127.0.0.1", 0), Door())
LINE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Scraped:
    """One answer."""

    lines: tuple[tuple[str, Mapping[str, str], Decimal], ...]

    def sum(self, name: str, **labels: str) -> Decimal:
        """Over the lines of a metric that have these labels."""
        return sum(
            (
                value
                for found, known, value in self.lines
                if found == name and labels.items() <= known.items()
            ),
            Decimal(0),
        )

    def by(self, name: str, label: str) -> dict[str, Decimal]:
        """The sums by a label, without zeros."""
        values = {known[label] for found, known, _ in self.lines if found == name}
        sums = {value: self.sum(name, **{label: value}) for value in sorted(values)}
        return {value: found for value, found in sums.items() if found}

    @property
    def names(self) -> set[str]:
        """Of all metrics that have a line."""
        return {name for name, _, _ in self.lines}


def read(text: str) -> Scraped:
    """Of a text."""
    found = [LINE.fullmatch(line) for line in text.splitlines() if not line.startswith("#")]
    return Scraped(
        tuple(
            [
                (match[1], dict(LABEL.findall(match[2] or "")), Decimal(match[3]))
                for match in found
                if match is not None
            ]
        )
    )


async def scrape(port: int) -> Scraped:
    """Ask, as Prometheus does."""
    status, _, body = await ask(port)
    assert status == 200
    return read(body.decode())


@asynccontextmanager
async def shown(road: Road, measuring: Measuring) -> AsyncIterator[int]:
    """The metrics of a road's proxy; the port where they are asked for."""
    readying = Readying()
    readying.serves(road.proxy)
    async with showing(HERE, measuring, readying, no_budgets) as place:
        assert isinstance(place, tuple)
        yield place[1]


def no_budgets() -> bytes:
    """There are none."""
    return b"{}"


async def once(port: int, holds: Callable[[Scraped], bool]) -> Scraped:
    """Ask until that holds of the answer."""
    async with asyncio.timeout(LONG):
        while not holds(found := await scrape(port)):
            pass
        return found


Shown = Callable[..., AbstractAsyncContextManager[tuple[Road, int]]]


@pytest.fixture
def metrics(tmp_path: Path, home: Path, sim: Simulator) -> Shown:
    """Makes proxies of a policy, and a port where their metrics are asked for."""

    @asynccontextmanager
    async def made(policy: str = "", **options: object) -> AsyncIterator[tuple[Road, int]]:
        measuring = Measuring()
        text = "version: 1\n" + policy
        async with (
            running_road(tmp_path, sim, policy=text, measuring=measuring, **options) as road,  # type: ignore[arg-type]
            shown(road, measuring) as port,
        ):
            yield road, port

    return made
