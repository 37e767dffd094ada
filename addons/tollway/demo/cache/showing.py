"""Shows what the cache does to a call. What it says stood in the answer or in the ledger's row, or the
provider got it."""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack

from rich.text import Text

from tollway.demo.actions import unplanned
from tollway.demo.awaiting import seen, within
from tollway.demo.cache import lines
from tollway.demo.cache.stops import GATE, RUNS
from tollway.demo.calling import Answer, calling
from tollway.demo.guide import Guide
from tollway.demo.lines import settled, told
from tollway.demo.stage import Stage
from tollway.demo.stop import Stop
from tollway.model import CallRecord

Calls = asyncio.Queue[CallRecord]
"""The calls that have ended."""


class Showing:
    """On a stage, by a guide."""

    def __init__(self, guide: Guide, stage: Stage, calls: Calls) -> None:
        self._guide = guide
        self._stage = stage
        self._calls = calls

    async def asked(self, stop: Stop, cache: str | None) -> None:
        """A call whose provider is asked: it was not found, or not looked for."""
        await self._announce(stop)
        answer, call = await self._made(stop, cache)
        await self._say([lines.asked(answer), settled(call)])

    async def found(self, stop: Stop) -> None:
        """A call that is answered from the cache."""
        await self._announce(stop)
        before = len(await self._stage.providers.got())
        answer, call = await self._made(stop, "hit")
        reached = len(await self._stage.providers.got())
        if reached != before or call.cost.nano:
            raise unplanned("a provider was to hear nothing of a call that was answered from the cache")
        await self._say([lines.hit(answer), settled(call), lines.saved([call]), lines.reached(reached)])

    async def together(self, stop: Stop) -> None:
        """Calls that ask the same at the same moment: one is made, all are answered."""
        await self._announce(stop)
        async with AsyncExitStack() as until:
            callers = [
                await until.enter_async_context(calling(stop, self._stage.environment)) for _ in range(RUNS)
            ]
            until.push_async_callback(self._stage.providers.open, GATE)
            await seen(self._waiting)
            await self._guide.say(lines.waiting(self._stage.joined))
            await self._stage.providers.open(GATE)
            answers = [await caller.answer() for caller in callers]
        calls = [await within(self._calls.get()) for _ in callers]
        paid, joined = ([call for call in calls if call.cache == how] for how in ("miss", "join"))
        if len({answer.body for answer in answers}) != 1 or len(paid) != 1 or len(joined) != RUNS - 1:
            raise unplanned("one of the calls was to be made, and all to be answered alike")
        await self._say([lines.streamed([answer.body for answer in answers]), settled(paid[0])])
        await self._say([lines.saved(joined), lines.reached(len(await self._stage.providers.got()))])

    async def _waiting(self) -> bool | None:
        return self._stage.joined == RUNS - 1 or None

    async def _announce(self, stop: Stop) -> None:
        await self._guide.say(beats=0)
        await self._guide.say(told(stop))

    async def _made(self, stop: Stop, cache: str | None) -> tuple[Answer, CallRecord]:
        async with calling(stop, self._stage.environment) as caller:
            answer = await caller.answer()
        call = await within(self._calls.get())
        if call.cache != cache or answer.status != 200:
            raise unplanned(f"a call was to be a {cache or 'call like any other'}, and was a {call.cache}")
        return answer, call

    async def _say(self, said: Iterable[Text]) -> None:
        for line in said:
            await self._guide.say(line)
