"""Recorded calls in the order of time: each comes when it came, and ends when it ended, or as much later as
it waited. What has room at once is admitted here; all else is a `journey`.
"""

from bisect import insort
from collections import deque
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from itertools import count

from tollway.backtest.attempt import Attempt
from tollway.backtest.fate import Fate
from tollway.backtest.here import Here
from tollway.backtest.journey import Journey
from tollway.backtest.kind import Kind
from tollway.backtest.kinds import Kinds
from tollway.backtest.load import Load, load
from tollway.backtest.moving import Moving, recorded_target
from tollway.backtest.pricing import Pricing
from tollway.backtest.purse import Purse
from tollway.backtest.quantities import Quantities
from tollway.backtest.standing import Standing
from tollway.backtest.tally import Tally
from tollway.policy.met import NEVER
from tollway.policy.schema import Policy
from tollway.prices.base import UNKNOWN_PRICE
from tollway.prices.book import PriceBook
from tollway.wire.over_limit import CODE as OVER_LIMIT
from tollway.wire.over_limit import UNHOLDABLE
from tollway.wire.over_rate import CODE as OVER_RATE

ASKED_AGAIN = frozenset(
    {OVER_LIMIT, OVER_RATE, UNHOLDABLE, "access_denied", "batch", "unknown_call", "log_in"}
)
"""What a row says of calls that were refused for what limits, rates, access rules or faults say."""


class Replay:
    """Under one policy. Each instance is run once."""

    def __init__(self, policy: Policy, book: PriceBook, since_us: int = 0) -> None:
        """`since_us`: calls that came before count as they are recorded, and in nobody's figures."""
        self.kinds = Kinds(policy)
        self.tally = Tally()
        self._since_us = since_us
        self._pricing = Pricing(book)
        self._moving = Moving(policy, self.kinds, self._pricing)
        self._refuses_unknown = policy.faults.unknown_price == "refuse"
        self._now_us = 0
        self._count = count()
        self._ends: list[tuple[int, int, Sequence[Purse], Sequence[int], Quantities, int]] = []
        """When calls in flight end; what they hold and will be charged; and since when."""
        self._looks: list[tuple[int, int, Standing, int]] = []
        """When calls that wait look again, or give up."""

    def run(self, attempts: Iterable[Attempt]) -> Tally:
        """What becomes of calls, which are in the order of their start."""
        for attempt in attempts:
            self._pass_time(attempt.started_us)
            self._come(attempt)
        self._pass_time(NEVER)
        return self.tally

    def _come(self, attempt: Attempt) -> None:
        now_us = self._now_us
        if attempt.calls > 1:
            if now_us >= self._since_us:
                self.tally.merged(attempt)
            self._admit_as_recorded(attempt)
            return
        if attempt.action is None:
            self._moving.note(attempt)
            kind = self.kinds.of(attempt.who, now_us)
            if attempt.error is None and self._is_plain(attempt, kind):
                found = load(attempt, kind.is_cached)
                needs = self._needs(kind, found)
                if needs is not None:
                    self.tally.plain(attempt, found.nano)
                    if kind.by_bound:
                        self.tally.held(attempt)
                    self._hold(attempt, kind.purses, needs, found.charges)
                    return
        if now_us < self._since_us:
            self._admit_as_recorded(attempt)
        elif (why := attempt.refusal) is not None and why not in ASKED_AGAIN:
            self.tally.stays_refused(attempt)
        else:
            journey = Journey(attempt, self._moving, self._pricing, lambda: self._now_us, self._unholdable)
            self._go_on([self._asked(Standing(next(self._count), attempt, journey.run()), None)])

    def _is_plain(self, attempt: Attempt, kind: Kind) -> bool:
        """Whether nothing but its limits has to be asked."""
        if kind.denied is not None or kind.always or not kind.holds or self._now_us < self._since_us:
            return False
        return not (self._refuses_unknown and attempt.flags and UNKNOWN_PRICE in attempt.flags)

    def _needs(self, kind: Kind, found: Load) -> list[int] | None:
        """What a call holds in its buckets; None: it takes a closer look, as it may not fit, or come to a
        level. Most calls need none."""
        now_us, needs = self._now_us, []
        for purse in kind.purses:
            purse.look(now_us)
            need = purse.need(found)
            if purse.line or purse.settled + purse.held + max(need, found.holds[purse.place]) >= purse.easy:
                return None
            needs.append(need)
        return needs

    def _admit(self, attempt: Attempt, kind: Kind, found: Load) -> None:
        needs = [purse.need(found) if kind.holds else 0 for purse in kind.purses]
        self._hold(attempt, kind.purses, needs, found.charges)

    def _hold(
        self, attempt: Attempt, purses: Sequence[Purse], needs: Sequence[int], charges: Quantities
    ) -> None:
        now_us, ends_us = self._now_us, attempt.ends_us
        for purse, need in zip(purses, needs, strict=True):
            purse.hold(need, now_us)
        if ends_us is not None and purses:
            ends_us = max(ends_us, attempt.started_us) + now_us - attempt.started_us
            heappush(self._ends, (ends_us, next(self._count), purses, needs, charges, now_us))

    def _admit_as_recorded(self, attempt: Attempt) -> None:
        kind = self.kinds.of(attempt.who, self._now_us)
        self._admit(attempt, kind, load(attempt, is_cached=True))

    def _pass_time(self, until_us: int) -> None:
        """All that happens up to a moment."""
        ends, looks = self._ends, self._looks
        while (ends and ends[0][0] <= until_us) or (looks and looks[0][0] <= until_us):
            if not looks or (ends and ends[0][0] <= looks[0][0]):
                self._end(*heappop(ends))
            else:
                self._look(*heappop(looks))
        if until_us < NEVER:
            self._now_us = until_us

    def _end(
        self,
        now_us: int,
        _: int,
        purses: Sequence[Purse],
        held: Sequence[int],
        charges: Quantities,
        admitted_us: int,
    ) -> None:
        self._now_us = now_us
        freed = None
        for purse, hold in zip(purses, held, strict=True):
            purse.end(hold, charges[purse.place], now_us, admitted_us)
            if purse.limit.alerts:
                for level in purse.reached(now_us):
                    if now_us >= self._since_us:
                        self.tally.alert(purse, level, now_us)
            if purse.line:
                freed = purses
        if freed is not None:
            self._go_on([freed])

    def _look(self, now_us: int, _: int, standing: Standing, turn: int) -> None:
        """A call that waits gives up, or looks whether a rate has room by now."""
        self._now_us = now_us
        if standing.turn != turn or standing.wait is None:
            return
        if now_us >= standing.wait.until_us:
            self._go_on([self._asked(standing, False)])
        elif standing.is_first:
            self._go_on([self._asked(standing, True)])

    def _go_on(self, freed: Iterable[Sequence[Purse]]) -> None:
        """Call whoever is first where there may be room, until nobody is any more."""
        todo = deque(purse for purses in freed for purse in purses)
        while todo:
            line = todo.popleft().line
            if line and line[0].is_first:
                todo += self._asked(line[0], True)

    def _asked(self, standing: Standing, called: bool | None) -> Sequence[Purse]:
        """Have a call go on. Where it stood and stands no more, others may be first."""
        left = standing.wait.purses if standing.wait is not None else ()
        for purse in left:
            purse.line.remove(standing)
        standing.turn += 1
        try:
            # The first time it is None, as a generator that has not begun wants it.
            standing.wait = wait = standing.going.send(called)  # type: ignore[arg-type]
        except StopIteration as end:
            standing.wait = None
            self._ended(standing.attempt, end.value)
            return left
        for purse in wait.purses:
            insort(purse.line, standing)
        heappush(self._looks, (wait.until_us, next(self._count), standing, standing.turn))
        if wait.again_us is not None and self._now_us < wait.again_us < wait.until_us:
            heappush(self._looks, (wait.again_us, next(self._count), standing, standing.turn))
        return [purse for purse in left if purse not in wait.purses]

    def _ended(self, attempt: Attempt, fate: Fate) -> None:
        self.tally.add(attempt, fate, self._now_us)
        if fate.here.kind.by_bound:
            self.tally.held(attempt)
        if fate.refused is None:
            self._admit(attempt, fate.here.kind, fate.here.load)

    def _unholdable(self, attempt: Attempt, here: Here) -> int | None:
        """The place of the hard limit that can't hold a call where it is: it has no bound, or no price."""
        if here.target != recorded_target(attempt):
            return None
        if attempt.refusal == UNHOLDABLE:
            return here.kind.hard
        return here.kind.hard_usd if self._refuses_unknown and UNKNOWN_PRICE in attempt.flags else None
