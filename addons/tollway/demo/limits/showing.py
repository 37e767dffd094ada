"""Shows what a limit does to a call, while it does it: the simulator answers when there was time to read."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from rich.text import Text

from tollway.demo.actions import demand
from tollway.demo.awaiting import seen
from tollway.demo.calling import Answer, Caller, calling
from tollway.demo.guide import Guide
from tollway.demo.limits import lines
from tollway.demo.limits.sight import Sight, Sights
from tollway.demo.limits.stops import Step
from tollway.demo.lines import told
from tollway.demo.stage import Stage
from tollway.model import CallRecord


class Showing:
    """On a stage, by a guide. All that it says of a call is the ledger's, or stood in the answer."""

    def __init__(self, guide: Guide, stage: Stage, ledger_url: str) -> None:
        self._guide = guide
        self._stage = stage
        self._sights = Sights(ledger_url)

    async def alone(self, step: Step) -> None:
        """A call that is admitted while no other is in flight."""
        await self._guide.say(told(step.stop))
        async with self._calling(step) as caller:
            held = await self._decided(step)
            await self._say(lines.admitted(held))
            answer, ended = await self._end(step, caller, held)
        await self._say(lines.answered(answer, step.headers, ended))
        await self._guide.say(beats=0)

    async def together(self, first: Step, second: Step) -> None:
        """A call that holds all that is left, and one that waits until it has ended."""
        await self._guide.say(told(first.stop))
        async with self._calling(first) as one:
            held = await self._decided(first)
            await self._say(lines.admitted(held))
            await self._guide.say(told(second.stop))
            async with self._calling(second) as other:
                await seen(self._waiting)
                await self._guide.say(lines.waits(held))
                async with self._guide.watching(f"{second.stop.person} waits", beats=3):
                    answer, ended = await self._end(first, one, held)
                await self._guide.say(lines.freed(held.call, ended))
                await self._say(lines.answered(answer, first.headers, ended))
                held = await self._decided(second)
                await self._guide.say(lines.waited(ended, held.call))
                await self._say(lines.admitted(held))
                answer, ended = await self._end(second, other, held)
        await self._say(lines.answered(answer, second.headers, ended))
        await self._guide.say(beats=0)

    async def refused(self, step: Step) -> None:
        """A call that is turned away."""
        await self._guide.say(told(step.stop))
        async with self._calling(step) as caller:
            answer = await caller.answer()
        found = await self._decided(step)
        await self._say(lines.refused(answer, found.bucket))

    @asynccontextmanager
    async def _calling(self, step: Step) -> AsyncIterator[Caller]:
        """A program that makes this call. However that ends, its gate is open then: the proxy reads on what a
        limit holds, so a call that nobody answers would keep it from stopping."""
        async with calling(step.stop, self._stage.environment) as caller:
            try:
                yield caller
            finally:
                await self._stage.providers.open(step.gate)

    async def _decided(self, step: Step) -> Sight:
        found = await self._sights.following()
        demand(found.call, step.met)
        return found

    async def _waiting(self) -> bool | None:
        """Whether a call stands in line."""
        return len(self._stage.line) > 0 or None

    async def _end(self, step: Step, caller: Caller, held: Sight) -> tuple[Answer, CallRecord]:
        """Let the provider answer."""
        await self._stage.providers.open(step.gate)
        answer = await caller.answer()
        return answer, (await self._sights.ended(held.call.id)).call

    async def _say(self, said: Iterable[Text]) -> None:
        for line in said:
            await self._guide.say(line)
