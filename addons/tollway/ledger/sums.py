"""What is added up over calls."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tollway.model import USAGE_FIELDS


@dataclass(slots=True)
class Sums:
    """Sums over some calls. Amounts are nano-dollars."""

    calls: int = 0
    cost_nano: int = 0
    """Of the calls whose billing is metered."""
    notional_nano: int = 0
    """Of the others."""
    estimated_nano: int = 0
    """That part of `cost_nano` whose source is an estimate."""
    usage: dict[str, int] = field(default_factory=dict)
    """A field of `USAGE_FIELDS` -> its sum; only fields that a call reported, zeros included."""
    saved_nano: int = 0
    """What calls whose billing is metered would have cost, had the cache not answered them."""
    unsettled_nano: int = 0
    """That part of `cost_nano` whose calls' ends did not pass in the time that there was for them."""
    first_us: int | None = field(default=None, compare=False)
    """When the first of these calls started; None: nobody asked, or there is none. What was spent is the
    same whenever that was: sums that differ in it alone are equal."""
    last_us: int | None = field(default=None, compare=False)
    """When the last of them started."""

    def add(self, other: "Sums") -> None:
        """Take in the sums over other calls."""
        self.calls += other.calls
        self.cost_nano += other.cost_nano
        self.notional_nano += other.notional_nano
        self.estimated_nano += other.estimated_nano
        self.saved_nano += other.saved_nano
        self.unsettled_nano += other.unsettled_nano
        for name, count in other.usage.items():
            self.usage[name] = self.usage.get(name, 0) + count
        self.first_us = _of_both(min, self.first_us, other.first_us)
        self.last_us = _of_both(max, self.last_us, other.last_us)

    def in_order(self) -> dict[str, int]:
        """The usage, its fields in their declared order."""
        return {name: self.usage[name] for name in USAGE_FIELDS if name in self.usage}


def _of_both(which: Callable[[int, int], int], one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return which(one, other)
