"""What a limit says of all its buckets at once."""

from msgspec import Struct

from tollway.budget.bucket import Enforce


class Terms(Struct, frozen=True, kw_only=True):
    """What a limit says of all its buckets."""

    amount: int
    """What may be spent in each, in its unit, as of now: raises are in it."""
    enforce: Enforce
    rolling_us: int | None
    """The length of a rolling window; None: a calendar's."""
