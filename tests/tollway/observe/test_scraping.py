"""The text, made for whoever asks."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tollway.observe.flying import Now
from tollway.observe.scraping import Scraping


class Made:
    """Makes texts, each of which takes so long by a clock of its own."""

    def __init__(self, takes: float = 0.0) -> None:
        self.now = 100.0
        self.takes = takes
        self.texts: list[Now] = []

    def clock(self) -> float:
        return self.now

    def __call__(self, now: Now) -> bytes:
        self.now += self.takes
        self.texts.append(now)
        return f"text {len(self.texts)}".encode()


def saying(*answers: Now) -> Callable[[], Awaitable[Now]]:
    """Says these, one after the other, and then nothing for ever."""
    left = list(answers)

    async def ask() -> Now:
        if not left:
            await asyncio.get_running_loop().create_future()
        return left.pop(0)

    return ask


async def test_who_asks_together_gets_the_same_text() -> None:
    """A hundred cost what one does."""
    made = Made()
    scraping = Scraping(saying(Now(in_flight=1)), made, made.clock)

    found = await asyncio.gather(*(scraping.text() for _ in range(100)))

    assert found == [b"text 1"] * 100
    assert made.texts == [Now(in_flight=1)]


async def test_who_asks_later_gets_another_one() -> None:
    made = Made()
    scraping = Scraping(saying(Now(), Now(in_flight=1)), made, made.clock)

    assert [await scraping.text(), await scraping.text()] == [b"text 1", b"text 2"]


async def test_after_a_text_none_is_made_for_a_while() -> None:
    """It took 10 s: for 40 s, nobody gets one."""
    made = Made(takes=10.0)
    scraping = Scraping(saying(Now(), Now()), made, made.clock)
    await scraping.text()

    waiting = asyncio.ensure_future(scraping.text())
    for _ in range(20):
        await asyncio.sleep(0)

    assert len(made.texts) == 1
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_an_event_loop_that_does_not_answer_is_told_of_as_it_was() -> None:
    made = Made()
    scraping = Scraping(saying(Now(in_flight=7)), made, made.clock, patience_seconds=0.001)
    await scraping.text()

    await scraping.text()

    assert made.texts == [Now(in_flight=7)] * 2


async def test_who_leaves_ends_nothing_for_the_others() -> None:
    made = Made()
    scraping = Scraping(saying(Now()), made, made.clock)
    one, other = (asyncio.ensure_future(scraping.text()) for _ in range(2))
    await asyncio.sleep(0)

    one.cancel()

    assert await other == b"text 1"


async def test_a_failure_is_only_theirs_who_asked() -> None:
    fails = [True]

    def make(now: Now) -> bytes:
        if fails.pop():
            raise ValueError("a mistake")
        return b"text"

    scraping = Scraping(saying(Now(), Now()), make)
    with pytest.raises(ValueError, match="a mistake"):
        await scraping.text()
    fails.append(False)

    assert await scraping.text() == b"text"
