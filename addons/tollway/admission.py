"""One call's way through its limits: held, else shrunk, made to wait, moved, or refused.

All limits that apply must admit it, in one atomic step of the ledger. One that has come to a level sends it
on (`at`); one that refuses is asked for what it says is to be done then (`then`), in its order. Each thing
that is done leads back to the ledger.
"""

from collections.abc import Callable, Collection, Sequence

from msgspec.structs import replace

from tollway.actions import block_by
from tollway.admitted import Admitted as Admitted
from tollway.admitted import TurnedAway as TurnedAway
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Want
from tollway.budget.room import frees_us, may_come, of_requests, share
from tollway.candidate import Candidate
from tollway.degrading import Degrading
from tollway.ledger.store import Budgets, Outdated, Reached, Refused, Reserved
from tollway.policy.limit import Block, Clamp, Limit, Route, Wait
from tollway.staying import Waits
from tollway.waiting import Line, Place
from tollway.ways import Ways

MOST_TRIES = 256
"""Of one call without a wait in between, which ends by itself: others may each time take first what it was
about to have."""


class Admission:
    """One call's way. Each instance is run once."""

    def __init__(
        self,
        ledger: Budgets,
        line: Line,
        ways: Ways,
        now_us: Callable[[], int],
        waits: Callable[[Place], None] = lambda place: None,
        done: Sequence[str] = (),
        tried: Collection[str] = (),
    ) -> None:
        """`waits` is told the call's place in line before it waits there, so that it can be sent away.

        `done`: what was done to it before; `tried`: targets that it was sent away from.
        """
        self._ledger = ledger
        self._line = line
        self._ways = ways
        self._now_us = now_us
        self._waits = waits
        self._next: dict[str, int] = {}
        """By limit: which of its actions is the next."""
        self._until: dict[tuple[str, int], float] = {}
        """By limit, and by which of its actions the wait is: when it ends."""
        self._levels = Degrading()
        self._tries = 0
        self._actions = list(done)
        self._targets = frozenset(tried)
        self._closest: Candidate | None = None
        """Whose bound can't be made smaller."""
        self._place = line.join()
        self._overlooked = set[str]()
        """Soft limits whose route waits, so that they admit it where it is."""

    async def run(self, candidate: Candidate) -> Admitted | TurnedAway:
        """How it ends. Raises LedgerError."""
        try:
            return await self._run(candidate)
        finally:
            self._line.leave(self._place)

    async def _run(self, whole: Candidate) -> Admitted | TurnedAway:
        """`whole`: as asked for, or moved, before any clamp."""
        step: Candidate | TurnedAway = await self._queue(whole)
        while self._tries < MOST_TRIES:
            if isinstance(step, TurnedAway):
                return step
            self._tries += 1
            whole = step
            if whole.unholdable is not None:
                step = self._insisted(whole, ()) or await self._elsewhere(whole)
                continue
            outcome = await self._reserve(whole)
            if isinstance(outcome, Refused):
                other = self._tighter(whole, outcome) or (
                    whole.is_hard(outcome.by) and self._insisted(whole, outcome.balances)
                )
                if other:
                    step = other
                    continue
                outcome = await self._shrink(whole, outcome)
            if isinstance(outcome, Admitted):
                return outcome
            if isinstance(outcome, Outdated):
                step = self._renewed(whole)
            elif isinstance(outcome, Reached):
                step = self._degrade(whole, outcome.balances, outcome.by)
            else:
                step = await self._act(whole, outcome)
        return step if isinstance(step, TurnedAway) else self._given_up(step)

    async def _reserve(self, tried: Candidate) -> Admitted | Reached | Refused | Outdated:
        actions = self._said(tried)
        row = replace(tried.row, action=", ".join(actions) or None)
        outcome = await self._ledger.reserve(row, self._wants(tried), self._now_us(), tried.rules)
        if not isinstance(outcome, Reserved):
            return outcome
        return Admitted(candidate=tried, balances=outcome.balances, actions=actions)

    def _wants(self, tried: Candidate) -> tuple[Want, ...]:
        wants = self._levels.wants(tried)
        if not self._overlooked:
            return wants
        pairs = zip(tried.limits, wants, strict=True)
        return tuple([replace(want, overlooks=limit.name in self._overlooked) for limit, want in pairs])

    def _insisted(self, whole: Candidate, balances: Sequence[Balance]) -> Candidate | None:
        """The call where it goes rather than be refused where it is; None: nothing keeps it here."""
        return self._sent(whole) or self._late(whole, balances)

    def _sent(self, whole: Candidate) -> Candidate | None:
        """Where it would have gone before any limit was asked."""
        found = self._ways.insist(whole) if whole.stays else None
        if found is None:
            return None
        there, done = found
        self._actions += [one for one in done if one not in self._actions]
        self._targets |= {whole.target}
        return there

    def _late(self, whole: Candidate, balances: Sequence[Balance]) -> Candidate | None:
        """Where a level sends it that waits."""
        for level in self._levels.late(whole.target):
            moved = self._move(whole, level.route, balances, str(level), at_once=True)
            if moved is not whole:
                return moved
        return None

    def _tighter(self, whole: Candidate, refused: Refused | None = None) -> Candidate | None:
        """With a smaller bound, which takes a while to find: looked for once in each candidate, if that is
        not refused for being a request."""
        if whole is self._closest or (refused is not None and of_requests(refused.full)):
            return None
        tighter = self._ways.tighten(whole)
        self._closest = tighter or whole
        return tighter

    def _degrade(self, whole: Candidate, balances: Sequence[Balance], by: Sequence[int]) -> Candidate:
        """Where a level sends it: of the first limit of which one leads anywhere, the highest that does."""
        for index in by:
            for level in self._levels.come_to(whole.limits[index], balances[index]):
                moved = self._move(whole, level.route, balances, str(level), at_once=False)
                if moved is None:
                    self._levels.waits(level, whole.target)
                    break
                if moved is not whole:
                    return moved
        return whole

    async def _degraded(self, whole: Candidate) -> Candidate:
        """Where levels send it, as far as a look tells: of a call that is not about to be held."""
        while (wants := self._levels.wants(whole)) is not whole.wants:
            balances = await self._ledger.look(wants, self._now_us())
            by = self._levels.reached(wants, balances)
            if not by:
                break
            whole = self._degrade(whole, balances, by)
        return whole

    async def _shrink(self, whole: Candidate, refused: Refused) -> Admitted | Reached | Refused | Outdated:
        """Hold it as large as what is left allows, if each limit that refuses has that done."""
        outcome, tried = refused, whole
        while all(self._clamps(whole.limits[index]) for index in outcome.by):
            clamped = self._clamped(whole, outcome)
            if clamped is None or clamped.extent >= tried.extent:
                break
            tried = clamped
            found = await self._reserve(tried)
            if not isinstance(found, Refused):
                return found
            outcome = found
        return outcome

    def _clamped(self, whole: Candidate, refused: Refused) -> Candidate | None:
        """As large as fits, or, where others wait, as leaves them their share; None: it does not fit."""
        balances = [refused.balances[index] for index in refused.by]
        waiting = [self._line.others(self._place, balance.bucket.id) for balance in balances]
        largest = self._ways.clamp(whole, balances)
        if largest is None or not any(waiting):
            return largest
        least = self._least_holds(whole, refused.by)
        shares = [share(*each) for each in zip(balances, least, waiting, strict=True)]
        return self._ways.clamp(whole, shares) or self._ways.least(whole)

    def _said(self, tried: Candidate) -> tuple[str, ...]:
        return (*self._actions, *tried.changes)

    def _clamps(self, limit: Limit) -> bool:
        """Whether this limit has the call clamped by now."""
        return Clamp() in limit.then[: self._next.get(limit.name, 0) + 1]

    async def _act(self, whole: Candidate, refused: Refused) -> Candidate | TurnedAway:
        """The next thing that is to be done: of each limit that refuses, as soon as one has nothing left."""
        for index in refused.by:
            if isinstance(self._action(whole.limits[index]), Block):
                return self._insisted(whole, refused.balances) or self._turned_away(whole, refused, index)
        limit = whole.limits[refused.by[0]]
        action = self._action(limit)
        if isinstance(action, Wait):
            return await self._wait(whole, refused, limit, action)
        assert isinstance(action, Route)
        return self._route(whole, limit, action, refused.balances, at_once=whole.is_hard(refused.by))

    def _action(self, limit: Limit) -> Wait | Route | Block:
        """The limit's next action, clamps passed over: from there on, each try makes use of them."""
        at = self._next.get(limit.name, 0)
        while isinstance(limit.then[at], Clamp):
            at += 1
        self._next[limit.name] = at
        action = limit.then[at]
        assert not isinstance(action, Clamp)
        return action

    def _pass(self, limit: Limit) -> None:
        self._next[limit.name] = self._next.get(limit.name, 0) + 1

    async def _wait(
        self, whole: Candidate, refused: Refused, limit: Limit, action: Wait
    ) -> Candidate | TurnedAway:
        """Wait for its turn, if others may free what it needs."""
        balances = refused.full
        least = self._least_holds(whole, refused.by)
        until = self._ends(limit, self._next[limit.name], action)
        again = self._again(balances)
        ids = [balance.bucket.id for balance in balances]
        late = again is not None and again > until and of_requests(balances)
        if not may_come(balances, least) or late or self._line.is_full(self._place, ids):
            self._pass(limit)
            return whole
        called = await self._turn(whole, dict(zip(ids, least, strict=True)), until, again)
        if self._place.gone:
            return TurnedAway(candidate=whole, actions=tuple(self._actions), limit=limit, gone=True)
        self._tries = 0
        if not called:
            self._pass(limit)
        self._note_wait()
        return self._renewed(whole)

    async def _turn(
        self, whole: Candidate, needs: dict[str, int], until: float, again: float | None = None
    ) -> bool:
        """Wait for its turn there, and wherever else it is to be held and somebody stands by then who came
        before it. False: in vain."""
        line, place = self._line, self._place
        wants = {want.bucket.id: want.hold for want in whole.wants}
        self._waits(place)
        line.stand(place, needs, again)
        while called := await line.turn(place, until):
            if not (ahead := line.ahead(place, wants)):
                break
            line.stand(place, {**needs, **{bucket: wants[bucket] for bucket in ahead}})
        return called

    def _again(self, balances: Sequence[Balance]) -> float | None:
        """When all rates in a window have room, by the line's clock."""
        at_us = frees_us(balances)
        return None if at_us is None else self._line.now() + (at_us - self._now_us()) / 1_000_000

    def _ends(self, limit: Limit, at: int, action: Wait) -> float:
        """When a wait ends that the limit says: it begins only once."""
        return self._until.setdefault((limit.name, at), self._line.now() + action.us / 1_000_000)

    def _renewed(self, whole: Candidate) -> Candidate:
        """As it is now; what another policy's limits say is to be done is done from the first on."""
        renewed = self._ways.renew(whole)
        if renewed.rules is not whole.rules:
            self._next.clear()
            self._overlooked.clear()
            self._levels.begin_anew()
        return renewed

    def _note_wait(self) -> None:
        """One action, however often it was called."""
        if "wait" not in self._actions:
            self._actions.append("wait")

    async def _queue(self, whole: Candidate) -> Candidate | TurnedAway:
        """Behind those who wait for the same buckets, if it may wait itself: they came first."""
        if self._line.is_empty:
            return whole
        whole = await self._degraded(whole)
        taken = [index for index, want in enumerate(whole.wants) if self._line.is_taken([want.bucket.id])]
        waits = [
            (whole.limits[index], at, action)
            for index in taken
            for at, action in enumerate(whole.limits[index].then)
            if isinstance(action, Wait)
        ]
        if not waits:
            return whole
        limit = waits[0][0]
        ids = [whole.wants[index].bucket.id for index in taken]
        if self._line.is_full(self._place, ids):
            return await self._no_place(whole, taken, waits)
        until = self._ends(*waits[0])
        if not all(whole.wants[index].bucket.unit is Unit.REQUESTS for index in taken):
            whole = self._tighter(whole) or whole
        await self._turn(whole, dict(zip(ids, self._least_holds(whole, taken), strict=True)), until)
        if self._place.gone:
            return TurnedAway(candidate=whole, actions=tuple(self._actions), limit=limit, gone=True)
        self._note_wait()
        return self._renewed(whole)

    async def _no_place(
        self, whole: Candidate, taken: Sequence[int], waits: Sequence[tuple[Limit, int, Wait]]
    ) -> Candidate | TurnedAway:
        """Too many wait already: what is to be done after a wait is done at once."""
        self._next |= {limit.name: at + 1 for limit, at, _ in reversed(waits)}
        those = [limit.name for limit, _, _ in waits]
        by = tuple([index for index in taken if whole.limits[index].name in those])
        balances = await self._ledger.look(whole.wants, self._now_us())
        return await self._act(whole, Refused(balances=balances, by=by))

    def _route(
        self, whole: Candidate, limit: Limit, action: Route, balances: Sequence[Balance], at_once: bool
    ) -> Candidate:
        self._pass(limit)
        moved = self._move(whole, action.name, balances, f"route {action.name}", at_once)
        if moved is None:
            self._overlooked.add(limit.name)
        return moved or whole

    def _move(
        self, whole: Candidate, route: str, balances: Sequence[Balance], said: str, at_once: bool
    ) -> Candidate | None:
        """Where a route sends it; as it is where that leads nowhere; None: it waits, unless `at_once`.

        `said`: what is done, or skipped.
        """
        self._targets |= {whole.target}
        if at_once:
            moved: Candidate | Waits | str = self._ways.route(whole, route, self._targets, balances)
        else:
            moved = self._ways.route_softly(whole, route, self._targets, balances)
        if isinstance(moved, Waits):
            self._actions.append(f"{said} waits: {moved}")
            return None
        if isinstance(moved, str):
            self._actions.append(f"{said} skipped: {moved}")
            return whole
        self._actions.append(said)
        return moved

    async def _elsewhere(self, whole: Candidate) -> Candidate | TurnedAway:
        """A hard limit can't hold the call, however much is left: only a route may help."""
        assert whole.unholdable is not None
        if (moved := await self._degraded(whole)) is not whole:
            return moved
        index, reason = whole.unholdable
        limit = whole.limits[index]
        leads = any(isinstance(action, Route) for action in limit.then)
        balances = await self._ledger.look(whole.wants, self._now_us()) if leads else ()
        while not isinstance(action := self._action(limit), Block):
            if isinstance(action, Route):
                moved = self._route(whole, limit, action, balances, at_once=True)
                if moved is not whole:
                    return moved
            else:
                self._pass(limit)
        if (late := self._late(whole, balances)) is not None:
            return late
        actions = (*self._actions, block_by(limit.name))
        return TurnedAway(candidate=whole, actions=actions, limit=limit, reason=reason)

    def _given_up(self, whole: Candidate) -> TurnedAway:
        limit = whole.limits[0]
        actions = (*self._actions, block_by(limit.name))
        return TurnedAway(candidate=whole, actions=actions, limit=limit, held_by_others=True)

    def _least_holds(self, whole: Candidate, by: Sequence[int]) -> list[int]:
        """What it would hold at the least in these of its buckets."""
        least = whole
        if all(self._clamps(whole.limits[index]) for index in by):
            least = self._ways.least(whole)
        return [least.wants[index].hold for index in by]

    def _turned_away(self, whole: Candidate, refused: Refused, index: int) -> TurnedAway:
        holds = dict(zip(refused.by, self._least_holds(whole, refused.by), strict=True))
        balance = refused.balances[index]
        return TurnedAway(
            candidate=whole,
            actions=(*self._actions, block_by(whole.limits[index].name)),
            limit=whole.limits[index],
            balance=balance,
            hold=holds[index],
            held_by_others=may_come([balance], [holds[index]]),
            again_us=frees_us(refused.full),
        )
