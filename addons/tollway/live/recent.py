"""The latest calls, by when they began, and all that are in flight."""

from collections.abc import Iterable

from tollway.model import CallRecord

MOST = 2_000
"""Calls that are kept beside those in flight."""


class Recent:
    """Takes calls as they begin and end."""

    def __init__(self, calls: Iterable[CallRecord], most: int = MOST) -> None:
        self._most = most
        self._calls: dict[str, CallRecord] = {}
        for call in sorted(calls, key=_start):
            self.take(call)

    def take(self, call: CallRecord) -> None:
        """A call that began, or ended."""
        self._calls[call.id] = call
        if len(self._calls) > 2 * self._most:
            self._cut()

    def all(self) -> tuple[CallRecord, ...]:
        """Latest first."""
        self._cut()
        return tuple(sorted(self._calls.values(), key=_start, reverse=True))

    def _cut(self) -> None:
        done = sorted((call for call in self._calls.values() if call.state != "open"), key=_start)
        for call in done[: max(len(done) - self._most, 0)]:
            del self._calls[call.id]


def _start(call: CallRecord) -> tuple[int, str]:
    return call.started_us, call.id
