"""What all connections of a simulator share."""

import asyncio
from dataclasses import dataclass, field

from tests.simulator.batches import Batches
from tests.simulator.body import Body
from tests.simulator.gates import Gates
from tests.simulator.rules import Rules
from tests.simulator.seen import Connection, Log, Seen


@dataclass(slots=True)
class Desk:
    """Rules, memory, and what must be ended at the end."""

    rules: Rules
    log: Log
    body_limit: int
    """Bytes of each request's body that are kept."""
    max_streams: int = 1000
    gates: Gates = field(default_factory=Gates)
    batches: Batches = field(default_factory=Batches)
    transports: set[asyncio.Transport] = field(default_factory=set)
    """Of all open connections."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    """Tracebacks of the simulator's own mistakes."""

    def see(
        self,
        connection: Connection,
        *,
        protocol: str,
        method: str,
        target: str,
        origin: str,
        host: str,
        headers: tuple[tuple[str, str], ...],
        fault: str,
    ) -> Seen:
        """Remember a request whose head is there. `origin`: the target's path and query."""
        self.log.requests += 1
        connection.requests += 1
        path, _, query = origin.partition("?")
        seen = Seen(
            number=self.log.requests,
            connection=connection,
            protocol=protocol,
            method=method,
            target=target,
            host=_without_port(host),
            path=path,
            query=query,
            headers=headers,
            fault=fault,
            body=Body(self.body_limit),
            started=asyncio.get_running_loop().time(),
        )
        self.log.seen.append(seen)
        return seen


def _without_port(host: str) -> str:
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).strip("[]").lower()
