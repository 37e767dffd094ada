"""What is done to the proxies: races, two on one ledger, kill -9, clients and providers that misbehave."""

import asyncio
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import httpx

from tests.chaos.accounts import Account, account
from tests.chaos.calls import Call
from tests.chaos.load import POLITE, Manner, all_at_once, ask, client
from tests.chaos.place import Budget, Place, Proxy
from tests.chaos.watch import Watch, watched
from tests.simulator.process import Running
from tollway.money import nano

AT_ONCE = 8
SETTLED = 90.0
"""Seconds that calls which clients left may take until they are settled."""
FITS = 100
"""How many calls of a race the budget fits, at their real cost: 100 x (1,000 x 3 + 200 x 15) = 0.6 USD."""
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

    def place(self, name: str, usd: Decimal, then: str = "[clamp, wait 30s, block]") -> Place:
        """A place of its own; the simulator forgets the former."""
        self.sim.reset()
        return Place(self.folder / name, self.sim, Budget(usd, then) if self.limits else None)


def real_cost(number: int) -> Decimal:
    """What so many plain calls cost, in USD."""
    return Decimal(number * Call("").real_nano()).scaleb(-9)


def race(run: Run) -> Account:
    """All calls at once against one proxy."""
    return _race(run, "race", 1)


def two(run: Run) -> Account:
    """The same with two proxies on one ledger."""
    return _race(run, "two", 2)


def _race(run: Run, name: str, proxies: int) -> Account:
    place = run.place(name, real_cost(FITS))
    calls = [Call(f"{name}{i}", sim=SMALL) for i in range(run.calls)]
    with watched(place) as watch, place.proxies(proxies) as started:
        asyncio.run(all_at_once(started, calls))
    return closed(run, place, calls, watch)


def kill(run: Run) -> Account:
    """`kill -9` while calls are on their way, again and again; each time another proxy goes on."""
    place = run.place("kill", real_cost(40 * max(run.kills, 1)), "[block]")
    made: list[Call] = []
    with watched(place) as watch:
        for number in range(run.kills):
            with place.proxy() as proxy:
                asyncio.run(_until_killed(run, number, made, proxy))
    return closed(run, place, made, watch)


async def _until_killed(run: Run, number: int, made: list[Call], proxy: Proxy) -> None:
    """Eight clients call one after another, until the proxy is killed after some calls and some time."""
    wanted, late = run.chance.randint(1, 40), run.chance.random() / 20
    ended = 0

    async def one_after_another(one: httpx.AsyncClient, who: int) -> None:
        nonlocal ended
        for turn in range(1_000):
            call = Call(f"kill{number}-{who}-{turn}", sim=SMALL)
            made.append(call)
            if (await ask(one, call)).status is None:
                return
            ended += 1

    async def killer() -> None:
        async with asyncio.timeout(30):
            while ended < wanted:
                await asyncio.sleep(0.001)
        await asyncio.sleep(late)
        proxy.kill()

    async with client(proxy) as one:
        await asyncio.gather(killer(), *(one_after_another(one, who) for who in range(AT_ONCE)))


def cut(run: Run) -> Account:
    """Clients that leave, reset or dawdle; providers that close, reset, break off, are late or refuse."""
    place = run.place("cut", real_cost(2 * run.calls))
    calls = [Call(f"cut{i}", sim=_misbehaviour(run.chance)) for i in range(run.calls)]
    manners = [_manner(run.chance) for _ in calls]
    with watched(place) as watch, place.proxy() as proxy:

        async def go() -> None:
            async with client(proxy, http2=False) as first, client(proxy) as second:
                doors = [first, second]
                gate = asyncio.Semaphore(50)

                async def through(i: int) -> None:
                    async with gate:
                        await ask(doors[i % 2], calls[i], manners[i])

                await asyncio.gather(*(through(i) for i in range(len(calls))))
                await settled(place)

        asyncio.run(go())
    return closed(run, place, calls, watch)


def _misbehaviour(chance: random.Random) -> dict[str, object]:
    """How the provider behaves: half of the time well."""
    hows = ("close", "abrupt", "reset", "end", "rst_stream", "goaway", "goaway_lost")
    cut = {"how": chance.choice(hows), "after_events": chance.choice([None, 0, 1, 5, 12])}
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


def closed(run: Run, place: Place, calls: Iterable[Call], watch: Watch) -> Account:
    """The account once all proxies have ended."""
    place.tidy()
    with place.books() as books:
        rows = list(books.calls())
    amount = nano(place.budget.usd) if place.budget else None
    return account(list(calls), run.sim.seen(), rows, amount, watch.peak_nano)


def every() -> Iterator[tuple[str, Callable[[Run], Account]]]:
    """The parts, by name."""
    yield from (("race", race), ("two", two), ("kill", kill), ("cut", cut))
