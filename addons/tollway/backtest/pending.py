"""What a call has yet to come to of what its limits say is to be done with it: actions, and levels."""

from collections.abc import Sequence

from tollway.budget.bucket import Balance, Enforce, is_reached
from tollway.policy.limit import Block, Clamp, Level, Limit, Route, Wait


class Pending:
    """One call's."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}
        """By limit: which of its actions is the next."""
        self._until: dict[tuple[str, int], int] = {}
        """By limit, and by which of its actions the wait is: when it ends."""
        self._done: set[tuple[str, int]] = set()
        """Levels that it has come to, by limit."""

    def action(self, limit: Limit) -> Wait | Route | Block:
        """The limit's next action, clamps passed over: from there on, each try makes use of them."""
        at = self.at(limit)
        while isinstance(action := limit.then[at], Clamp):
            at += 1
        self._next[limit.name] = at
        return action

    def at(self, limit: Limit) -> int:
        """Which of the limit's actions is the next."""
        return self._next.get(limit.name, 0)

    def clamps(self, limit: Limit) -> bool:
        """Whether this limit has the call clamped by now."""
        return Clamp() in limit.then[: self.at(limit) + 1]

    def pass_over(self, limit: Limit) -> None:
        """Its next action is done, or is of no use."""
        self._next[limit.name] = self.at(limit) + 1

    def wait_ends_us(self, limit: Limit, at: int, action: Wait, now_us: int) -> int:
        """When a wait ends that the limit says: it begins only once."""
        return self._until.setdefault((limit.name, at), now_us + action.us)

    def levels(self, limit: Limit, balance: Balance) -> Sequence[Level]:
        """The levels of a limit that it comes to, the highest first; it comes to none of them again."""
        if not limit.at or limit.enforce is Enforce.SHADOW:
            return ()
        found = [
            level
            for level in reversed(limit.at)
            if (limit.name, level.percent) not in self._done and is_reached(balance, level.of(balance.amount))
        ]
        self._done |= {(limit.name, level.percent) for level in found}
        return found
