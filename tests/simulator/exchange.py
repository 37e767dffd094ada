"""One request and its answer, whatever the protocol."""

import asyncio
import traceback

from tests.simulator.answer import Answer, answer_to, answered
from tests.simulator.control import control
from tests.simulator.desk import Desk
from tests.simulator.play import Channel, play
from tests.simulator.scenario import DEFAULT, Cut, Scenario
from tests.simulator.seen import Seen


class Exchange:
    """Takes a request's body, then plays the answer; knows when the client leaves."""

    __slots__ = ("_channel", "_desk", "_loop", "_task", "scenario", "seen")

    def __init__(self, desk: Desk, seen: Seen, channel: Channel) -> None:
        self.seen = seen
        self._desk = desk
        self._channel = channel
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self.scenario = self._scenario()
        seen.scenario = self.scenario

    def begin(self) -> None:
        """The head was taken: answer at once if the scenario says so."""
        self._desk.log.changed(self.seen)
        if self.scenario.early:
            self._start()

    def refuse(self, status: int) -> None:
        """Answer with this error now, without the body."""
        self.scenario = self.seen.scenario = Scenario(status=status, early=True)

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        self.seen.body.feed(data)
        if self.scenario.read_rate:
            self._channel.hold(len(data) / self.scenario.read_rate)

    def received(self, trailers: tuple[tuple[str, str], ...] = ()) -> None:
        """The request is whole."""
        self.seen.trailers = trailers
        self.seen.received = self._loop.time()
        if self._task is None:
            self._start()

    def left(self, how: str) -> None:
        """The client is gone, or wants this answer no more."""
        if self.seen.complete or self.seen.client_left:
            return
        self.seen.client_left, self.seen.left_how = True, how
        if self._task is None:
            self.seen.ended = self._loop.time()
        elif not self._task.done():
            self._task.cancel()
        self._desk.log.changed(self.seen)

    def _scenario(self) -> Scenario:
        seen = self.seen
        try:
            return self._desk.rules.find(seen.host, seen.path, seen.header("x-sim"))
        except (ValueError, TypeError) as error:
            seen.fault = f"x-sim: {error}"
            return Scenario(status=400, message=seen.fault)

    def _start(self) -> None:
        # Eager: an answer that waits for nothing is written without a turn of the loop.
        self._task = asyncio.Task(self._run(), loop=self._loop, eager_start=True)
        if not self._task.done():
            self._desk.tasks.add(self._task)
            self._task.add_done_callback(self._desk.tasks.discard)

    async def _run(self) -> None:
        try:
            answer = self._answer()
            if self.scenario.gate is not None:
                self._desk.log.changed(self.seen)
                await self._desk.gates.pass_through(self.scenario.gate)
            await play(self.seen, self.scenario, answer, self._channel, self._desk.log)
        except Exception:
            self.seen.fault = traceback.format_exc()
            self._desk.faults.append(self.seen.fault)
            self._channel.cut(Cut(how="reset"))
        finally:
            self.seen.ended = self._loop.time()
            self._channel.finished()
            self._desk.log.changed(self.seen)

    def _answer(self) -> Answer:
        if self.seen.path.startswith("/__"):
            made = control(self.seen, self._desk)
            if made is not None:
                self.scenario = DEFAULT
                return made
        said = self.scenario
        if said.status == 200 and said.body is None and not said.fill and not said.early:
            found = self._desk.batches.answer(self.seen)
            if found is not None:
                return answered(self.seen, self.scenario, *found)
        return answer_to(self.seen, self.scenario)
