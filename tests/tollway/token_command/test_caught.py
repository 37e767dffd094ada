"""What a process writes, caught from a real pipe."""

import asyncio
import os

from tollway.token_command.caught import LARGEST, Caught


async def test_all_that_was_written_is_there() -> None:
    with Caught() as caught:
        os.write(caught.end, b"one ")
        await asyncio.sleep(0)
        os.write(caught.end, b"two")

        assert caught.all() == b"one two"


async def test_nothing_is_nothing() -> None:
    """Though the pipe is still open."""
    with Caught() as caught:
        assert caught.all() == b""


async def test_of_too_much_the_end_is_kept_and_who_waits_is_told() -> None:
    with Caught() as caught:
        waiting = asyncio.ensure_future(caught.too_much())
        for number in range(4):
            os.write(caught.end, bytes([number]) * (LARGEST // 2))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await waiting

        assert caught.all() == b"\2" * (LARGEST // 2) + b"\3" * (LARGEST // 2)


async def test_nothing_stays_open() -> None:
    before = os.listdir("/dev/fd")
    for _ in range(3):
        with Caught() as caught:
            os.write(caught.end, b"x")

    assert len(os.listdir("/dev/fd")) == len(before)
