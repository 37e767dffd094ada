"""What it costs to know who calls, and what other calls feel of an identity provider that misbehaves."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, islice

from tests.bench.calls import json_call
from tests.bench.connection import Target
from tests.bench.extent import Extent
from tests.bench.figures import whole
from tests.bench.http1 import Http1
from tests.bench.misbehaving import WAYS, Misbehaving, misbehaving
from tests.bench.streams import stall_of
from tests.bench.subjects import Place, Subject
from tests.bench.table import Bar, Results
from tests.tollway.identity.issuer import ec_key, rsa_key, signed
from tests.tollway.issuers.provider import providing
from tollway import clock
from tollway.callers import Callers
from tollway.identity.judge import Known, Missing
from tollway.policy.load import load
from tollway.sources import Shown

AGAIN, NEW = 50, 300
"""Microseconds for a token that was shown before, and for one that was not."""
STALL = 50
"""Milliseconds."""
STRANGERS = 8
"""Clients at once, who ask again and again for a key that is not there."""
PAUSE = 0.01
"""Seconds between two of the calls that are timed."""
NEW_TUNNEL = 10
"""After so many of them, the next has a tunnel of its own, and a token that is new: it is timed with it."""


def identity(results: Results, extent: Extent, place: Place) -> None:
    """Inside one process, and through the proxy."""
    inside(results, extent)
    asyncio.run(through(results, extent, place))


@dataclass(frozen=True)
class Asking:
    """Callers of one issuer, whose keys are at hand."""

    callers: Callers
    issuer: str
    numbers: Iterator[int] = field(default_factory=count)

    def tokens(self, many: int, algorithm: str) -> list[str]:
        """So many, each another."""
        kid, key = ("a", rsa_key("a")) if algorithm == "RS256" else ("e", ec_key("e"))
        now = int(clock.now())
        said = {
            "iss": self.issuer, "aud": "tollway", "sub": "1234", "email": "ann@example.com",
            "groups": ["search", "staff"], "exp": now + 3600, "iat": now, "nbf": now,
        }  # fmt: skip
        claims = ({**said, "jti": str(number)} for number in islice(self.numbers, many))
        return [signed(one, key, algorithm, header={"kid": kid}) for one in claims]

    def cost(self, tokens: Sequence[str]) -> float:
        """Microseconds of CPU for each of them. Raises RuntimeError if one is not taken."""
        all_shown = [shown(text) for text in tokens]
        start = time.thread_time()
        answers = [self.callers.who(one) for one in all_shown]
        seconds = time.thread_time() - start
        if not all(isinstance(answer, Known) for answer in answers):
            raise RuntimeError("a token was not taken")
        return seconds / len(tokens) * 1_000_000


def shown(token: str) -> Shown:
    """It, as a client shows it to the proxy."""
    return Shown(proxy=token, headers={}, address="192.0.2.1")


async def asking(issuer: str) -> Asking:
    """Callers of this issuer, once they have its keys."""
    callers = Callers(clock.now)
    source = f"{{proxy_jwt: {{issuer: '{issuer}', audience: tollway}}}}"
    names = "claims: {user: email, team: 'groups[0]'}"
    callers.swap(load(f"version: 1\nidentity: [{source}]\n{names}\n", "policy.yaml"))
    found = Asking(callers, issuer)
    first = shown(found.tokens(1, "RS256")[0])
    if isinstance(answer := callers.who(first), Missing):
        await callers.who_now(first, answer)
    return found


def inside(results: Results, extent: Extent) -> None:
    """`Callers.who`, in rounds: tokens that are new, and the same again."""
    print(f"identity: {extent.tokens} tokens a round", flush=True)
    taken = asyncio.run(costs(extent))
    for name, limit in (("again", AGAIN), ("RS256", NEW), ("ES256", NEW)):
        what = "a token that was shown before" if name == "again" else f"a new token, {name}"
        results.bar(Bar(what=f"who calls: {what}", limit=limit, unit=" µs", places=1), whole(taken[name]))


async def costs(extent: Extent) -> dict[str, list[float]]:
    """Microseconds of CPU, an entry for each round; a round before them is not counted."""
    taken: dict[str, list[float]] = {"RS256": [], "ES256": [], "again": []}
    with providing() as provider:
        subject = await asking(provider.issuer)
        for _ in range(extent.rounds + 1):
            for algorithm in ("RS256", "ES256"):
                tokens = subject.tokens(extent.tokens, algorithm)
                taken[algorithm].append(subject.cost(tokens))
                taken["again"].append(subject.cost(tokens))
        subject.callers.stop()
    return {name: each[2 if name == "again" else 1 :] for name, each in taken.items()}


async def through(results: Results, extent: Extent, place: Place) -> None:
    """Calls whose callers are known, while strangers ask for the keys of a provider that misbehaves."""
    stalls: dict[str, float] = {}
    slow: dict[str, tuple[float, float, float]] = {}
    async with misbehaving() as ours, misbehaving() as theirs:
        said = f"version: 1\nidentity: [{ours.policy()}, {theirs.policy()}]\nclaims: {{user: email}}\n"
        told = place.folder / "identity.stall"
        rotating = asyncio.ensure_future(theirs.rotate())
        with place.running("tollway", "-identity", stalls=told, policy=said) as subject:
            await calls(subject, ours, theirs, extent.identity_seconds / 2)  # starting up is not measured
            for way in WAYS:
                theirs.way = way
                stall_of(subject, told)
                slow[way] = spread(await calls(subject, ours, theirs, extent.identity_seconds))
                stalls[way] = stall_of(subject, told)
                print(f"     {way}: stall {stalls[way]:.1f} ms, calls {slow[way]}", flush=True)
        rotating.cancel()
    what = "an identity provider's keys change every second, and it is " + ", ".join(list(WAYS)[1:])
    bar = Bar(what=f"{what}: longest stall of the event loop", limit=STALL, unit=" ms", worst=True, places=1)
    results.bar(bar, whole(list(stalls.values())))
    what = "meanwhile, added to the slowest of 100 calls of others, tunnels included"
    bar = Bar(what=what, limit=STALL, unit=" ms", worst=True, places=1)
    well, *others = (late for _, late, _ in slow.values())
    results.bar(bar, whole([late - well for late in others]))
    lines = (f"{way} {usual:.1f}, {late:.1f}, {last:.1f}" for way, (usual, late, last) in slow.items())
    results.note(f"Calls of others, ms (median, 99th of 100, slowest): {'; '.join(lines)}.")


def spread(seconds: Sequence[float]) -> tuple[float, float, float]:
    """Milliseconds: the median, what 99 of 100 do not reach, and the slowest."""
    times = [1000 * second for second in sorted(seconds)]
    return times[len(times) // 2], times[len(times) * 99 // 100], times[-1]


async def calls(subject: Subject, ours: Misbehaving, theirs: Misbehaving, seconds: float) -> list[float]:
    """Seconds that each call of a known caller took, one at a time, tunnels included."""
    kids = count(time.monotonic_ns())
    strangers = [asyncio.ensure_future(ask(subject, theirs, kids)) for _ in range(STRANGERS)]
    end, times = time.perf_counter() + seconds, []
    while time.perf_counter() < end:
        target = Target(subject.target.port, token=ours.token(next(kids)))
        start = time.perf_counter()
        connection = await Http1.open(target, json_call())
        for _ in range(NEW_TUNNEL):
            await connection.call()
            times.append(time.perf_counter() - start)
            await asyncio.sleep(PAUSE)
            start = time.perf_counter()
        connection.close()
    for stranger in strangers:
        stranger.cancel()
    await asyncio.gather(*strangers, return_exceptions=True)
    return times


async def ask(subject: Subject, theirs: Misbehaving, kids: Iterator[int]) -> None:
    """Show tokens, in turns: of a key that nobody has published, and of the one that is published by now."""
    while True:
        for token in (foreign(theirs, str(-next(kids))), theirs.token(next(kids))):
            with suppress(RuntimeError, OSError, asyncio.IncompleteReadError):
                (await Http1.open(Target(subject.target.port, token=token), json_call())).close()
            await asyncio.sleep(PAUSE)


def foreign(theirs: Misbehaving, kid: str) -> str:
    """A token that they never signed."""
    said = {"iss": theirs.issuer, "aud": "tollway", "exp": int(clock.now()) + 3600}
    return signed(said, ec_key("foreign"), "ES256", header={"kid": kid})
