"""What is said on a socket, apart from when: each form of socket is a `Session`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.simulator.dialects.dialect import NUMBER
from tests.simulator.scenario import Scenario

type Said = Mapping[str, Any]
"""A message, whose ids have `NUMBER` in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One call: what it meets, and what the ids in it are made of."""

    number: int
    scenario: Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Said at once."""

    messages: Iterable[Said]
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Said in the call's own time, behind those of its lane."""

    turn: Turn
    messages: Iterable[Said]
    lane: str = ""
    closes: tuple[int, str] | None = None
    """The socket is closed behind it, with this code and reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The call under way on a lane says no more than this."""

    messages: Iterable[Said]
    number: int
    lane: str = ""


type Reply = Say | Answer | Stop


class Session(Protocol):
    """One side of what is said on one socket."""

    binary: bool
    """Its messages are sent as binary ones."""

    def opened(self) -> Iterable[Reply]:
        """What the server says first."""

    def hear(self, message: Said) -> Iterable[Reply]:
        """What it says to a message."""


@dataclass(slots=True)
class Opening:
    """What a session is made of: the upgrade request, and what its calls meet."""

    path: str
    query: str
    number: int
    """The request's."""
    scenario: Scenario
    busy: Callable[[str], bool]
    """Whether a call is under way on a lane."""
    calls: int = 0
    _left: Iterator[Scenario] = field(init=False)

    def __post_init__(self) -> None:
        self._left = iter(self.scenario.socket.calls)

    def turn(self) -> Turn:
        """The next call."""
        self.calls += 1
        return Turn(number=self.number * 1000 + self.calls, scenario=next(self._left, self.scenario))


def inside(message: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """The object at the end of these keys; an empty one if there is none."""
    found: Any = message
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


__all__ = ["NUMBER", "Answer", "Opening", "Reply", "Said", "Say", "Session", "Stop", "Turn", "inside"]
