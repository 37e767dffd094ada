"""Shows what a guardrail does to a call. What it says stood in the answer or in the ledger's row, or the
provider got it."""

import asyncio
from collections.abc import Iterable, Sequence

from rich.text import Text

from tollway.demo.actions import demand, unplanned
from tollway.demo.awaiting import within
from tollway.demo.calling import Answer, calling
from tollway.demo.guardrails import lines
from tollway.demo.guardrails.received import Received, received
from tollway.demo.guardrails.stream import texts
from tollway.demo.guide import Guide
from tollway.demo.lines import settled, told
from tollway.demo.simulator import Got
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

    async def blocked(self, stop: Stop, key: str) -> None:
        """A call with a key in it, the first of all, and the refusal as the program has it."""
        await self._announce(stop, key)
        answer, _ = await self._made(stop, "block")
        reached = len(await self._stage.providers.got())
        if reached or key in answer.body:
            raise unplanned("the key was to get to nobody")
        await self._say(lines.blocked(answer, reached))

    async def redacted(self, stop: Stop, values: Sequence[str]) -> tuple[Received, str]:
        """A call with these values in it: what the provider got, and what was answered."""
        await self._announce(stop)
        answer, call = await self._made(stop, "redact")
        got = await self._got()
        found, said = received(stop, values, got), texts(answer.body)
        await self._say(lines.redacted(got.json["messages"][-1]["content"], got.size))
        await self._say([lines.answered(said), settled(call)])
        return found, "".join(said)

    async def restored(self, stop: Stop, values: Sequence[str], earlier: Received) -> None:
        """The next turn: the same placeholders, and in the answer what they stand for."""
        await self._announce(stop)
        answer, call = await self._made(stop, "redact")
        found = received(stop, values, await self._got())
        sent, came = stop.answer["texts"], texts(answer.body)
        if "".join(came) != found.back("".join(sent), values):
            raise unplanned("the answer was to have back what was taken out of its request")
        await self._say([lines.again(found.again(earlier)), lines.streamed(sent)])
        await self._say([lines.restored(came, values), settled(call)])

    async def flagged(self, stop: Stop, hidden: str) -> CallRecord:
        """A call with what only looks like a secret, which goes on as it is."""
        await self._announce(stop, hidden)
        _, call = await self._made(stop, "flag")
        received(stop, (), await self._got())
        await self._say([lines.flagged(), settled(call)])
        return call

    async def _announce(self, stop: Stop, *hidden: str) -> None:
        await self._guide.say(beats=0)
        await self._say([told(stop), lines.sends(stop, *hidden)])

    async def _made(self, stop: Stop, met: str) -> tuple[Answer, CallRecord]:
        async with calling(stop, self._stage.environment) as caller:
            answer = await caller.answer()
        call = await within(self._calls.get())
        demand(call, (met,))
        return answer, call

    async def _got(self) -> Got:
        return (await self._stage.providers.got())[-1]

    async def _say(self, said: Iterable[Text]) -> None:
        for line in said:
            await self._guide.say(line)
