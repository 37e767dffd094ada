"""What comes while the reading task waits is handed over at once; nothing is lost, twice or out of order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.engine.straight_reader import LARGEST, StraightReader


class Taker:
    """Is handed pieces, and says after each whether the next may come at once."""

    def __init__(self, says: Callable[[bytes], bool] = lambda piece: True) -> None:
        self.handed: list[bytes] = []
        self.read: list[bytes] = []
        self.waited = 0
        self.room = asyncio.Event()
        self.room.set()
        self._says = says

    @property
    def all(self) -> bytes:
        """All that came, by either way: nobody was handed anything while something was left to read."""
        return b"".join(self.handed)

    def take(self, piece: bytes) -> bool:
        self.handed.append(piece)
        return self._says(piece)

    async def go_on(self) -> None:
        self.waited += 1
        await self.room.wait()

    async def run(self, reader: asyncio.StreamReader) -> None:
        """As a connection's task does."""
        while piece := await reader.read(LARGEST):
            self.handed.append(piece)
            self.read.append(piece)


@asynccontextmanager
async def reading(taker: Taker) -> AsyncIterator[asyncio.StreamReader]:
    """A reader, and the task that reads it to its end."""
    reader = asyncio.StreamReader()
    StraightReader.adopt(reader, taker.take, taker.go_on)
    async with asyncio.TaskGroup() as group:
        group.create_task(taker.run(reader))
        await asyncio.sleep(0)
        yield reader
        reader.feed_eof()


async def test_what_comes_while_the_task_waits_does_not_wake_it() -> None:
    taker = Taker()
    async with reading(taker) as reader:
        reader.feed_data(b"one")
        reader.feed_data(b"two")

        assert taker.handed == [b"one", b"two"]
        assert not taker.read


async def test_what_came_before_the_task_waits_is_read_by_it() -> None:
    taker, reader = Taker(), asyncio.StreamReader()
    reader.feed_data(b"early")
    StraightReader.adopt(reader, taker.take, taker.go_on)
    reader.feed_data(b", and more")
    reader.feed_eof()

    await taker.run(reader)

    assert taker.read == [b"early, and more"]


async def test_behind_a_piece_after_which_somebody_has_to_wait_nothing_is_handed_over() -> None:
    taker = Taker(lambda piece: piece != b"much")
    async with reading(taker) as reader:
        taker.room.clear()
        reader.feed_data(b"much")
        reader.feed_data(b"later")
        await asyncio.sleep(0)
        assert taker.handed[:1] == [b"much"]
        taker.room.set()

    assert taker.all == b"muchlater"


async def test_the_task_waits_where_nothing_more_came() -> None:
    taker = Taker(lambda piece: piece != b"much")
    async with reading(taker) as reader:
        reader.feed_data(b"much")
        await asyncio.sleep(0)
        assert taker.waited == 1
        await asyncio.sleep(0)
        reader.feed_data(b"more")

        assert taker.handed == [b"much", b"more"]
        assert not taker.read


async def test_a_large_piece_is_read_in_several() -> None:
    taker = Taker()
    async with reading(taker) as reader:
        reader.feed_data(bytes(LARGEST + 10))

    assert [*map(len, taker.read)] == [LARGEST, 10]


async def test_an_error_ends_the_task_that_waits() -> None:
    taker, reader = Taker(), asyncio.StreamReader()
    StraightReader.adopt(reader, taker.take, taker.go_on)
    reading = asyncio.ensure_future(taker.run(reader))
    await asyncio.sleep(0)
    reader.set_exception(ConnectionResetError("gone"))

    with pytest.raises(ConnectionResetError):
        await reading


@given(
    st.lists(
        st.tuples(st.binary(min_size=1, max_size=30), st.booleans(), st.integers(0, 3)),
        min_size=1,
        max_size=30,
    )
)
def test_all_that_comes_is_taken_once_and_in_its_order(steps: list[tuple[bytes, bool, int]]) -> None:
    """Whoever has to wait after which piece, and however many turns the loop has between two."""

    async def play() -> bytes:
        answers = iter([goes_on for _, goes_on, _ in steps])
        taker = Taker(lambda piece: next(answers, True))
        async with reading(taker) as reader:
            for piece, _, turns in steps:
                reader.feed_data(piece)
                for _ in range(turns):
                    await asyncio.sleep(0)
        return taker.all

    assert asyncio.run(play()) == b"".join(piece for piece, _, _ in steps)
