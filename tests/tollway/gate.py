"""A ledger, a line, and calls that pass there one by one: for tests of how a call fares in its limits."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tests.tollway.admitting import BODY, NOW_US, REQUEST, asked, candidate, governing, keeping
from tollway.admission import Admission, Admitted, TurnedAway
from tollway.governing import Governing
from tollway.ledger.sqlite import SqliteLedger
from tollway.model import Cost
from tollway.policy.limits import Limits
from tollway.policy.load import load
from tollway.waiting import Line, Place


class Gate:
    """A ledger, a line, and the calls that pass there."""

    def __init__(self, policy: Governing, ledger: SqliteLedger) -> None:
        self.policy = policy
        self.ledger = ledger
        self.line = Line(poll_seconds=1000)
        self.places: list[Place] = []
        self.now_us = NOW_US

    async def admit(
        self, id: str = "c1", body: Mapping[str, Any] = BODY, **known: Any
    ) -> Admitted | TurnedAway:
        """How a call fares."""
        first = candidate(self.policy, asked(body, id, **known))
        ways = self.policy.ways(first, lambda: REQUEST, lambda: self.now_us)
        way = Admission(self.ledger, self.line, ways, lambda: self.now_us, self.places.append)
        return await way.run(first)

    async def adopt(self, limits: str) -> None:
        """Put a policy of these limits in force."""
        policy = load(f"version: 1\nlimits: [{limits}]\n", "p.yaml")
        made = Limits(policy)
        await self.ledger.adopt(made, self.now_us)
        self.policy.swap(policy, made)

    async def settle(self, admitted: Admitted | TurnedAway, nano: int = 0) -> None:
        """The end of a call that was admitted."""
        assert isinstance(admitted, Admitted)
        row = replace(admitted.candidate.row, state="done", status=200, cost=Cost(output_nano=nano))
        balances = await self.ledger.settle(row)
        self.line.freed([balance.bucket.id for balance in balances])

    async def waits(self) -> None:
        """Until somebody waits."""
        async with asyncio.timeout(120):
            while not len(self.line):
                await asyncio.sleep(0.001)


@asynccontextmanager
async def gate(path: Path, limits: str, more: str = "") -> AsyncIterator[Gate]:
    """One, with these limits."""
    policy = governing(f"limits: [{limits}]\n{more}")
    async with keeping(path / "ledger.db", policy) as ledger:
        yield Gate(policy, ledger)


def limit(amount: str, then: str, **more: str) -> str:
    """A limit's entry."""
    said = {"name": "day", "window": "day", **more, "amount": amount, "then": f"[{then}]"}
    return "{" + ", ".join(f"{name}: {value}" for name, value in said.items()) + "}"
