"""What the admin address tells, page by page."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

import orjson
from msgspec import Struct

from tollway.errors import TollwayError
from tollway.observe.answering import Answer, Asked, Page, Pages
from tollway.observe.door import Door
from tollway.observe.exposition import CONTENT_TYPE
from tollway.observe.recent import Recent
from tollway.observe.sharing import Shared
from tollway.readiness import serving
from tollway.readiness.check import Check, as_json

JSON = "application/json"
NOT_KEPT = (("Cache-Control", "no-store"),)
READY_SECONDS = 2.0
"""What a process gets to say how it is; then it does not serve."""
FRESH_SECONDS = 0.2
"""How old that may be: a process is asked five times a second at the most, however many probe."""
BUDGETS_SECONDS = 8.0
"""What the budgets get to be read, of the 10 that a connection has."""
SLOW = "the ledger takes long to be read; try again in a moment"

Checks = Sequence[Check]


class Told(Struct, frozen=True, kw_only=True):
    """Where it is all asked for: on the listener's loop, but for `budgets`, which may block."""

    metrics: Callable[[], Awaitable[bytes]]
    checks: Callable[[], Awaitable[Checks]]
    is_stopping: Callable[[], bool]
    """Whether the process was told to stop."""
    stands_still: Callable[[], float | None]
    """Seconds since which the process's event loop does nothing; None: it goes on."""
    budgets: Callable[[], bytes]
    """Raises TollwayError."""


def pages(door: Door, told: Told) -> Pages:
    """To be called on any loop, asked on the listener's."""
    telling = Telling(told)
    return Pages(
        door=door,
        by_path={
            b"/healthz": Page(name="whether it lives", tell=telling.healthz, is_probe=True),
            b"/readyz": Page(name="whether it is ready", tell=telling.readyz, is_probe=True),
            b"/metrics": Page(name="the metrics", tell=telling.metrics),
            b"/budgets": Page(name="the budgets", tell=telling.budgets),
        },
        close=telling.close,
    )


class Telling:
    """Answers. Belongs to the listener's event loop."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._budgets = Shared(told.budgets)
        self._checks = Recent[Checks](FRESH_SECONDS)

    async def healthz(self, asked: Asked) -> Answer:
        """Whether the process should be left to itself."""
        seconds = self._told.stands_still()
        said: dict[str, Any] = {"alive": seconds is None}
        if seconds is not None and asked.is_known:
            said["reason"] = f"the event loop, on which all calls are, has stood still for {seconds:.0f} s"
        return _json(said, HTTPStatus.OK if seconds is None else HTTPStatus.SERVICE_UNAVAILABLE)

    async def readyz(self, asked: Asked) -> Answer:
        """Whether it is to be sent calls."""
        strict = "strict" in parse_qs(asked.query.decode("latin-1"), keep_blank_values=True)
        said = as_json(await self._checked(), strict)
        if not asked.is_known:
            del said["checks"]
        return _json(said, HTTPStatus.OK if said["ready"] else HTTPStatus.SERVICE_UNAVAILABLE)

    async def metrics(self, asked: Asked) -> Answer:
        """What it has counted."""
        return Answer(HTTPStatus.OK, await self._told.metrics(), CONTENT_TYPE)

    async def budgets(self, asked: Asked) -> Answer:
        """What limits have left."""
        try:
            async with asyncio.timeout(BUDGETS_SECONDS):
                return Answer(HTTPStatus.OK, await self._budgets.text(), JSON, NOT_KEPT)
        except TollwayError as error:
            return _json({"error": str(error)}, HTTPStatus.SERVICE_UNAVAILABLE)
        except TimeoutError:
            return _json({"error": SLOW}, HTTPStatus.SERVICE_UNAVAILABLE)

    def close(self) -> None:
        """Wait for nothing any more."""
        self._budgets.close()
        self._checks.close()

    async def _checked(self) -> Checks:
        """Told to stop, it is not ready at once, whatever else there is."""
        if self._told.is_stopping():
            return (serving.STOPPING,)
        return await self._checks.of(lambda: asyncio.ensure_future(checked(self._told)))


async def checked(told: Told) -> Checks:
    """How ready it says it is."""
    try:
        async with asyncio.timeout(READY_SECONDS):
            return await told.checks()
    except TimeoutError:
        return (serving.silent(READY_SECONDS),)


def _json(said: dict[str, Any], status: HTTPStatus) -> Answer:
    return Answer(status, orjson.dumps(said) + b"\n", JSON, NOT_KEPT)
