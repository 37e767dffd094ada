"""What a ledger says of itself to who asks whether calls can be held in it."""

from msgspec import Struct


class Condition(Struct, frozen=True, kw_only=True):
    """At one moment, and what it writes to has just been written to."""

    is_shared: bool = False
    """Over Redis: the rest is said of a fleet's alone."""
    away: str | None = None
    """Why Redis can't be asked, with what to do; None: it answers."""
    closed_us: int = 0
    """Hard limits are closed for so long at the most, since Redis lost data or was started anew; 0: they are
    open."""
    waiting: int = 0
    """Processes that have not yet told it what they had spent."""
    evicts: str | None = None
    """The `maxmemory-policy` by which Redis deletes keys by itself, of limits as well; None: it does not."""
    skew_us: int | None = None
    """By how much this machine's clock is ahead of that of Redis; None: nobody knows."""
