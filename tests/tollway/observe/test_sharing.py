"""What takes a while, for whoever asks."""

import asyncio
import threading

import pytest

from tollway.observe.sharing import Shared, in_thread


async def test_who_asks_while_one_is_made_gets_the_next_together() -> None:
    """It is of after the question; there were two, for five who asked."""
    go, began, made = threading.Event(), threading.Event(), list[str]()

    def make() -> bytes:
        made.append(threading.current_thread().name)
        began.set()
        go.wait(60)
        return str(len(made)).encode()

    shared = Shared(make, rest=0)
    first = asyncio.ensure_future(shared.text())
    await asyncio.to_thread(began.wait, 60)
    later = [asyncio.ensure_future(shared.text()) for _ in range(4)]
    await asyncio.sleep(0)
    go.set()

    assert await first == b"1"
    assert await asyncio.gather(*later) == [b"2"] * 4
    assert threading.current_thread().name not in made


async def test_after_one_none_is_made_for_a_multiple_of_what_it_took() -> None:
    now, slept = [100.0], list[float]()

    def make() -> bytes:
        now[0] += 0.01
        return b"x"

    shared = Shared(make, lambda: now[0], rest=4.0)
    await shared.text()
    loop = asyncio.get_running_loop()
    began = loop.time()
    await shared.text()
    slept.append(loop.time() - began)

    assert slept[0] >= 0.039


async def test_what_went_wrong_is_told_to_all_and_the_next_is_made_anew() -> None:
    fails = [True]

    def make() -> bytes:
        if fails[0]:
            raise ValueError("made up")
        return b"well"

    shared = Shared(make, rest=0)
    for found in await asyncio.gather(shared.text(), shared.text(), return_exceptions=True):
        assert isinstance(found, ValueError)
    fails[0] = False

    assert await shared.text() == b"well"


async def test_its_end_waits_for_none() -> None:
    go = threading.Event()
    shared = Shared(lambda: b"x" * go.wait(60))
    asked = asyncio.ensure_future(shared.text())
    await asyncio.sleep(0)

    shared.close()

    with pytest.raises(asyncio.CancelledError):
        await asked
    go.set()


def test_a_thread_tells_what_it_made() -> None:
    assert in_thread(lambda: 3).result(60) == 3
