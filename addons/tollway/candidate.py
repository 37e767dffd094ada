"""A call as it would leave, with what limits hold for it: each way to shrink or move it makes another one."""

import math
from collections.abc import Sequence

from msgspec import Struct

from tollway.bound.bound import Bound, Unbounded
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Enforce, Want
from tollway.exchange import Exchange
from tollway.model import CallRecord
from tollway.policy.limit import Limit
from tollway.policy.limits import Limits
from tollway.prices.ceiling import Ceiling
from tollway.routing.rewrite import Moved
from tollway.routing.tries import Tries


class Candidate(Struct, frozen=True, kw_only=True):
    """What is asked of whom, and which limits it meets."""

    call: Exchange
    """As it would be known."""
    row: CallRecord
    """As it would be opened."""
    rules: Limits
    """All limits of the policy that it was made under."""
    limits: tuple[Limit, ...]
    """Those that apply, each as often as the call has buckets in it: as long as `wants`."""
    wants: tuple[Want, ...]
    estimate: Amounts = Amounts()
    """What limits that are not hard hold: what the call is likely to come to."""
    bound: Bound | Unbounded | None = None
    """None: no hard limit asked."""
    ceiling: Ceiling | None = None
    """None: no hard limit asked, or no price is known."""
    most: Amounts | None = None
    """What hard limits hold; None: none does."""
    moved: Moved | None = None
    """How the request has to change to go where a route sent it."""
    set: tuple[str, ...] = ()
    """The parameters that a route changed in it."""
    tries: Tries | None = None
    """What is done if it fails where it goes; None: nothing."""
    stays: bool = False
    """It is where it is for its prompt cache's sake; without that it would be elsewhere."""
    clamp: int | None = None
    """The output maximum that is to be written into it."""
    cap: int | None = None
    """The cap on calls of the provider's tools that is to be written into it."""
    unholdable: tuple[int, str] | None = None
    """The first of its limits, as an index, that can't hold it however much is left; and why."""

    def is_hard(self, by: Sequence[int]) -> bool:
        """Whether one of these of its limits, as indices, is hard, or a rate."""
        return any(self.limits[index].enforce is Enforce.HARD for index in by)

    @property
    def extent(self) -> tuple[float, float]:
        """How far it is left as it was asked for: what is clamped further is less."""
        cap, clamp = (math.inf if n is None else n for n in (self.cap, self.clamp))
        return cap, clamp

    @property
    def changes(self) -> tuple[str, ...]:
        """What was changed in it, in words: `set temperature`, `clamp 4096`."""
        put = [f"set {', '.join(self.set)}"] if self.set else []
        capped = [f"clamp {self.cap} tool calls"] if self.cap is not None else []
        clamped = [f"clamp {self.clamp}"] if self.clamp is not None else []
        return (*put, *capped, *clamped)

    @property
    def target(self) -> str:
        """What a route would have to name to lead here again."""
        return f"{self.row.provider}/{self.row.model or ''}"
