"""What is now, rather than what was: calls in flight, what they hold, how far the ledger is behind."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from tollway.budget.amounts import Amounts


class Now(Struct, frozen=True, kw_only=True):
    """One moment of a proxy."""

    in_flight: int = 0
    held_nano: int = 0
    """By hard limits, for calls in flight."""
    lag_us: int = 0
    """How long the oldest work waits that the ledger has not taken."""
    unwritten: int = 0
    """Ends of calls that are not in the ledger yet."""
    log_dropped: int = 0
    """Lines of the log that nobody took in time, since the start."""
    plans: Mapping[tuple[str, str], int] = {}
    """By provider and gauge, how many percent the account has used that has used most."""
    workers: int = 1
    """Processes that take calls."""
    worker_restarts: int = 0
    """How often one of them was started in the place of one that had ended."""


def held(bounds: Iterable[Amounts | None]) -> tuple[int, int]:
    """Of calls in flight their number, and what hard limits hold for them; None: none does."""
    nanos = [bound.nano if bound is not None else 0 for bound in bounds]
    return len(nanos), sum(nanos)


def behind_us(lag_seconds: float, oldest_us: int | None, now_us: int) -> int:
    """How far the ledger is behind. `oldest_us`: when the first call ended whose end is not written, as far
    as it waits to be tried again; None: there is none."""
    return max(int(lag_seconds * 1_000_000), 0 if oldest_us is None else now_us - oldest_us)
