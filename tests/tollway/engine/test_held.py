"""A layer waits for what is done elsewhere, without its other events waiting."""

import asyncio

from mitmproxy.proxy import commands

from tollway.engine.held import Held


async def test_it_waits_for_no_time() -> None:
    told: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    held = Held(told)

    assert isinstance(held, commands.RequestWakeup)
    assert (held.delay, held.until, held.blocking) == (0, told, False)
