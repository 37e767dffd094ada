"""A route of three targets, each of which fails at random, under one hard limit."""

import asyncio
import random
from decimal import Decimal

from tests.chaos.attempts import Attempts, attempts
from tests.chaos.evidence import evidence
from tests.chaos.load import POLITE, Manner, Outcome, ask, client
from tests.chaos.parts import Run, settled
from tests.chaos.targets import ENVIRONMENT, FIRST, ROUTES, TARGETS, WELL, Chat, behaviours
from tollway.money import nano

AT_ONCE = 100
STREAMED = 0.8
"""Of the calls."""
FITS = Decimal(4)
"""How many times the budget fits all calls, if the first target answers them: of those that hang, and of
those that break, each is charged at its bound, which is six of that."""
PAUSES = 2.0
"""Seconds: those who leave do so at some moment of the first tries."""


def failover(run: Run) -> Attempts:
    """Many clients at once, some of whom leave, while targets fail."""
    usd = Decimal(Chat("").nano_at(FIRST.rates) * run.calls).scaleb(-9) * FITS
    place = run.place("failover", usd, "[clamp, wait 5s, block]", rules=ROUTES, environment=ENVIRONMENT)
    run.sim.default(**WELL)
    for target in TARGETS:
        number = run.calls * (2 if target is FIRST else 1)
        for times, behaviour in behaviours(run.chance, number):
            run.sim.on(target.host, "*", times=times, **behaviour, **target.ways)
    calls = [Chat(f"call {i}.", stream=run.chance.random() < STREAMED) for i in range(run.calls)]
    manners = [_manner(run.chance) for _ in calls]
    with place.watched() as watch, place.proxy() as proxy:

        async def go() -> list[Outcome]:
            gate = asyncio.Semaphore(AT_ONCE)
            async with client(proxy, http2=False) as first, client(proxy) as second, client(proxy) as other:

                async def one(i: int) -> Outcome:
                    # Who leaves in the midst of a write may break the connection, in httpx.
                    door = first if i % 2 else second if manners[i].leaves_after is None else other
                    async with gate:
                        return await ask(door, calls[i], manners[i])

                outcomes = await asyncio.gather(*map(one, range(len(calls))))
                await settled(place)
                return outcomes

        outcomes = asyncio.run(go())
    place.tidy()
    with place.books() as books:
        rows = list(books.calls())
    return attempts(
        {call.name: outcome for call, outcome in zip(calls, outcomes, strict=True)},
        {call.name: manner.leaves_after is None for call, manner in zip(calls, manners, strict=True)},
        run.sim.seen(),
        rows,
        nano(place.budget.usd) if place.budget else None,
        evidence(place.path, watch),
    )


def _manner(chance: random.Random) -> Manner:
    """How the client behaves: it mostly waits for what comes."""
    leaving = Manner(leaves_after=chance.choice([0, 0, 0, 1, 300]), within=chance.choice([0.02, PAUSES]))
    return chance.choice([POLITE, POLITE, POLITE, POLITE, Manner(pause=0.02), leaving])
