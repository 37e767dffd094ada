"""One call's way through its limits: held, else shrunk, made to wait, moved, or refused.

The order of things is the proxy's (`tollway.admission`), without an event loop: where a call would wait
there, this yields, and goes on when it is told that its turn has come, or that the wait is over. Not looked
at is what a row does not tell: a smaller bound by earlier turns of its conversation, and a prompt cache that
keeps it where it is.
"""

from collections.abc import Callable, Generator, Sequence

from tollway.backtest import by
from tollway.backtest.attempt import Attempt
from tollway.backtest.by import By, by_limit
from tollway.backtest.clamping import clamped, least
from tollway.backtest.fate import CLAMPED, REROUTED, WAITED, Deed, Fate
from tollway.backtest.here import Here
from tollway.backtest.moving import Moving
from tollway.backtest.pending import Pending
from tollway.backtest.pricing import Pricing
from tollway.backtest.wait import MOST, Wait
from tollway.budget.bucket import Balance, Enforce, fits
from tollway.budget.room import frees_us, may_come, of_requests
from tollway.policy.limit import Block, Limit, Route
from tollway.policy.limit import Wait as Waiting

Going = Generator[Wait, bool, Here | Fate]


class Journey:
    """One call's. Each instance is run once."""

    def __init__(
        self,
        attempt: Attempt,
        moving: Moving,
        pricing: Pricing,
        now_us: Callable[[], int],
        unholdable: Callable[[Attempt, Here], int | None],
    ) -> None:
        """`unholdable`: the place of the limit that can't hold a call, however much is left."""
        self._attempt = attempt
        self._moving = moving
        self._pricing = pricing
        self._now_us = now_us
        self._unholdable = unholdable
        self._first = moving.first(attempt, now_us())
        self._pending = Pending()
        self._tried: frozenset[str] = frozenset()
        """Targets where it was."""
        self._deeds: list[Deed] = []

    def run(self) -> Generator[Wait, bool, Fate]:
        """How it ends. It does: each try has one thing less to do, or waits."""
        if (who := self._first.kind.denied) is not None:
            return self._refused(self._first, who)
        if not self._first.kind.holds:
            return Fate(self._first)
        here = yield from self._queue(self._sent())
        while True:
            index = self._unholdable(self._attempt, here)
            step = (yield from self._try(here)) if index is None else self._elsewhere(here, index)
            if isinstance(step, Fate):
                return step
            here = step

    def _sent(self) -> Here:
        """Where `always` sends it, before any limit is asked."""
        first = self._first
        for name, route in first.kind.always:
            balances = self._balances(first)
            there = self._moving.sent(self._attempt, first, first, route, (), balances, self._now_us())
            if there is not None and there is not first:
                self._deeds.append(Deed(REROUTED, By(by.ALWAYS, name), first.load.nano - there.load.nano))
                self._tried = frozenset({str(first.target)})
            if there is not None:
                return there
        return first

    def _queue(self, here: Here) -> Generator[Wait, bool, Here]:
        """Behind those who wait for the same buckets, if it may wait itself: they came first."""
        if not any(purse.line for purse in here.kind.purses):
            return here
        while (moved := self._degraded(here, self._balances(here))) is not None and moved is not here:
            here = moved
        taken = [i for i, purse in enumerate(here.kind.purses) if purse.line]
        waits = [
            (here.kind.limits[i], at, action)
            for i in taken
            for at, action in enumerate(here.kind.limits[i].then)
            if isinstance(action, Waiting)
        ]
        purses = tuple([here.kind.purses[i] for i in taken])
        if not waits or any(len(purse.line) >= MOST for purse in purses):
            return here
        limit, at, action = waits[0]
        yield Wait(purses, self._pending.wait_ends_us(limit, at, action, self._now_us()))
        return self._waited(here, limit)

    def _try(self, here: Here) -> Going:
        balances = self._balances(here)
        if (moved := self._degraded(here, balances)) is not None:
            return moved
        pairs = zip(balances, self._needs(here), strict=True)
        full = [i for i, (balance, need) in enumerate(pairs) if not fits(balance, need)]
        if not full:
            return self._admitted(here, balances)
        if (smaller := self._shrunk(here, balances, full)) is not None:
            return self._admitted(smaller, balances)
        return (yield from self._act(here, balances, full))

    def _admitted(self, here: Here, balances: Sequence[Balance]) -> Fate:
        over = [
            purse
            for purse, balance in zip(here.kind.purses, balances, strict=True)
            if balance.enforce is Enforce.SHADOW and here.load.holds[purse.place] > balance.left
        ]
        return Fate(here, tuple(self._deeds), over=tuple(over))

    def _refused(self, here: Here, who: By, index: int | None = None) -> Fate:
        purse = None if index is None else here.kind.purses[index]
        return Fate(here, (), refused=who, purse=purse)

    def _degraded(self, here: Here, balances: Sequence[Balance]) -> Here | None:
        """Where a level sends it; as it is if those that it came to lead nowhere; None: it came to none."""
        came = False
        for limit, balance in zip(here.kind.limits, balances, strict=True):
            for level in self._pending.levels(limit, balance):
                came = True
                if (moved := self._moved(here, level.route, balances, by_limit(limit))) is not None:
                    return moved
        return here if came else None

    def _shrunk(self, here: Here, balances: Sequence[Balance], full: Sequence[int]) -> Here | None:
        """As large as what is left allows, if each limit that refuses it has that done."""
        limits = [here.kind.limits[i] for i in full]
        if not all(map(self._pending.clamps, limits)):
            return None
        load = clamped(self._attempt, here, [balances[i] for i in full], self._pricing)
        if load is None:
            return None
        self._deeds.append(Deed(CLAMPED, by_limit(limits[0]), here.load.nano - load.nano))
        return here._replace(load=load)

    def _act(self, here: Here, balances: Sequence[Balance], full: Sequence[int]) -> Going:
        """The next thing that is to be done: of each limit that refuses, as soon as one has nothing left."""
        limits = here.kind.limits
        for i in full:
            if isinstance(self._pending.action(limits[i]), Block):
                return self._refused(here, by_limit(limits[i]), i)
        limit = limits[full[0]]
        action = self._pending.action(limit)
        if isinstance(action, Waiting):
            return (yield from self._wait(here, balances, full, action))
        assert isinstance(action, Route)
        self._pending.pass_over(limit)
        return self._moved(here, action.name, balances, by_limit(limit)) or here

    def _wait(
        self, here: Here, balances: Sequence[Balance], full: Sequence[int], action: Waiting
    ) -> Generator[Wait, bool, Here]:
        """Wait for its turn, if others may free what it needs."""
        limit, told = here.kind.limits[full[0]], [balances[i] for i in full]
        purses = tuple([here.kind.purses[i] for i in full])
        until_us = self._pending.wait_ends_us(limit, self._pending.at(limit), action, self._now_us())
        again_us = frees_us(told)
        late = again_us is not None and again_us > until_us and of_requests(told)
        crowded = any(len(purse.line) >= MOST for purse in purses)
        if late or crowded or not may_come(told, self._least(here, full)):
            self._pending.pass_over(limit)
            return here
        if not (yield Wait(purses, until_us, again_us)):
            self._pending.pass_over(limit)
        return self._waited(here, limit)

    def _waited(self, here: Here, limit: Limit) -> Here:
        """One deed, however often it waited; and as it is now."""
        if not any(deed.what == WAITED for deed in self._deeds):
            self._deeds.append(Deed(WAITED, by_limit(limit)))
        return self._moving.renewed(self._attempt, here, self._now_us())

    def _elsewhere(self, here: Here, index: int) -> Here | Fate:
        """A hard limit can't hold the call, however much is left: only a route may help."""
        limit = here.kind.limits[index]
        while not isinstance(action := self._pending.action(limit), Block):
            self._pending.pass_over(limit)
            if isinstance(action, Route):
                moved = self._moved(here, action.name, self._balances(here), by_limit(limit))
                if moved is not None:
                    return moved
        return self._refused(here, by_limit(limit))

    def _moved(self, here: Here, route: str, balances: Sequence[Balance], who: By) -> Here | None:
        self._tried |= {str(here.target)}
        there = self._moving.sent(
            self._attempt, self._first, here, route, self._tried, balances, self._now_us()
        )
        if there is not None and there is not here:
            self._deeds.append(Deed(REROUTED, who, here.load.nano - there.load.nano))
        return there

    def _least(self, here: Here, full: Sequence[int]) -> list[int]:
        """What it would hold at the least in these of its buckets."""
        if all(self._pending.clamps(here.kind.limits[i]) for i in full):
            here = here._replace(load=least(self._attempt, here, self._pricing))
        needs = self._needs(here)
        return [needs[i] for i in full]

    def _balances(self, here: Here) -> list[Balance]:
        """How its buckets stand."""
        now_us = self._now_us()
        for purse in here.kind.purses:
            purse.look(now_us)
        return [purse.balance(purse.need(here.load)) for purse in here.kind.purses]

    def _needs(self, here: Here) -> list[int]:
        return [purse.need(here.load) for purse in here.kind.purses]
