"""What limits make of calls, without an engine around it: all steps from the call that was read to its end.

Real parts, as the proxy has them: the policy, the bound and price tables, the ledger in its file.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import Any, Literal

import orjson
from msgspec.structs import replace

from tests.bench.calls import Call, json_call
from tests.bench.policies import RATES, TEAM, policy
from tollway import clock
from tollway.accounting import Accounting
from tollway.admission import Admission, Admitted
from tollway.candidate import Candidate
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.holds import Holds
from tollway.hooks.recognise import call_id
from tollway.ledger.open import open_ledger
from tollway.ledger.store import Refused, Store
from tollway.model import Asked, CallRecord, Cost, Endpoint, Identity, Source, Usage
from tollway.policy.limits import Limits
from tollway.policy.load import load
from tollway.prices import PriceBook
from tollway.providers.load import load as load_providers
from tollway.providers.recognise import recognise
from tollway.quarantine import Quarantine
from tollway.rerouting import Request
from tollway.waiting import Line
from tollway.wire import DIALECTS

Work = Literal["call", "fill", "pair", "record"]
Written = asyncio.Future[Any]
"""Done once the row of a call's end is."""


class Governed:
    """Makes calls of so many users, in turns without any order."""

    def __init__(self, governing: Governing, ledger: Store, users: int) -> None:
        self._governing = governing
        self._ledger = ledger
        self._line = Line()
        self._holds = Holds(ledger, self._line)
        self._users = users
        self._random = random.Random(1)
        self._candidates: dict[int, Candidate] = {}

    async def do(self, work: Work, number: int) -> Written:
        """One call of somebody; "fill": a call of each user, by number.

        Done is when its end has been handed to the ledger, as in the proxy.
        """
        match work:
            case "fill":
                return await self.call(number)
            case "call":
                return await self.call(self._anybody())
            case "pair":
                return await self.pair(self._anybody())
            case "record":
                return await self.record(self._anybody())

    async def call(self, user: int) -> Written:
        """Matched, bounded and priced, held, settled. Raises RuntimeError if it is not admitted."""
        candidate = self._candidate(user)
        asking = partial(Request, method="POST", port=443, path="/", headers={})
        ways = self._governing.ways(candidate, asking, clock.now_us)
        outcome = await Admission(self._ledger, self._line, ways, clock.now_us).run(candidate)
        if not isinstance(outcome, Admitted):
            raise RuntimeError(f"a call was turned away: {outcome}")
        return self._holds.end(ended(outcome.candidate.row))

    async def pair(self, user: int) -> Written:
        """Held and settled, and no more. Raises RuntimeError if it is not admitted."""
        like = self._again(user)
        outcome = await self._ledger.reserve(like.row, like.wants, like.row.started_us)
        if isinstance(outcome, Refused):
            raise RuntimeError(f"a call was turned away: {outcome}")
        return self._ledger.settle(ended(like.row), soon=True)

    async def record(self, user: int) -> Written:
        """The same two rows, as they are written where no limit applies."""
        row = self._again(user).row
        await self._ledger.record(row)
        return self._ledger.record(ended(row), soon=True)

    def _anybody(self) -> int:
        return self._random.randrange(self._users)

    def _again(self, user: int) -> Candidate:
        """A call like the user's first."""
        if user not in self._candidates:
            self._candidates[user] = self._candidate(user)
        like, now_us = self._candidates[user], clock.now_us()
        return replace(like, row=replace(like.row, id=call_id(now_us), started_us=now_us))

    def _candidate(self, user: int) -> Candidate:
        now_us = clock.now_us()
        who = Identity(user=f"user-{user}", team=TEAM)
        return self._governing.candidates.any(read(call_id(now_us), now_us, who))


@asynccontextmanager
async def governed(
    folder: str, limits: int, users: int, durability: str, rates: bool = False
) -> AsyncIterator[Governed]:
    """Under so many limits, none included, and rates, with a ledger in the folder. Raises TollwayError."""
    said = (policy(limits) if limits else "version: 1\n") + (RATES if rates else "")
    in_force = load(f"{said}faults: {{durability: {durability}}}\n", "policy.yaml")
    governing = Governing(Accounting(PriceBook(), clock.now), load_providers(), Quarantine(), {})
    found = Limits(in_force)
    ledger = open_ledger(f"sqlite:{folder}/ledger.db", durability=in_force.faults.durability)
    try:
        if limits:
            await ledger.adopt(found, clock.now_us())
        governing.swap(in_force, found)
        yield Governed(governing, ledger, users)
    finally:
        ledger.close()


def ended(row: CallRecord) -> CallRecord:
    """The row of a call that was answered."""
    return replace(
        row,
        state="done",
        status=200,
        ended_us=row.started_us + 1_000_000,
        usage=Usage(input_tokens=400, output_tokens=300),
        cost=Cost(input_nano=1_000_000, output_nano=3_000_000, source=Source.COMPUTED),
    )


def read(id: str, started_us: int, who: Identity) -> Exchange:
    """The JSON call of the other comparisons, as somebody makes it, once it was read."""
    call, endpoint, asked, members = _asked()
    return Exchange(
        id=id,
        started_us=started_us,
        endpoint=endpoint,
        host=call.host,
        client="127.0.0.1",
        identity=who,
        dialect=DIALECTS[endpoint.dialect],
        asked=asked,
        body=call.body,
        media_type="application/json",
        parsed=members,
        request_bytes=len(call.body),
    )


@cache
def _asked() -> tuple[Call, Endpoint, Asked, Mapping[str, Any]]:
    call = json_call()
    endpoint = recognise(load_providers(), call.host, 443, "POST", call.path)
    assert endpoint is not None
    members = orjson.loads(call.body)
    return call, endpoint, DIALECTS[endpoint.dialect].read_request(endpoint, members), members
