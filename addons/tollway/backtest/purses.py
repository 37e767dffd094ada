"""Purses of all kinds of buckets: of rolling windows, and of what rates count."""

from collections import deque

from tollway.backtest.load import Load
from tollway.backtest.purse import Purse
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Bucket
from tollway.budget.sliding import Sliding
from tollway.policy.limit import Limit
from tollway.policy.window import MINUTE_US


class Rolling(Purse):
    """A rolling window's: what was charged counts until its minute has wholly left the window."""

    __slots__ = ("_length", "_minutes")

    def __init__(self, limit: Limit, bucket: Bucket, at_us: int) -> None:
        super().__init__(limit, bucket, at_us)
        self._length = bucket.rolling_us or 0
        self._minutes: deque[tuple[int, int]] = deque()

    def look(self, now_us: int) -> None:
        """As of `Purse.look`."""
        first, minutes = (now_us - self._length) // MINUTE_US, self._minutes
        while minutes and minutes[0][0] < first:
            self.settled -= minutes.popleft()[1]

    def end(self, held: int, charge: int, now_us: int, admitted_us: int) -> None:
        """As of `Purse.end`."""
        super().end(held, charge, now_us, admitted_us)
        if not charge:
            return
        minute, minutes = now_us // MINUTE_US, self._minutes
        if minutes and minutes[-1][0] == minute:
            minutes[-1] = (minute, minutes[-1][1] + charge)
        else:
            minutes.append((minute, charge))


class AtOnce(Purse):
    """A rate's that counts calls in flight."""

    __slots__ = ()

    def end(self, held: int, charge: int, now_us: int, admitted_us: int) -> None:
        """As of `Purse.end`."""
        self.held -= held


class Rated(Purse):
    """A rate's in a window: it counts what was admitted; tokens at last as they were used."""

    __slots__ = ("_sliding",)

    def __init__(self, limit: Limit, bucket: Bucket, at_us: int) -> None:
        super().__init__(limit, bucket, at_us)
        self._sliding = Sliding(bucket.rolling_us or 0, bucket.slot_us or 1)

    def look(self, now_us: int) -> None:
        """As of `Purse.look`."""
        self._sliding.look(now_us)
        self.settled = self._sliding.total

    def need(self, load: Load) -> int:
        """As of `Purse.need`; of a call that is larger than the rate, all of it."""
        return min(load.holds[self.place], self.amount)

    def hold(self, amount: int, now_us: int) -> None:
        """As of `Purse.hold`."""
        self._sliding.add(amount, now_us)
        self.settled = self._sliding.total

    def end(self, held: int, charge: int, now_us: int, admitted_us: int) -> None:
        """What was used beyond what was reserved counts from now on; what was not, not any more."""
        if self.bucket.unit is Unit.REQUESTS:
            return
        if charge > held:
            self._sliding.change(charge - held, now_us)
        else:
            self._sliding.change(charge - held, admitted_us)
        self.settled = self._sliding.total

    def balance(self, hold: int) -> Balance:
        """As of `Purse.balance`, with when there will be room."""
        sliding = self._sliding
        return Balance(
            bucket=self.bucket,
            amount=self.amount,
            enforce=self.limit.enforce,
            settled=self.settled,
            held=0,
            frees_us=sliding.frees_us(hold, self.amount),
            empty_us=sliding.empty_us(),
        )


def purse(limit: Limit, bucket: Bucket, at_us: int) -> Purse:
    """An empty one for a bucket."""
    if bucket.slides:
        return Rated(limit, bucket, at_us)
    if bucket.at_once:
        return AtOnce(limit, bucket, at_us)
    return Purse(limit, bucket, at_us) if bucket.rolling_us is None else Rolling(limit, bucket, at_us)
