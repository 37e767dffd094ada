"""What is done to the proxies: races, two on one ledger, kill -9, clients and providers that misbehave."""

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import httpx

from tests.chaos.accounts import Account, account
from tests.chaos.calls import Call
from tests.chaos.evidence import evidence
from tests.chaos.load import POLITE, Manner, all_at_once, ask, client, take_back
from tests.chaos.need import need_nano
from tests.chaos.place import Budget, Place, Proxy
from tests.chaos.refusals import Refusals, refusals
from tests.chaos.watch import Watch
from tests.simulator.process import Running
from tollway.money import nano

AT_ONCE = 8
BESIDE = 2
"""Clients of the proxy that is not killed."""
SETTLED = 90.0
"""Seconds that calls which clients left may take until they are settled."""
FITS = 100
"""How many calls of a race the budget fits, at their real cost: 100 x (1,000 x 3 + 200 x 15) = 0.6 USD."""
A_LIFE = 40
"""How many calls a proxy that will be killed has the money for."""
STARTS = 0.8
"""Seconds in which a proxy comes up, more or less."""
SMALL: dict[str, object] = {"events": 6, "interval": 0.003}


@dataclass(frozen=True)
class Run:
    """How much of it, and where."""

    folder: Path
    sim: Running
    chance: random.Random
    limits: bool
    """False: a policy without limits, which admits all."""
    calls: int
    kills: int

    def place(
        self,
        name: str,
        usd: Decimal,
        then: str = "[clamp, wait 30s, block]",
        rules: str = "",
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> Place:
        """A place of its own; the simulator forgets the former."""
        self.sim.reset()
        budget = Budget(usd, then) if self.limits else None
        return Place(self.folder / name, self.sim, budget, rules, environment)


type Found = tuple[Account, Refusals | None]
"""A part's figures, and, where all that limits refused was refused in earnest, what to think of that."""


def real_cost(number: int) -> Decimal:
    """What so many plain calls cost, in USD."""
    return Decimal(number * Call("").real_nano()).scaleb(-9)


def race(run: Run) -> Found:
    """All calls at once against one proxy."""
    return _race(run, "race", 1)


def two(run: Run) -> Found:
    """The same with two proxies on one ledger."""
    return _race(run, "two", 2)


def _race(run: Run, name: str, proxies: int) -> Found:
    place = run.place(name, real_cost(FITS))
    calls = [Call(f"{name}{i}", sim=SMALL) for i in range(run.calls)]
    with place.watched() as watch, place.proxies(proxies) as started:
        asyncio.run(all_at_once(started, calls))
    return closed(run, place, calls, watch), judged(place, calls)


def kill(run: Run) -> Found:
    """`kill -9` while calls are on their way, again and again; each time another proxy goes on.

    One more, on the same ledger, lives through it all. The amount grows from life to life, so that limits
    bite in each: some are killed while calls wait, and one in ten before it is up.
    """
    place = run.place("kill", real_cost(A_LIFE), "[clamp, wait 1s, block]")
    made: list[Call] = []
    with place.watched() as watch, place.proxy() as survivor:
        for number in range(run.kills):
            place.raise_to(real_cost(A_LIFE * (number + 1)))
            if run.chance.random() < 0.1:
                place.kill_at_its_start(STARTS * run.chance.random())
                continue
            with place.proxy() as proxy:
                asyncio.run(_Life(run, number, made, proxy, survivor).until_killed())
    return closed(run, place, made, watch), None


class _Life:
    """Clients call one after another, until their proxy is killed after some calls and some time."""

    def __init__(self, run: Run, number: int, made: list[Call], proxy: Proxy, survivor: Proxy) -> None:
        self._number = number
        self._made = made
        self._proxy = proxy
        self._survivor = survivor
        self._wanted = run.chance.randint(1, A_LIFE)
        self._late = run.chance.random() / 20
        self._ended = 0
        self._killed = False

    async def until_killed(self) -> None:
        async with client(self._proxy) as one, client(self._survivor) as other:
            mine = [self._calls(one, f"{who}") for who in range(AT_ONCE)]
            others = [self._calls(other, f"beside{who}") for who in range(BESIDE)]
            await asyncio.gather(self._kill(), *mine, *others)

    async def _calls(self, one: httpx.AsyncClient, who: str) -> None:
        turn = 0
        while not self._killed:
            call = Call(f"kill{self._number}-{who}-{turn}", sim=SMALL)
            self._made.append(call)
            if (await ask(one, call)).status == 200:
                self._ended += 1
            turn += 1

    async def _kill(self) -> None:
        """As soon as enough were served, or no more can be."""
        try:
            async with asyncio.timeout(3):
                while self._ended < self._wanted:
                    await asyncio.sleep(0.001)
        except TimeoutError:
            pass
        await asyncio.sleep(self._late)
        self._proxy.kill()
        self._killed = True


def cut(run: Run) -> Found:
    """Clients that leave, reset or dawdle; providers that close, reset, break off, are late or refuse.

    A fifth of the calls are taken back, stream by stream, on connections that break.
    """
    place = run.place("cut", real_cost(run.calls))
    calls = [Call(f"cut{i}", sim=_misbehaviour(run.chance)) for i in range(run.calls)]
    manners = [_manner(run.chance) for _ in calls]
    with place.watched() as watch, place.proxy() as proxy:

        async def go() -> None:
            async with client(proxy, http2=False) as first, client(proxy) as second:
                doors = [first, second]
                gate = asyncio.Semaphore(50)

                async def through(i: int) -> None:
                    async with gate:
                        await ask(doors[i % 2], calls[i], manners[i])

                async def back(some: Sequence[Call]) -> None:
                    async with gate:
                        await take_back(proxy, some, run.chance)

                there = len(calls) * 4 // 5
                groups = [calls[i : i + AT_ONCE] for i in range(there, len(calls), AT_ONCE)]
                await asyncio.gather(*(through(i) for i in range(there)), *map(back, groups))
                await settled(place)

        asyncio.run(go())
    return closed(run, place, calls, watch), None


def _misbehaviour(chance: random.Random) -> dict[str, object]:
    """How the provider behaves: half of the time well."""
    hows = ("close", "abrupt", "reset", "rst_stream", "goaway", "goaway_lost")
    cut = chance.choice([
        {"how": chance.choice(hows), "after_events": chance.choice([None, 0, 1, 5, 12])},
        {"how": "end", "after_events": chance.choice([0, 1, 5, 12])},
    ])  # fmt: skip
    badly: list[dict[str, object]] = [
        {**SMALL, "cut": cut},
        {**SMALL, "cut": cut},
        {**SMALL, "ttfb": chance.random() / 2},
        {**SMALL, "usage": None},
        {"status": chance.choice([400, 429, 500, 529])},
    ]
    return chance.choice([*badly, *[{**SMALL, "events": chance.randint(1, 30)}] * len(badly)])


def _manner(chance: random.Random) -> Manner:
    """How the client behaves: half of the time well."""
    leaving = Manner(leaves_after=chance.choice([0, 0, 1, 200, 1_500]))
    return chance.choice([POLITE, POLITE, leaving, Manner(pause=0.05)])


async def settled(place: Place) -> None:
    """Wait until no row is open. Raises TimeoutError."""
    async with asyncio.timeout(SETTLED):
        while await asyncio.to_thread(_open, place):
            await asyncio.sleep(0.1)


def _open(place: Place) -> bool:
    with place.books() as books:
        return any(row.state == "open" for row in books.calls())


def closed(run: Run, place: Place, calls: Sequence[Call], watch: Watch) -> Account:
    """The account once all proxies have ended."""
    place.tidy()
    with place.books() as books:
        rows = list(books.calls())
    amount = nano(place.budget.usd) if place.budget else None
    return account(calls, run.sim.seen(), rows, amount, evidence(place.path, watch))


def judged(place: Place, calls: Sequence[Call]) -> Refusals | None:
    """What to think of its refusals; None: it has no limits."""
    if place.budget is None:
        return None
    with place.books() as books:
        rows = list(books.calls())
    return refusals(rows, {call.name: call for call in calls}, nano(place.budget.usd), need_nano)


def every() -> Iterator[tuple[str, Callable[[Run], Found]]]:
    """The parts, by name."""
    yield from (("race", race), ("two", two), ("kill", kill), ("cut", cut))
