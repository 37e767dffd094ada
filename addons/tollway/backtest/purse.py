"""What a bucket holds and has charged, in memory: as the store has it, moment by moment.

Time only goes forward in it. What says whether a call fits is `budget.bucket`.
"""

from typing import Any

from tollway.backtest.load import Load
from tollway.backtest.quantities import PLACE
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Bucket, Enforce
from tollway.policy.limit import Limit


class Purse:
    """A calendar's bucket; the others derive from it (`purses`)."""

    __slots__ = ("amount", "bucket", "by_bound", "easy", "held", "limit", "line", "place", "settled", "told")

    def __init__(self, limit: Limit, bucket: Bucket, at_us: int) -> None:
        self.limit = limit
        self.bucket = bucket
        self.place = PLACE[bucket.unit]
        self.by_bound = limit.enforce is Enforce.HARD or bucket.unit is Unit.REQUESTS
        """Whether it holds what a call may come to; each is a request."""
        self.settled = self.held = 0
        self.line: list[Any] = []
        """Who waits here, in their order."""
        self.told: dict[int, int] = {}
        """When alert levels were reached."""
        self.amount = self.easy = 0
        self.apply_terms(at_us)

    def apply_terms(self, at_us: int) -> None:
        """Go by what the limit says as of a moment: its raises end."""
        self.amount = limit_amount = self.limit.amount_at(at_us)
        levels = () if self.limit.enforce is Enforce.SHADOW else self.limit.at
        self.easy = (
            min(limit_amount, *(level.of(limit_amount) for level in levels)) if levels else limit_amount
        )
        """A call with which less than this is taken fits, and comes to no level."""

    def look(self, now_us: int) -> None:
        """Have it be as of now."""

    def need(self, load: Load) -> int:
        """What a call would hold here: under a hard limit what it may come to, under others what it does."""
        return load.holds[self.place] if self.by_bound else load.charges[self.place]

    def hold(self, amount: int, now_us: int) -> None:
        """Hold so much for a call that is admitted."""
        self.held += amount

    def end(self, held: int, charge: int, now_us: int, admitted_us: int) -> None:
        """Let go of what a call held, and charge what it came to."""
        self.held -= held
        self.settled += charge

    def balance(self, hold: int) -> Balance:
        """How it stands, for a call that would hold so much."""
        return Balance(
            bucket=self.bucket,
            amount=self.amount,
            enforce=self.limit.enforce,
            settled=self.settled,
            held=self.held,
        )

    def reached(self, now_us: int) -> list[int]:
        """The alert levels that it has come to, each once in a window."""
        found = [
            level
            for level in self.limit.alerts
            if self.settled * 100 >= level * self.amount and not self._is_told(level, now_us)
        ]
        self.told.update(dict.fromkeys(found, now_us))
        return found

    def _is_told(self, level: int, now_us: int) -> bool:
        """In a rolling window it may come to a level again once a window's length has passed."""
        at_us, rolling_us = self.told.get(level), self.bucket.rolling_us
        return at_us is not None and (rolling_us is None or now_us - at_us < rolling_us)
