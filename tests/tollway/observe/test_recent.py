"""An answer that many want."""

import asyncio

import pytest

from tollway.observe.recent import Recent


class Asked:
    """Gives an answer whenever one pleases."""

    def __init__(self) -> None:
        self.answers = list[asyncio.Future[int]]()

    def __call__(self) -> "asyncio.Future[int]":
        self.answers.append(asyncio.get_running_loop().create_future())
        return self.answers[-1]


async def test_those_who_ask_meanwhile_and_soon_after_share_one() -> None:
    now, ask = [100.0], Asked()
    recent = Recent[int](2.0, lambda: now[0])
    waiting = [asyncio.ensure_future(recent.of(ask)) for _ in range(5)]
    await asyncio.sleep(0)
    now[0] += 60.0  # however long it takes
    waiting.append(asyncio.ensure_future(recent.of(ask)))
    await asyncio.sleep(0)
    ask.answers[0].set_result(7)

    assert await asyncio.gather(*waiting) == [7] * 6
    assert len(ask.answers) == 1

    again = asyncio.ensure_future(recent.of(ask))
    await asyncio.sleep(0)
    ask.answers[1].set_result(8)
    assert await again == 8
    now[0] += 1.9
    assert await recent.of(ask) == 8


async def test_what_was_raised_is_shared_too() -> None:
    ask, recent = Asked(), Recent[int](60.0)
    waiting = [asyncio.ensure_future(recent.of(ask)) for _ in range(2)]
    await asyncio.sleep(0)
    ask.answers[0].set_exception(ValueError("made up"))

    assert [str(each) for each in await asyncio.gather(*waiting, return_exceptions=True)] == ["made up"] * 2


async def test_who_gives_up_leaves_it_to_the_others() -> None:
    ask, recent = Asked(), Recent[int](60.0)
    one, other = (asyncio.ensure_future(recent.of(ask)) for _ in range(2))
    await asyncio.sleep(0)
    one.cancel()
    await asyncio.sleep(0)
    ask.answers[0].set_result(7)

    assert await other == 7


async def test_its_end_leaves_nobody_waiting() -> None:
    ask, recent = Asked(), Recent[int](60.0)
    recent.close()
    waiting = asyncio.ensure_future(recent.of(ask))
    await asyncio.sleep(0)

    recent.close()

    with pytest.raises(asyncio.CancelledError):
        await waiting
