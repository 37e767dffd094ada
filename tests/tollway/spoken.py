"""Sockets through a running proxy: a peer that says what a test has it say, and a client."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from tests.simulator import Simulator
from tests.simulator.certificates import GOOD_HOST
from tests.tollway.road import Road, road

MODEL = "gpt-5.2"
USAGE = {"input_tokens": 1000, "output_tokens": 200, "total_tokens": 1200}
COST = 1000 * 1_750 + 200 * 14_000
"""Nano-dollars, of that with gpt-5.2."""
Talk = Callable[[ServerConnection], Awaitable[None]]
BIG = 64 * 2**20


@asynccontextmanager
async def talking(
    folder: Path, sim: Simulator, talk: Talk, host: str = "api.openai.com", **more: Any
) -> AsyncIterator[Road]:
    """A proxy, behind which this host talks so on each socket."""
    context = sim._authority.context(host, GOOD_HOST)
    context.set_alpn_protocols(["http/1.1"])
    async with serve(talk, "127.0.0.1", 0, ssl=context, max_size=BIG) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with road(folder, sim, elsewhere={host: port}, **more) as running:
            yield running


def opened(running: Road, path: str = "/v1/responses", host: str = "api.openai.com", **more: Any) -> connect:
    """A client's socket through the proxy."""
    more = {"max_size": BIG, **more}
    headers = {"authorization": "Bearer sk-spoken", **more.pop("additional_headers", {})}
    trust = more.pop("ssl", None) or running.trust()
    return connect(
        f"wss://{host}{path}",
        proxy=running.proxy.url,
        ssl=trust,
        additional_headers=headers,
        **more,
    )


def create(model: str = MODEL, **more: Any) -> str:
    """What asks for an answer."""
    said = {"type": "response.create", "model": model, "input": "say hi", "max_output_tokens": 200}
    return json.dumps({**said, **more})


def created(id: str, **more: Any) -> str:
    return json.dumps({"type": "response.created", "response": {"id": id, "model": MODEL}, **more})


def completed(id: str, usage: Any = USAGE, **more: Any) -> str:
    response = {"id": id, "model": MODEL, "status": "completed", "usage": usage, "output": []}
    return json.dumps({"type": "response.completed", "response": response, **more})


async def answering(socket: ServerConnection) -> None:
    """Answers each `response.create`, one after the other."""
    number = 0
    async for message in socket:
        said = json.loads(message)
        if said.get("type") == "response.create":
            number += 1
            await socket.send(created(f"resp_{number}"))
            await socket.send(json.dumps({"type": "response.output_text.delta", "delta": "hi"}))
            await socket.send(completed(f"resp_{number}"))


async def until(socket: ClientConnection, *types: str) -> dict[str, Any]:
    """The next message of one of these types; an error is none that nobody waits for."""
    async with asyncio.timeout(120):
        while True:
            said: dict[str, Any] = json.loads(await socket.recv())
            if said.get("type") in types:
                return said
            assert said.get("type") != "error", said
