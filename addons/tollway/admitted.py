"""How a call fares with its limits: admitted, or turned away."""

from msgspec import Struct

from tollway.budget.bucket import Balance
from tollway.candidate import Candidate
from tollway.policy.limit import Limit


class Admitted(Struct, frozen=True, kw_only=True):
    """The call holds what it may come to."""

    candidate: Candidate
    balances: tuple[Balance, ...]
    actions: tuple[str, ...]


class TurnedAway(Struct, frozen=True, kw_only=True):
    """The call does not leave."""

    candidate: Candidate
    actions: tuple[str, ...]
    limit: Limit
    """The one that refused it."""
    balance: Balance | None = None
    """Of that limit's bucket; None where the amount has nothing to do with it."""
    hold: int = 0
    """The least that it would have had to hold there, in the bucket's unit."""
    reason: str | None = None
    """Why, where the amount has nothing to do with it: no bound, no known price."""
    held_by_others: bool = False
    """What is left would suffice, but for the holds of calls in flight: to try again soon may help."""
    again_us: int | None = None
    """From when on there is room in all rates that refuse it, if nobody else comes; None: nobody knows."""
    gone: bool = False
    """The client left while it waited."""
