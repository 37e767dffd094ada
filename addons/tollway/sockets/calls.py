"""The calls on one socket: asked for, under way, and over."""

from collections import OrderedDict
from collections.abc import Iterable

from tollway.model import Asked, Report
from tollway.sockets.events import Begun, Ended, How
from tollway.wire.delivered import Delivered

MOST = 64
"""Calls that are followed at once. Providers take a few; behind more, the oldest counts as cut."""
REMEMBERED = 1024
"""Calls that are over, by the provider's ids: an event that comes again is known as such."""
KEPT = 256 * 1024
"""Bytes of text of a call that are kept for an estimate."""


class Call:
    """One call, as it goes on."""

    __slots__ = (
        "asked",
        "delivered",
        "first",
        "id",
        "lane",
        "mark",
        "metadata",
        "number",
        "operation",
        "sound",
    )

    def __init__(self, number: int, operation: str, asked: Asked) -> None:
        self.number, self.operation, self.asked = number, operation, asked
        self.mark: str | None = None
        """What the client calls the message that asked for it."""
        self.lane: str | None = None
        """Of several on one socket, where the client names them."""
        self.metadata: object = None
        """What the client put on it, and the provider repeats."""
        self.id: str | None = None
        """The provider's, once it took the call up."""
        self.first: int | None = None
        self.delivered = Delivered(KEPT)
        self.sound = 0


class Calls:
    """All calls of a socket. Its memory is bounded."""

    def __init__(self) -> None:
        self._next = 0
        self._waiting: list[Call] = []
        self._open: dict[str, Call] = {}
        self._over = OrderedDict[str, None]()

    def begin(self, at: int, operation: str, asked: Asked, by_server: bool = False) -> tuple[Call, Begun]:
        """A new call, which waits for nothing yet."""
        call = Call(self._next, operation, asked)
        self._next += 1
        return call, Begun(call=call.number, at=at, operation=operation, asked=asked, by_server=by_server)

    def wait(self, call: Call, at: int) -> list[Ended]:
        """The call waits for its answer; what ends because too many do."""
        self._waiting.append(call)
        return self._crowded(at)

    def waits(self) -> bool:
        """Whether any call waits for its answer."""
        return bool(self._waiting)

    def withdraw(self, number: int) -> Call | None:
        """The call is not to be: its message goes nowhere. None: it is not waiting."""
        return self._take(next((c for c in self._waiting if c.number == number), None))

    def waiting(self, lane: str | None = None, metadata: object = None) -> Call | None:
        """The call that an answer on this lane is most likely to; it waits no longer."""
        there = _on(lane, self._waiting)
        alike = [c for c in there if c.metadata == metadata]
        return self._take(next(iter(alike or there), None))

    def marked(self, mark: str) -> Call | None:
        """The waiting call whose message has this mark; it waits no longer."""
        return self._take(next((c for c in self._waiting if c.mark == mark), None))

    def answer(self, call: Call, id: str, at: int) -> list[Ended]:
        """The provider took the call up, under this id; what ends because too many are under way."""
        call.id, call.first = id, at
        self._open[id] = call
        return self._crowded(at)

    def named(self, id: str | None) -> Call | None:
        """The call under way that has this id."""
        return None if id is None else self._open.get(id)

    def only(self, lane: str | None = None) -> Call | None:
        """The call under way on this lane, if there is but one."""
        found = _on(lane, self._open.values())
        return found[0] if len(found) == 1 else None

    def is_over(self, id: str) -> bool:
        """Whether a call of this id has ended."""
        return id in self._over

    def end(self, call: Call, at: int, how: How, report: Report, id: str | None = None) -> Ended:
        """The call is over; `id`: what is known by it from here on."""
        if call.id is not None:
            self._open.pop(call.id, None)
        if id is not None:
            self._over[id] = None
            if len(self._over) > REMEMBERED:
                self._over.popitem(last=False)
        return Ended(
            call=call.number,
            at=at,
            how=how,
            report=report,
            first=call.first,
            delivered=b"" if report.usage is not None else call.delivered.text(),
            sound=0 if report.usage is not None else call.sound,
        )

    def cut(self, at: int) -> list[Ended]:
        """All are over."""
        rest, self._waiting = [*self._open.values(), *self._waiting], []
        return [self.end(call, at, How.CUT, Report(id=call.id)) for call in rest]

    def _take(self, call: Call | None) -> Call | None:
        if call is not None:
            self._waiting.remove(call)
        return call

    def _crowded(self, at: int) -> list[Ended]:
        if len(self._waiting) + len(self._open) <= MOST:
            return []
        call = self._take(self._waiting[0]) if self._waiting else next(iter(self._open.values()))
        assert call is not None
        return [self.end(call, at, How.CUT, Report(id=call.id))]


def _on(lane: str | None, calls: Iterable[Call]) -> list[Call]:
    """Those on this lane; an event that names none may be of any, where none is without."""
    every = list(calls)
    there = [call for call in every if call.lane == lane]
    return there if there or lane is not None else every
