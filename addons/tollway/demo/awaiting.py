"""Waits for what a tour is about to see."""

import asyncio
from collections.abc import Awaitable, Callable

from tollway.errors import TollwayError

SECONDS = 60.0
"""The longest that a tour waits for any one thing, on a machine that is busy with others."""
LOOK = 0.02
"""Seconds between two looks."""


async def within[T](awaited: Awaitable[T], seconds: float = SECONDS) -> T:
    """What comes, if it comes in time. Raises TollwayError."""
    try:
        return await asyncio.wait_for(awaited, seconds)
    except TimeoutError:
        raise TollwayError(f"a call of the tour did not get on within {seconds:.0f} s") from None


async def seen[T](look: Callable[[], Awaitable[T | None]], seconds: float = SECONDS) -> T:
    """What a look shows, as soon as it shows something. Raises TollwayError."""
    return await within(_seen(look), seconds)


async def _seen[T](look: Callable[[], Awaitable[T | None]]) -> T:
    while (found := await look()) is None:
        await asyncio.sleep(LOOK)
    return found
