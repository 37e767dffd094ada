"""How late the event loop comes back to what is due: a heartbeat, and what is late in it."""

import asyncio
from collections.abc import Awaitable, Callable

EVERY_SECONDS = 0.25
"""Between beats. A stall that is shorter may fall between two of them, and one in so many does not."""


async def beat(
    late: Callable[[int], None],
    clock: Callable[[], float],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    every_seconds: float = EVERY_SECONDS,
) -> None:
    """Beat until cancelled, and tell of each beat how late it was, in microseconds. `clock`: seconds that
    only go forward."""
    while True:
        due = clock() + every_seconds
        await sleep(every_seconds)
        late(int((clock() - due) * 1_000_000))
