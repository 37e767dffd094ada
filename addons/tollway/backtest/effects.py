"""What a policy did to calls, added up: by what did it, and by whose calls they were."""

from dataclasses import dataclass, field

from tollway.backtest.by import By


@dataclass(slots=True)
class Figures:
    """Sums over calls. Each call counts once in each: one that is refused in `refused` alone."""

    cost_nano: int = 0
    """Of those whose billing is metered."""
    notional_nano: int = 0
    """Of the others."""
    refused: int = 0
    clamped: int = 0
    waited: int = 0
    rerouted: int = 0

    def add(self, other: "Figures") -> None:
        """Take in the sums over other calls."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Share:
    """The calls of a caller: as they were recorded, and under the policy."""

    calls: int = 0
    then: Figures = field(default_factory=Figures)
    now: Figures = field(default_factory=Figures)
    refused_us: int | None = None
    """When the first is refused under the policy."""
    refused_by: dict[By, int] = field(default_factory=dict)

    @property
    def saved_nano(self) -> int:
        """What the policy saves of the money that was spent."""
        return self.then.cost_nano - self.now.cost_nano

    def add(self, other: "Share") -> None:
        """Take in another's calls."""
        self.calls += other.calls
        self.then.add(other.then)
        self.now.add(other.now)
        firsts = [us for us in (self.refused_us, other.refused_us) if us is not None]
        self.refused_us = min(firsts, default=None)
        for who, count in other.refused_by.items():
            self.refused_by[who] = self.refused_by.get(who, 0) + count


@dataclass(slots=True)
class LetIn:
    """Calls that were refused then, and would not be: what they would have come to is in no cost."""

    calls: int = 0
    bound_nano: int = 0
    """The most that they could have come to, as far as a bound was recorded."""
    likely_calls: int = 0
    """Of how many it is known what calls of their models cost that were answered; ..."""
    likely_nano: int = 0
    """... and what those come to by that."""


Values = tuple[tuple[str, str | None], ...]
"""Whose bucket it is: the values of `per`, by attribute."""


@dataclass(slots=True)
class Effects:
    """What one entry of the policy did."""

    refused: int = 0
    over: int = 0
    """Of a shadow limit: calls that it had no room for."""
    clamped: int = 0
    waited: int = 0
    rerouted: int = 0
    saved_nano: int = 0
    alerts: dict[int, list[int]] = field(default_factory=dict)
    """By level: when buckets came to it."""
    whose: dict[Values, int] = field(default_factory=dict)
    """The buckets that had no room, and when that was first: refused, or over."""

    @property
    def first(self) -> tuple[int, Values] | None:
        """When it had no room for the first time, and in which bucket."""
        return min(
            ((us, values) for values, us in self.whose.items()), key=lambda each: each[0], default=None
        )

    @property
    def told(self) -> int:
        """How many alerts there were."""
        return sum(map(len, self.alerts.values()))
