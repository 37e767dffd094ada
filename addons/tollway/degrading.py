"""Levels that one call has yet to come to: shares of an amount from which on calls take a route (`at`)."""

from collections.abc import Sequence

from msgspec.structs import replace

from tollway.budget.bucket import Balance, Enforce, Want, is_reached
from tollway.candidate import Candidate
from tollway.policy.limit import Level, Limit


class Degrading:
    """One call's. Each level sends it once, wherever it is by then."""

    def __init__(self) -> None:
        self._done: set[tuple[str, int]] = set()
        """By limit and percentage."""
        self._waiting: list[tuple[Level, str]] = []
        """Each with the target where the call was."""

    def wants(self, whole: Candidate) -> tuple[Want, ...]:
        """What the call wants: to be sent back from where the first level is that it has not come to yet."""
        if not any([self._left(limit) for limit in whole.limits if limit.at]):
            return whole.wants
        pairs = zip(whole.limits, whole.wants, strict=True)
        return tuple([replace(want, below=self._below(limit, want)) for limit, want in pairs])

    def reached(self, wants: Sequence[Want], balances: Sequence[Balance]) -> tuple[int, ...]:
        """In which of its buckets it has come to a level, as indices; as the store says it (`Reached`)."""
        pairs = zip(balances, wants, strict=True)
        return tuple([index for index, (each, want) in enumerate(pairs) if is_reached(each, want.below)])

    def come_to(self, limit: Limit, balance: Balance) -> list[Level]:
        """The levels of a limit that it comes to there, the highest first; it comes to none of them again."""
        found = [
            level for level in reversed(self._left(limit)) if is_reached(balance, level.of(balance.amount))
        ]
        self._done |= {(limit.name, level.percent) for level in found}
        return found

    def waits(self, level: Level, target: str) -> None:
        """A level's route waits, since it would lose more than it saves there."""
        self._waiting.append((level, target))

    def late(self, target: str) -> list[Level]:
        """The levels that wait there, before the call would be refused for that; they are told once."""
        found = [level for level, at in self._waiting if at == target]
        self._waiting.clear()
        return found

    def begin_anew(self) -> None:
        """The limits are another policy's by now."""
        self._done.clear()
        self._waiting.clear()

    def _below(self, limit: Limit, want: Want) -> int | None:
        return next((level.of(want.amount) for level in self._left(limit)), None)

    def _left(self, limit: Limit) -> list[Level]:
        if limit.enforce is Enforce.SHADOW:
            return []
        return [level for level in limit.at if (limit.name, level.percent) not in self._done]
