"""What blocks runs in a thread of its own, however many of those there are."""

import asyncio
import threading

import pytest

from tollway.apart import apart


async def test_what_it_returns_or_raises_is_heard() -> None:
    assert await apart(lambda: 7) == 7
    with pytest.raises(ValueError, match="invalid literal"):
        await apart(lambda: int("x"))


async def test_many_that_block_leave_the_loops_own_threads_free() -> None:
    """Those look up names, of which there may be no more than six at once."""
    gate = threading.Event()
    blocked = [asyncio.get_running_loop().create_task(apart(gate.wait)) for _ in range(60)]
    await asyncio.sleep(0)

    assert await asyncio.to_thread(lambda: "free") == "free"
    blocked[0].cancel()  # whoever waits no longer
    gate.set()
    assert await asyncio.gather(*blocked[1:]) == [True] * 59


def test_a_loop_that_ended_is_told_nothing() -> None:
    gate, ended = threading.Event(), threading.Event()

    def work() -> None:
        gate.wait()
        ended.set()

    async def leave() -> None:
        asyncio.get_running_loop().create_task(apart(work))
        await asyncio.sleep(0)

    asyncio.run(leave())
    gate.set()
    assert ended.wait(10)
