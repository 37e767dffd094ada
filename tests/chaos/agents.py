"""Agents on one budget: bodies that grow, cached prefixes, large maxima, answers that take seconds."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.chaos.calls import Call
from tests.chaos.load import Outcome, ask, client
from tests.chaos.place import Proxy

AGENTS = 8
FIRST, LAST = 60_000, 700_000
"""Bytes of a body: of the first turn, and the most before a new conversation begins."""
GROWTH = 40_000
"""Bytes that a turn adds: what the agent read, and what it answered."""
BYTES_A_TOKEN = 4
MAXIMUM = 64_000
SYSTEM = "You are an agent of a test. " * 1_000
LINE = "{agent}.{turn}.{line}: a line of a file that this agent read, of the length that lines have. "
"""No two agents read the same, nor one the same twice: what another's turn reported says nothing of it."""
MARK = {"cache_control": {"type": "ephemeral"}}
"""Agents set it at the end of the system prompt, and of the last message."""


@dataclass
class Conversation:
    """What one agent sends: each turn all of the former, and something new."""

    agent: int
    chance: random.Random
    model: str
    speed: float
    """1: answers take 1 to 10 seconds; less is quicker."""
    messages: list[dict[str, object]] = field(default_factory=list)
    size: int = 0
    turn: int = 0

    def next(self) -> Call:
        """The next turn's call: nine tenths of its input were sent, and cached, before."""
        self.turn += 1
        if not self.messages or self.size + GROWTH > LAST:
            self.messages, self.size = [], len(SYSTEM)
            self._reads(FIRST - len(SYSTEM))
        else:
            self.messages.append({"role": "assistant", "content": "I have read it, and go on."})
            self._reads(GROWTH)
        tokens = self.size // BYTES_A_TOKEN
        output = self.chance.randint(300, 3_000)
        seconds = self.speed * (1 + 9 * output / 3_000)
        events = 20
        return Call(
            name=f"agent{self.agent}-{self.turn}",
            model=self.model,
            input_tokens=tokens,
            cache_read_tokens=tokens * 9 // 10,
            cache_write_tokens=tokens // 10,
            output_tokens=output,
            max_tokens=MAXIMUM,
            sim={"events": events, "interval": seconds / events, "text": "An event of an answer. "},
            more={
                "system": [{"type": "text", "text": SYSTEM, **MARK}],
                "metadata": {"user_id": f'{{"session_id":"chaos-{self.agent}"}}'},
                "thinking": {"type": "adaptive"},
                "messages": self._marked(),
                "tools": [{"name": "Read", "description": "Reads.", "input_schema": {"type": "object"}}],
            },
        )

    def _reads(self, size: int) -> None:
        lines: list[str] = []
        length = 0
        while length < size:
            lines.append(LINE.format(agent=self.agent, turn=self.turn, line=len(lines)))
            length += len(lines[-1])
        text = "".join(lines)[:size]
        self.messages.append({"role": "user", "content": [{"type": "text", "text": text}]})
        self.size += size

    def _marked(self) -> list[dict[str, object]]:
        """The messages, the last with a mark of the cache."""
        *before, last = self.messages
        content = last["content"]
        assert isinstance(content, list)
        return [*before, {**last, "content": [{**content[0], **MARK}]}]


async def work(proxy: Proxy, conversations: list[Conversation], most: int) -> list[Outcome]:
    """Each takes its turns until it is refused, or has taken so many."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_work(proxy, one, most)) for one in conversations]
    return [outcome for task in tasks for outcome in task.result()]


async def _work(proxy: Proxy, conversation: Conversation, most: int) -> list[Outcome]:
    outcomes = []
    async with client(proxy, http2=False) as one:
        for _ in range(most):
            outcomes.append(await ask(one, conversation.next()))
            if outcomes[-1].status != 200:
                break
    return outcomes


def conversations(chance: random.Random, model: str, speed: float) -> Iterator[Conversation]:
    """Of all the agents, each with a chance of its own."""
    for agent in range(AGENTS):
        yield Conversation(agent, random.Random(chance.random()), model, speed)
