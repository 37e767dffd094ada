"""Where the policy's `always` sends a call before any limit is asked."""

from collections.abc import Callable, Iterator, Sequence

from tollway.budget.attributes import attributes
from tollway.candidate import Candidate
from tollway.policy.always import Standing
from tollway.policy.pattern import tester
from tollway.staying import Waits

Move = Callable[[str], Candidate | Waits | str | None]
"""The call where a route of this name sends it, sooner or later; a text: why it goes nowhere, as it should;
None: no rule of the route is about it."""


class StandingRoutes:
    """Those of one policy. False if there are none."""

    def __init__(self, entries: Sequence[Standing]) -> None:
        self._entries = [
            (entry.route, [(name, tester(name, condition)) for name, condition in entry.match.items()])
            for entry in entries
        ]

        self._asks = any(tests for _, tests in self._entries)

    def __bool__(self) -> bool:
        return bool(self._entries)

    def names(self, call: Candidate) -> Iterator[str]:
        """The routes that stand for a call, in their order."""
        known = attributes(call.row) if self._asks else {}
        for name, tests in self._entries:
            if all(meets(known.get(attribute)) for attribute, meets in tests):
                yield name


def sent_by(names: Sequence[str], call: Candidate, move: Move) -> tuple[Candidate, tuple[str, ...]]:
    """The call where the first of these routes sends it that sends it anywhere, and what was done."""
    done = list[str]()
    for name in names:
        moved = move(name)
        if isinstance(moved, Waits):
            return moved.here, (*done, f"route {name} waits: {moved}")
        if isinstance(moved, str):
            done.append(f"route {name} skipped: {moved}")
        elif moved is not None:
            return moved, (*done, f"route {name}")
    return call, tuple(done)
