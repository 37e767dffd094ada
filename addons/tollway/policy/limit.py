"""A limit as calls meet it."""

from msgspec import Struct

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Away, Enforce
from tollway.policy.window import Window


class Clamp(Struct, frozen=True):
    """Lower the output maximum to what is left."""


class Wait(Struct, frozen=True):
    """Hold the request while other calls settle."""

    us: int
    """The most, in microseconds."""


class Route(Struct, frozen=True):
    """Move the call to another model or provider."""

    name: str
    """A key of `routes`."""


class Block(Struct, frozen=True):
    """Refuse the call."""


class Level(Struct, frozen=True):
    """Where a limit begins to move calls, before it has to refuse them."""

    percent: int
    """Of the amount, settled and held."""
    route: str
    """A key of `routes`."""

    def of(self, amount: int) -> int:
        """What has to be settled and held for it to be reached, in the amount's unit."""
        return -(-amount * self.percent // 100)

    def __str__(self) -> str:
        return f"route {self.route} at {self.percent}%"


Action = Clamp | Wait | Route | Block
"""What a limit does to a call that does not fit."""


class Limit(Struct, frozen=True, kw_only=True, eq=False):
    """What may be spent, or come, in each of its buckets. Which calls it is for is known to `Limits`."""

    key: str
    """As `Bucket.key`: the name (or id) and a hash of all that makes it another limit when it is changed."""
    name: str
    unit: Unit
    window: Window
    per: tuple[str, ...]
    """Attributes; a bucket for each combination of their values."""
    enforce: Enforce
    then: tuple[Action, ...]
    """What is tried in this order; the last is always Block."""
    amount: int
    """Without raises, in the unit: nano-dollars, tokens or requests."""
    raises: tuple[tuple[int, int], ...] = ()
    """What is added, and until when (microseconds since the epoch, not included)."""
    at: tuple[Level, ...] = ()
    """Rising."""
    alerts: tuple[int, ...] = ()
    """Percentages of the amount, rising."""
    notional: bool = False
    """Whether calls under a flat plan count in USD."""
    floor: int | None = None
    """The least output maximum that a clamp may set; None: what the dialect and the model need."""
    store_down: str | None = None
    """None: as the policy's `faults` say."""
    slot_us: int | None = None
    """Of a rate: as `Bucket.slot_us`; None: it is a limit."""

    @property
    def is_rate(self) -> bool:
        """Whether it is a rate: it counts what is admitted, and not what is spent."""
        return self.slot_us is not None

    @property
    def is_hard(self) -> bool:
        """Whether it is a limit that is never overspent."""
        return self.enforce is Enforce.HARD and not self.is_rate

    def away(self, general: str) -> Away:
        """What it does while a store of several processes is away; `general`: as the policy's `faults` say.

        Those that are not hard count on, unless they say otherwise: they would admit most calls anyway.
        """
        if self.store_down is None and self.enforce is not Enforce.HARD and general == "closed":
            return Away.LOCAL
        return Away(self.store_down or general)

    def amount_at(self, us: int) -> int:
        """What may be spent at a moment, raises included."""
        if not self.raises:
            return self.amount
        return self.amount + sum(added for added, until_us in self.raises if us < until_us)

    def counts(self, notional: bool) -> bool:
        """Whether a call that matches counts, which under a flat plan or not it is."""
        return not notional or self.notional or self.unit is not Unit.USD
