"""Reading for pages, beside the event loop."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.page.written import CALLS, write
from tollway.ledger.fault import LedgerError
from tollway.ledger.open import open_pages
from tollway.ledger.pages import Pages
from tollway.reading import BUSY, CLOSING_SECONDS, ENDED, SLOW, WAITING, NotRead, Reading


@pytest.fixture
def url(tmp_path: Path) -> str:
    write(tmp_path / "ledger.db", *CALLS)
    return f"sqlite:{tmp_path / 'ledger.db'}"


@pytest.fixture
def reading(url: str) -> Iterator[Reading]:
    found = Reading(lambda: open_pages(url))
    yield found
    found.close()


def count(pages: Pages) -> int:
    """How many calls had no answer."""
    return sum(each.calls for each in pages.reasons(NOON_US - 10**12))


async def test_a_question_is_answered_by_one_thread_of_its_own(reading: Reading) -> None:
    threads = {await reading.ask(lambda pages: threading.current_thread().name) for _ in range(3)}

    assert threads == {"pages"}
    assert await asyncio.gather(*(reading.ask(count) for _ in range(5))) == [2] * 5


async def test_a_question_that_takes_long_is_given_up(url: str) -> None:
    """The next ones wait for it, and nobody hears of it any more."""
    reading, go_on = Reading(lambda: open_pages(url), seconds=0.05), threading.Event()

    with pytest.raises(NotRead, match=SLOW):
        await reading.ask(lambda pages: go_on.wait())
    with pytest.raises(NotRead, match=SLOW):
        await reading.ask(count)
    go_on.set()
    reading._seconds = 60
    assert await reading.ask(count) == 2
    reading.close()


async def test_no_more_wait_than_may(reading: Reading) -> None:
    go_on, begun = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def first(pages: Pages) -> bool:
        loop.call_soon_threadsafe(begun.set)
        return go_on.wait()

    asked = [loop.create_task(reading.ask(first))]
    await begun.wait()
    asked += [loop.create_task(reading.ask(lambda pages: True)) for _ in range(WAITING)]
    await asyncio.sleep(0)

    with pytest.raises(NotRead, match=BUSY):
        await reading.ask(count)
    go_on.set()
    assert all(await asyncio.gather(*asked))


async def test_a_ledger_that_can_t_be_read_is_not_explained(tmp_path: Path) -> None:
    """The page is a caller's: what the file is called is not its to know. The log has it."""
    reading = Reading(lambda: open_pages(f"sqlite:{tmp_path / 'none.db'}"))

    with pytest.raises(NotRead) as error:
        await reading.ask(count)
    reading.close()

    assert str(tmp_path) not in str(error.value)


async def test_what_fails_of_itself_is_not_hidden(reading: Reading) -> None:
    with pytest.raises(ZeroDivisionError):
        await reading.ask(lambda pages: 1 // 0)
    assert await reading.ask(count) == 2


async def test_the_end_does_not_wait_for_what_is_read(reading: Reading) -> None:
    """Who asked hears that it is over; who asks later, too."""
    go_on, begun = threading.Event(), threading.Event()

    def hangs(pages: Pages) -> bool:
        begun.set()
        return go_on.wait()

    loop = asyncio.get_running_loop()
    waits = [loop.create_task(reading.ask(each)) for each in (hangs, count)]
    await asyncio.to_thread(begun.wait)
    start = time.monotonic()

    await asyncio.to_thread(reading.close)

    assert time.monotonic() - start < 5 * CLOSING_SECONDS
    with pytest.raises(NotRead, match=ENDED):
        await reading.ask(count)
    go_on.set()
    assert await waits[0]
    with pytest.raises(NotRead, match=ENDED):
        await waits[1]


async def test_a_query_is_ended_at_once(reading: Reading) -> None:
    """It would take hours."""
    begun, loop = asyncio.Event(), asyncio.get_running_loop()
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    def query(pages: Pages) -> object:
        loop.call_soon_threadsafe(begun.set)
        return pages._db.execute(endless).fetchone()  # type: ignore[attr-defined]

    asked = loop.create_task(reading.ask(query))
    await begun.wait()

    while not asked.done():  # it may not have begun when it is ended first
        if reading._pages is not None:
            reading._pages.interrupt()
        await asyncio.sleep(0)

    assert "interrupted" in str(asked.exception())


async def test_the_end_may_come_twice_or_before_any_question(url: str) -> None:
    reading = Reading(lambda: open_pages(url))

    reading.close()
    reading.close()

    with pytest.raises(NotRead, match=ENDED):
        await reading.ask(count)


def test_a_fault_of_the_ledger_is_one_of_tollways() -> None:
    assert not issubclass(NotRead, LedgerError)
