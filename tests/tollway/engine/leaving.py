"""Clients that leave, in each way that there is, and providers that answer slowly."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pytest

from tests.simulator import Scenario, Usage
from tests.simulator.client import RawClient
from tests.simulator.client_http2 import Http2Client
from tests.tollway.calls import Call
from tests.tollway.road import Road

USAGE = Usage(input_tokens=70, output_tokens=33)
SLOW = Scenario(usage=USAGE, events=12, interval=0.02)
JSON = [("content-type", "application/json")]


@dataclass
class Leaver:
    """A client with one request on its way, and a way of its own to leave."""

    raw: RawClient
    http2: Http2Client | None
    stream: int
    how: str

    async def first_bytes(self) -> None:
        """Wait for some of the answer's body."""
        if self.http2 is None:
            await self.raw.receive_until(lambda data: len(data.partition(b"\r\n\r\n")[2]) > 10)
        else:
            await self.http2.until(self.stream, lambda answer: bool(answer.body))

    async def leave(self) -> None:
        """As this client does."""
        if self.how == "http1 half-close":
            self.raw.half_close()
        elif self.how.endswith("close"):
            self.raw.close()
        elif self.how.endswith("reset"):
            self.raw.reset()
        else:
            assert self.http2 is not None
            await self.http2.cancel(self.stream)


class Ask(Protocol):
    """Sends a request, as a client that will leave in a way of its own."""

    async def __call__(self, road: Road, call: Call, how: str) -> Leaver: ...


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Its connections are closed at the end, if they are not yet."""
    opened: list[RawClient] = []

    async def ask(road: Road, call: Call, how: str) -> Leaver:
        if how.startswith("http1"):
            opened.append(raw := await road.raw(call.host))
            await raw.send(call.http1())
            return Leaver(raw, None, 0, how)
        http2 = await road.raw2(call.host)
        opened.append(http2.raw)
        return Leaver(http2.raw, http2, await http2.request(call.host, call.path, JSON, call.content), how)

    yield ask
    for raw in opened:
        raw.close()


WAYS = ["http1 close", "http1 reset", "http1 half-close", "http2 rst_stream", "http2 close", "http2 reset"]
BY = pytest.mark.parametrize("how", WAYS)
