"""Where the policy's `always` sends a call before any limit is asked."""

from collections.abc import Callable, Sequence

from tollway.budget.attributes import attributes
from tollway.candidate import Candidate
from tollway.policy.always import Standing
from tollway.policy.pattern import tester

Move = Callable[[str], Candidate | str]
"""The call where a route of this name sends it; a text: why it goes nowhere."""


class StandingRoutes:
    """Those of one policy. False if there are none."""

    def __init__(self, entries: Sequence[Standing]) -> None:
        self._entries = [
            (entry.route, [(name, tester(name, condition)) for name, condition in entry.match.items()])
            for entry in entries
        ]

    def __bool__(self) -> bool:
        return bool(self._entries)

    def sent(self, call: Candidate, move: Move) -> tuple[Candidate, tuple[str, ...]]:
        """The call where the first of its routes sends it that sends it anywhere, and what was done."""
        known, done = attributes(call.row), list[str]()
        for name, tests in self._entries:
            if all(meets(known.get(attribute)) for attribute, meets in tests):
                moved = move(name)
                if not isinstance(moved, str):
                    return moved, (*done, f"route {name}")
                done.append(f"route {name} skipped: {moved}")
        return call, tuple(done)
