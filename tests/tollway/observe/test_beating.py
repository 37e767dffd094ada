"""How late the event loop is."""

import asyncio

import pytest

from tollway.observe.beating import beat


async def test_each_beat_tells_how_late_it_was() -> None:
    """The clock is the test's: sleeping takes as long as it says."""
    now, found = [100.0], list[int]()
    naps = iter([0.25, 0.35, 1.25])

    async def sleep(seconds: float) -> None:
        assert seconds == 0.25
        nap = next(naps, None)
        if nap is None:
            raise asyncio.CancelledError
        now[0] += nap

    with pytest.raises(asyncio.CancelledError):
        await beat(found.append, lambda: now[0], sleep)

    assert [round(us, -1) for us in found] == [0, 100_000, 1_000_000]
