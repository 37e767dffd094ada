"""What happens to a call whose client left, or whose proxy is asked to stop."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from mitmproxy.connection import Client
from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.exchange import Exchange, Patience
from tollway.hooks.refusal import refuse
from tollway.model import Kind


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far abandoned answers are read."""

    seconds: float = 300.0
    """The longest that one is read on."""
    size: int = 64 * 2**20
    """Bytes of one, from its start."""
    at_once: int = 100
    """Read at the same time; the next is closed and estimated."""


BOUNDS = Bounds()


STOPPING = "Tollway is stopping; try again in a moment"


class Drain:
    """Keeps an abandoned call's provider being read, within bounds, and counts what is in flight."""

    def __init__(self, abandoned: str, bounds: Bounds = BOUNDS) -> None:
        """`abandoned` is the policy's: drain, or close."""
        self._drains = abandoned == "drain"
        self._patience = Patience(bounds.seconds, bounds.size)
        self._at_once = bounds.at_once
        self._draining: set[Exchange] = set()
        self._live: defaultdict[str, set[Exchange]] = defaultdict(set)
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False

    def requestheaders(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if known is None:
            return
        if self._stopping and not flow.response:
            refuse(flow, 503, STOPPING, "stopping", retry_after=1)
        if known.endpoint.kind is Kind.INFERENCE:
            known.may_drain = self.may_drain
        self._live[flow.client_conn.id].add(known)
        self._idle.clear()

    def response(self, flow: HTTPFlow) -> None:
        self._ended(flow)

    def error(self, flow: HTTPFlow) -> None:
        self._ended(flow)

    def may_drain(self, known: Exchange) -> Patience | None:
        """How much to read on, or None: close.

        A provider that stops billing when the connection closes is closed; an answer that is not a stream
        is billed whole by all of them (reference: providers, section 5). Under a hard limit it is read on
        even so: what it used is then known, where else all that is held would be charged. And so it is where
        others wait for the same answer, whatever the policy says of abandoned ones.
        """
        if known.looked is not None and known.looked.shared.listeners:
            return self._patience
        if not self._drains:
            return None
        streams = known.asked is not None and known.asked.stream
        if streams and not known.endpoint.bills_on and known.ruling.bound is None:
            return None
        full = len(self._draining) >= self._at_once and known not in self._draining
        if full or known.response_bytes > self._patience.size:
            return None
        self._draining.add(known)
        return self._patience

    def begins(self, flow: HTTPFlow, call: Exchange) -> None:
        """A call begins that has no flow of its own."""
        call.may_drain = self.may_drain
        self._live[flow.client_conn.id].add(call)
        self._idle.clear()

    def ends(self, flow: HTTPFlow, call: Exchange) -> None:
        """Such a call has ended."""
        self._end(flow, call)

    @property
    def is_stopping(self) -> bool:
        """No new calls are taken."""
        return self._stopping

    async def client_disconnected(self, client: Client) -> None:
        """mitmproxy closes the provider's connections after this hook: wait for what is drained.

        What is left then ends with its connection.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience.seconds):
                for known in [known for known in self._live.get(client.id, ()) if known.draining]:
                    await known.wait_finished()
        if live := self._live.get(client.id):
            live -= {known for known in live if known.settled}
            self._forget(client, live)

    async def stop(self, seconds: float) -> bool:
        """Take no new calls, and wait for those in flight; False: some were still there at the end."""
        self._stopping = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), seconds)
        return not self._live

    def give_up(self) -> None:
        """Wait no longer for what is in flight."""
        self._idle.set()

    def in_flight(self) -> int:
        """Calls and passing requests that have not ended."""
        return sum(map(len, self._live.values()))

    def flying(self) -> Iterator[Exchange]:
        """The calls that are in the ledger and have not ended."""
        for live in self._live.values():
            yield from (known for known in live if known.recorded and not known.settled)

    def holding(self) -> list[str]:
        """The ids of the calls that have not ended, and hold something under limits."""
        return [known.id for known in self.flying() if known.ruling.limits]

    def replaced(self, flow: HTTPFlow, attempt: Exchange, by: Exchange) -> None:
        """An attempt has ended, and another has taken its place."""
        self._live[flow.client_conn.id].add(by)
        self._end(flow, attempt)

    def _ended(self, flow: HTTPFlow) -> None:
        if (known := exchange.of(flow)) is not None:
            self._end(flow, known)

    def _end(self, flow: HTTPFlow, known: Exchange) -> None:
        known.finish()
        self._draining.discard(known)
        live = self._live.get(flow.client_conn.id)
        if live is not None:
            live.discard(known)
            self._forget(flow.client_conn, live)

    def _forget(self, client: Client, live: set[Exchange]) -> None:
        if not live:
            del self._live[client.id]
        if not self._live:
            self._idle.set()
