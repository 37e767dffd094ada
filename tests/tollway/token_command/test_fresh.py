"""Keeping a token fresh, on a clock that stands still."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from tests.tollway.token_command.test_lasting import NOW, token
from tollway.token_command.command import NoToken
from tollway.token_command.fresh import AGAIN_SECONDS, Fresh


class Mint:
    """A command, and the time, which passes only while `Fresh` sleeps or a test says so."""

    def __init__(self) -> None:
        self.now = NOW
        self.lives = 3600.0
        self.printed: list[str] = []
        self.broken: Exception | None = None
        self.opaque = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.slept: list[float] = []
        self.until = NOW
        self.stands = False

    async def mint(self) -> str:
        """Print the next token."""
        number = len(self.printed)
        self.printed.append("")
        await self.gate.wait()
        if self.broken is not None:
            raise self.broken
        claims = {} if self.opaque else {"exp": self.now + self.lives}
        self.printed[number] = token({"n": number, **claims})
        return self.printed[number]

    async def sleep(self, seconds: float) -> None:
        """Pass the time, until it stands."""
        self.slept.append(seconds)
        if self.now + seconds > self.until:
            self.now, self.stands = self.until, True
            await asyncio.Event().wait()
        self.now += seconds

    def fresh(self) -> Fresh:
        return Fresh(self.mint, lambda: self.now, self.sleep)


async def settled(done: Callable[[], bool]) -> None:
    """Let all run that can."""
    async with asyncio.timeout(30):
        while not done():
            await asyncio.sleep(0)


async def running(fresh: Fresh, mint: Mint, seconds: float) -> None:
    """Have it run in the background for so long."""
    mint.until, mint.stands = mint.now + seconds, False
    task = asyncio.get_running_loop().create_task(fresh.run())
    await settled(lambda: mint.stands)
    task.cancel()


async def test_a_token_is_got_once_and_used_while_it_lasts() -> None:
    mint = Mint()
    fresh = mint.fresh()

    tokens = {await fresh.token() for _ in range(3)}
    mint.now += 3599
    tokens.add(await fresh.token())

    assert tokens == {mint.printed[0]}
    assert len(mint.printed) == 1


async def test_all_who_ask_at_once_wait_for_one_command() -> None:
    mint = Mint()
    mint.gate.clear()
    fresh = mint.fresh()
    asking = [asyncio.ensure_future(fresh.token()) for _ in range(20)]
    await settled(lambda: bool(mint.printed))
    asking[0].cancel()
    mint.gate.set()

    found = await asyncio.gather(*asking[1:])

    assert set(found) == {mint.printed[0]}
    assert len(mint.printed) == 1


async def test_it_is_renewed_a_minute_before_its_end_with_nobody_waiting() -> None:
    mint = Mint()
    fresh = mint.fresh()
    first = await fresh.token()

    await running(fresh, mint, 3539)
    before = await fresh.token()
    await running(fresh, mint, 2)
    after = await fresh.token()

    assert (before, after) == (first, mint.printed[1])
    assert max(mint.slept) <= 30  # a machine that slept looks at the clock again


async def test_an_opaque_token_is_renewed_every_five_minutes() -> None:
    mint = Mint()
    mint.opaque = True
    fresh = mint.fresh()

    await fresh.token()
    await running(fresh, mint, 3000)

    assert len(mint.printed) == 11


async def test_a_token_that_ended_while_the_machine_slept_is_not_used() -> None:
    mint = Mint()
    fresh = mint.fresh()
    first = await fresh.token()
    mint.now += 7200

    assert await fresh.token() != first


async def test_the_old_token_is_used_as_long_as_it_lasts(caplog: pytest.LogCaptureFixture) -> None:
    """While the command fails: that is said once, and that it works again, too."""
    mint = Mint()
    fresh = mint.fresh()
    first = await fresh.token()
    mint.broken = NoToken("the token command ended with status 1: log in again")

    with caplog.at_level(logging.WARNING):
        await running(fresh, mint, 3599)
        assert await fresh.token() == first
        await running(fresh, mint, 2)
        with pytest.raises(NoToken, match="status 1: log in again"):
            await fresh.token()
        mint.broken = None
        await running(fresh, mint, AGAIN_SECONDS)
        assert await fresh.token() == mint.printed[-1]

    assert [record.getMessage().partition(";")[0] for record in caplog.records] == [
        "the token command ended with status 1: log in again",
        "the token command works again",
    ]
    assert not any(text and text in caplog.text for text in mint.printed)


async def test_a_command_that_fails_is_not_run_for_each_who_asks() -> None:
    mint = Mint()
    mint.broken = NoToken("no")
    fresh = mint.fresh()

    for _ in range(5):
        with pytest.raises(NoToken):
            await fresh.token()
    mint.now += AGAIN_SECONDS
    with pytest.raises(NoToken):
        await fresh.token()

    assert len(mint.printed) == 2


async def test_a_command_that_can_not_be_run_is_one_that_fails() -> None:
    mint = Mint()
    mint.broken = BlockingIOError("no more processes")
    fresh = mint.fresh()

    with pytest.raises(NoToken, match="could not be run: BlockingIOError"):
        await fresh.token()


async def test_a_token_that_has_expired_already_is_none() -> None:
    mint = Mint()
    mint.lives = 0
    fresh = mint.fresh()

    with pytest.raises(NoToken, match="has expired already"):
        await fresh.token()
    await running(fresh, mint, 60)

    assert len(mint.printed) == 7  # and no more often than one that fails


async def test_a_refused_token_is_renewed_once_for_all_who_were_refused() -> None:
    mint = Mint()
    fresh = mint.fresh()
    first = await fresh.token()
    mint.gate.clear()
    asking = [asyncio.ensure_future(fresh.instead(first)) for _ in range(5)]
    await settled(lambda: len(mint.printed) == 2)
    mint.gate.set()

    found = await asyncio.gather(*asking)
    late = await fresh.instead(first)

    assert {*found, late, await fresh.token()} == {mint.printed[1]}
    assert len(mint.printed) == 2


async def test_one_that_is_refused_again_and_again_does_not_run_the_command_each_time() -> None:
    """It may be that the proxy takes none of them."""
    mint = Mint()
    fresh = mint.fresh()
    second = await fresh.instead(await fresh.token())
    assert second is not None

    at_once = await fresh.instead(second)
    mint.now += AGAIN_SECONDS
    later = await fresh.instead(second)

    assert at_once is None
    assert later == mint.printed[2]


async def test_tasks_that_run_at_once_change_nothing() -> None:
    """As on a proxy's loop."""
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    mint = Mint()
    fresh = mint.fresh()

    second = await fresh.instead(await fresh.token())

    assert second == mint.printed[1]
    assert second is not None
    assert await fresh.instead(second) is None


async def test_the_same_token_again_is_no_other() -> None:
    mint = Mint()
    mint.opaque = True

    async def same() -> str:
        await mint.mint()
        return "made-up"

    fresh = Fresh(same, lambda: mint.now, mint.sleep)

    assert await fresh.instead(await fresh.token()) is None
    assert len(mint.printed) == 2


async def test_a_refused_token_and_a_command_that_fails_are_an_error() -> None:
    mint = Mint()
    fresh = mint.fresh()
    first = await fresh.token()
    mint.broken = NoToken("the token command printed nothing")

    with pytest.raises(NoToken, match="printed nothing"):
        await fresh.instead(first)

    assert await fresh.token() == first  # it lasts


async def test_a_command_that_still_runs_at_the_end_is_stopped() -> None:
    mint = Mint()
    mint.gate.clear()
    fresh = mint.fresh()
    asking = asyncio.ensure_future(fresh.token())
    await settled(lambda: bool(mint.printed))

    await fresh.stop()
    await fresh.stop()

    with pytest.raises(NoToken, match="not run any more"):
        await asking
