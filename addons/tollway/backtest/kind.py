"""What a policy makes of all calls that are alike to it, at the moment that they come."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from tollway.backtest.by import By
from tollway.backtest.purse import Purse
from tollway.budget.amounts import Unit
from tollway.budget.attributes import Value
from tollway.policy.limit import Limit
from tollway.policy.met import NEVER


class Kind(Struct, frozen=True, kw_only=True, eq=False):
    """One kind of calls."""

    known: Mapping[str, Value]
    """The attributes that the policy goes by."""
    limits: tuple[Limit, ...] = ()
    """Those that it meets, and the rates behind them, each as often as it counts in a bucket of it."""
    purses: tuple[Purse, ...] = ()
    """As many."""
    denied: By | None = None
    """What refuses it before any amount is looked at."""
    holds: bool = True
    """False: limits are charged what it comes to, and do not hold it back."""
    by_bound: bool = False
    """Whether a hard limit holds it by what it may come to at most."""
    is_cached: bool = False
    """Whether the policy caches such calls."""
    always: tuple[tuple[str, str], ...] = ()
    """The entries of `always` that are about it, and their routes."""
    start_us: int = 0
    """From when on it is so, ..."""
    end_us: int = NEVER
    """... and until when: a window ends, or a raise."""

    @property
    def hard_usd(self) -> int | None:
        """The place of the first hard limit in USD."""
        return self._hard(lambda unit: unit is Unit.USD)

    @property
    def hard(self) -> int | None:
        """The place of the first hard limit that holds calls by a bound."""
        return self._hard(lambda unit: unit is not Unit.REQUESTS)

    def _hard(self, counts: Callable[[Unit], bool]) -> int | None:
        return next((i for i, one in enumerate(self.limits) if one.is_hard and counts(one.unit)), None)
