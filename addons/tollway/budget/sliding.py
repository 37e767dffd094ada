"""What a rate counts in a window that slides: in slots, each of which counts until it is wholly out.

So what was admitted in a window, wherever it begins, is never more than what was counted in it. Room comes
back later than it might, by a sixtieth of the window at the most.
"""

from collections.abc import Sequence

SLOTS = 60
"""Of a window."""
SHORTEST_US = 1_000
"""Of a slot."""


def slot_of(window_us: int) -> int:
    """The length of the slots of a window."""
    return max(SHORTEST_US, -(-window_us // SLOTS))


class Sliding:
    """One bucket's slots. Time only goes forward in it: a clock that was set back by less than the window is
    waited for; by more, and all that is in the window counts as of now."""

    __slots__ = ("amounts", "newest", "slot_us", "total", "window_us")

    def __init__(self, window_us: int, slot_us: int, newest: int = 0, amounts: Sequence[int] = ()) -> None:
        """Anew, or as it was stored."""
        self.window_us = window_us
        self.slot_us = slot_us
        self.newest = newest
        """The slot that was written last."""
        self.amounts = list(amounts)
        """What counts of the slots up to that one."""
        self.total = sum(self.amounts)
        """What is in the window, as of the last look."""

    def look(self, now_us: int) -> bool:
        """Let what has left the window go. True: the clock was set back, and all counts as of now."""
        was = self.newest
        if now_us < was * self.slot_us:
            now_us = self._forward(now_us)
        gone = (now_us - self.window_us) // self.slot_us - self.newest + len(self.amounts) - 1
        if gone > 0:
            self.total -= sum(self.amounts[:gone])
            del self.amounts[:gone]
        return self.newest != was

    def add(self, amount: int, now_us: int) -> None:
        """Count so much from now on."""
        slot = now_us // self.slot_us
        if slot > self.newest:
            self.look(now_us)
            self.amounts += [0] * (slot - self.newest if self.amounts else 1)
            self.newest = slot
        elif not self.amounts:
            self.amounts.append(0)
        self.amounts[-1] += amount
        self.total += amount

    def change(self, more: int, at_us: int) -> None:
        """Count more, or less, as of a moment, but for what has left the window; never less than nothing."""
        place = at_us // self.slot_us - self.newest - 1 + len(self.amounts)
        if place >= len(self.amounts) and more > 0:
            self.add(more, at_us)
        elif 0 <= place < len(self.amounts):
            more = max(more, -self.amounts[place])
            self.amounts[place] += more
            self.total += more

    def frees_us(self, hold: int, amount: int) -> int:
        """When so much will fit if nothing else comes, of which there is no more than the amount."""
        over, slot = self.total + hold - amount, self.newest - len(self.amounts)
        for counted in self.amounts:
            if over <= 0:
                break
            over, slot = over - counted, slot + 1
        return (slot + 1) * self.slot_us + self.window_us

    def empty_us(self) -> int:
        """When nothing of what counts now will."""
        return (self.newest + 1) * self.slot_us + self.window_us

    def _forward(self, now_us: int) -> int:
        """What time it is for a clock that was set back."""
        newest_us = self.newest * self.slot_us
        if newest_us - now_us <= self.window_us:
            return newest_us
        self.amounts, self.newest = [self.total], now_us // self.slot_us
        return now_us
