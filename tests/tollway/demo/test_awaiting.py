"""What a tour waits for, and how long."""

import asyncio
from collections.abc import Iterator

import pytest

from tollway.demo.awaiting import seen, within
from tollway.errors import TollwayError


async def test_what_comes_is_handed_on() -> None:
    assert await within(asyncio.sleep(0, "it")) == "it"


async def test_what_does_not_come_in_time_is_said() -> None:
    """The tour ends with a sentence, not with a hang."""
    with pytest.raises(TollwayError, match="did not get on within 0 s"):
        await within(asyncio.Event().wait(), 0.01)


async def test_it_looks_until_there_is_something_to_see() -> None:
    """What is seen may be false: only None is nothing."""
    shown: Iterator[int | None] = iter([None, None, 0, 1])

    async def look() -> int | None:
        return next(shown)

    assert await seen(look) == 0


async def test_it_does_not_look_for_ever() -> None:
    async def look() -> None:
        return None

    with pytest.raises(TollwayError, match="did not get on"):
        await seen(look, 0.01)
