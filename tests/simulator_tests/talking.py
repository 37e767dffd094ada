"""A client of the simulator's sockets: the library that the providers' own SDKs use."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.simulator import Simulator

MESSAGE = dict[str, Any]


class Talk:
    """One socket, as its client has it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[MESSAGE] = []
        """All that came, in its order."""

    async def send(self, kind: str, **said: Any) -> None:
        """A message of a type."""
        await self.socket.send(json.dumps({"type": kind, **said}))

    async def say(self, **said: Any) -> None:
        """A message that has none."""
        await self.socket.send(json.dumps(said))

    async def until(self, done: str | Callable[[MESSAGE], bool]) -> list[MESSAGE]:
        """The messages up to the first of this type, or of which `done` says so, that one included."""
        came: list[MESSAGE] = []
        while True:
            async with asyncio.timeout(10):
                message = json.loads(await self.socket.recv())
            came.append(message)
            self.heard.append(message)
            if message.get("type") == done if isinstance(done, str) else done(message):
                return came


@asynccontextmanager
async def talk(sim: Simulator, host: str, path: str, /, **options: Any) -> AsyncIterator[Talk]:
    """Open a socket to a provider that the simulator is; `options` are `connect`'s."""
    trust = ssl.create_default_context(cafile=sim.root_ca)
    url = f"wss://{host}{path}"
    known: dict[str, Any] = {"host": sim.address, "port": sim.port, "ssl": trust, "proxy": None}
    async with connect(url, **(known | options)) as socket:
        yield Talk(socket)


def kinds(messages: list[MESSAGE]) -> list[str]:
    """Their types."""
    return [str(message.get("type")) for message in messages]
