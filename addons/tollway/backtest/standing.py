"""A call that waits in a replay."""

from collections.abc import Generator

from tollway.backtest.attempt import Attempt
from tollway.backtest.fate import Fate
from tollway.backtest.wait import Wait


class Standing:
    """A call that waits, or is about to."""

    __slots__ = ("attempt", "going", "number", "turn", "wait")

    def __init__(self, number: int, attempt: Attempt, going: Generator[Wait, bool, Fate]) -> None:
        self.number = number
        """Its turn among those who wait: who came first goes first."""
        self.attempt = attempt
        self.going = going
        self.wait: Wait | None = None
        self.turn = 0
        """How often it was asked on: what was to be done for an earlier wait is not done any more."""

    def __lt__(self, other: "Standing") -> bool:
        return self.number < other.number

    @property
    def is_first(self) -> bool:
        """Wherever it stands."""
        return self.wait is not None and all(purse.line[0] is self for purse in self.wait.purses)
