"""Says what a session says, each call in its own time and up to its cut."""

import asyncio
import traceback
from collections.abc import Iterable
from itertools import islice
from typing import Protocol

import orjson

from tests.simulator.desk import Desk
from tests.simulator.dialects.dialect import numbered
from tests.simulator.play import FAIR
from tests.simulator.scenario import Cut, Scenario
from tests.simulator.seen import Seen
from tests.simulator.sockets.heard import SocketSeen
from tests.simulator.sockets.session import Answer, Reply, Said, Say, Turn


class Mouth(Protocol):
    """The way to the client."""

    def say(self, content: bytes, left: int | None = None) -> int:
        """Send a message; of its frames at most so many bytes. Returns their number."""

    async def drain(self) -> None:
        """Wait until the client takes more."""

    def cut(self, cut: Cut) -> None:
        """Break off in the way of `Cut.how`."""

    def close(self, code: int, reason: str) -> None:
        """Say goodbye; nothing can be said behind that."""


class Speaking:
    """The calls of one socket."""

    def __init__(self, desk: Desk, seen: Seen, socket: SocketSeen, mouth: Mouth) -> None:
        self._desk, self._seen, self._socket, self._mouth = desk, seen, socket, mouth
        self._tasks: dict[tuple[str, int], asyncio.Task[None]] = {}
        """By lane and number, in the order in which the calls began."""

    def busy(self, lane: str) -> bool:
        """Whether a call is under way on a lane."""
        return any(key[0] == lane for key in self._tasks)

    def perform(self, replies: Iterable[Reply]) -> None:
        """Say what is to be said now, and begin the calls."""
        for reply in replies:
            if isinstance(reply, Answer):
                self._begin(reply)
                continue
            if not isinstance(reply, Say):
                self._tasks.pop((reply.lane, reply.number)).cancel()
                self._socket.cancelled += 1
            for message in reply.messages:
                self._say(_content(message, reply.number))

    def end(self) -> None:
        """Nothing more is said."""
        for task in list(self._tasks.values()):
            task.cancel()

    def _begin(self, answer: Answer) -> None:
        self._socket.calls += 1
        before = next((task for key, task in reversed(self._tasks.items()) if key[0] == answer.lane), None)
        key = answer.lane, answer.turn.number
        task = self._tasks[key] = asyncio.get_running_loop().create_task(self._run(answer, key, before))
        self._desk.tasks.add(task)
        task.add_done_callback(self._desk.tasks.discard)

    async def _run(self, answer: Answer, key: tuple[str, int], before: asyncio.Task[None] | None) -> None:
        try:
            if before is not None:
                await asyncio.wait([before])
            if await self._play(answer):
                self._over(answer, key)
        except Exception:
            self._seen.fault = traceback.format_exc()
            self._desk.faults.append(self._seen.fault)
            self._mouth.cut(Cut(how="reset"))
        finally:
            self._tasks.pop(key, None)
            self._desk.log.changed(self._seen)

    def _over(self, answer: Answer, key: tuple[str, int]) -> None:
        self._tasks.pop(key, None)
        self._socket.over += 1
        rules = self._seen.scenario.socket
        if answer.closes is not None:
            self._mouth.close(*answer.closes)
        elif self._socket.over == rules.ends_after:
            self._mouth.close(rules.code, rules.reason)

    async def _play(self, answer: Answer) -> bool:
        """Say all of a call; False: it was cut."""
        scenario, cut = answer.turn.scenario, answer.turn.scenario.cut
        if scenario.gate is not None:
            self._desk.log.changed(self._seen)
            await self._desk.gates.pass_through(scenario.gate)
        await asyncio.sleep(scenario.ttfb)
        if cut is None:
            await self._messages(answer.turn, answer.messages, None)
            return True
        if not cut.before_head:
            await self._messages(answer.turn, islice(answer.messages, cut.after_events), cut.after_bytes)
        if cut.how == "hang":
            await asyncio.get_running_loop().create_future()  # until the client leaves
        self._break(cut)
        return False

    async def _messages(self, turn: Turn, messages: Iterable[Said], left: int | None) -> None:
        scenario, loop = turn.scenario, asyncio.get_running_loop()
        start = loop.time()
        for i, content in enumerate(_contents(turn, messages)):
            due = start + (scenario.first_event if i else 0) + i // scenario.batch * scenario.interval
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            elif i % FAIR == FAIR - 1:
                await asyncio.sleep(0)
            await self._mouth.drain()
            said = self._say(content, left)
            left = None if left is None else left - said
            if left == 0:
                return

    def _say(self, content: bytes, left: int | None = None) -> int:
        said = self._mouth.say(content, left)
        self._seen.events_written += 1
        self._seen.bytes_written += len(content)
        self._desk.log.changed(self._seen)
        return said

    def _break(self, cut: Cut) -> None:
        rules = self._seen.scenario.socket
        if cut.how == "end":
            self._mouth.close(rules.code, rules.reason)
        else:
            self._mouth.cut(cut)


def _contents(turn: Turn, messages: Iterable[Said]) -> Iterable[bytes]:
    scenario: Scenario = turn.scenario
    number = turn.number if scenario.number is None else scenario.number
    if scenario.body is None:
        return (_content(message, number) for message in messages)
    events = [line[6:] for line in scenario.body.splitlines() if line.startswith(b"data: ")]
    return [numbered(event, number) for event in events or [scenario.body]]


def _content(message: Said, number: int) -> bytes:
    return numbered(orjson.dumps(message), number)
