"""Which answers were billed, and which are to be: providers show one again, or only later, by its id."""

from collections import OrderedDict

from tollway.model import CallRecord

REMEMBERED = 10_000
"""Ids of each kind; the oldest is forgotten first."""


class Answers:
    """Remembers ids, so that an answer is billed once, in the row of the call that asked for it."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._billed: OrderedDict[str, None] = OrderedDict()
        self._awaited: OrderedDict[str, CallRecord] = OrderedDict()

    def knows(self, answer: str) -> bool:
        """Whether it was billed, or is to be, as far as that is remembered."""
        return answer in self._billed or answer in self._awaited

    def was_billed(self, answer: str) -> bool:
        """Whether the answer with this id was billed, as far as that is remembered."""
        return answer in self._billed

    def bill(self, answer: str) -> CallRecord | None:
        """The answer is billed from now on. The row of the call that asked for it, if that was waiting."""
        self._billed[answer] = None
        if len(self._billed) > self._most:
            self._billed.popitem(last=False)
        return self._awaited.pop(answer, None)

    def give_up(self, answer: str) -> CallRecord | None:
        """The row that was waiting for an answer which failed: nothing is billed of it from now on."""
        return self.bill(answer) if answer in self._awaited else None

    def await_usage(self, answer: str, row: CallRecord) -> None:
        """This row is at an estimate until its answer, made in the background, is shown with its usage."""
        self._awaited[answer] = row
        if len(self._awaited) > self._most:
            self._awaited.popitem(last=False)
