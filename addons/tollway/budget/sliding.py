"""What a rate counts in a window that slides: in slots, each of which counts until it is wholly out.

So what was admitted in a window, wherever it begins, is never more than what was counted in it. Room comes
back later than it might, by a sixtieth of the window at the most.
"""

SLOTS = 60
"""Of a window."""
SHORTEST_US = 1_000
"""Of a slot."""
RING = 64
"""No more slots than these are counted at one time."""


def slot_of(window_us: int) -> int:
    """The length of the slots of a window."""
    return max(SHORTEST_US, -(-window_us // SLOTS))


class Sliding:
    """One bucket's slots. Time only goes forward in it: a clock that was set back by less than the window is
    waited for; by more, and all that is in the window counts as of now."""

    __slots__ = ("_slots", "newest", "slot_us", "total", "window_us")

    def __init__(self, window_us: int, slot_us: int) -> None:
        self.window_us = window_us
        self.slot_us = slot_us
        self.newest = 0
        """The slot that was written last."""
        self.total = 0
        """What is in the window, as of the last look."""
        self._slots: dict[int, int] = {}
        """Rising."""

    def put(self, slot: int, amount: int) -> None:
        """Put what was stored of a slot; to be called slot by slot, rising."""
        self._slots[slot] = amount
        self.newest = slot
        self.total += amount

    def look(self, now_us: int) -> bool:
        """Let what has left the window go. True: the clock was set back, and other slots count now."""
        slot, newest = now_us // self.slot_us, self.newest
        if slot < newest:
            if newest * self.slot_us - now_us > self.window_us:
                self._slots = {slot: self.total}
                self.newest = slot
                return True
            now_us = newest * self.slot_us
        first = (now_us - self.window_us) // self.slot_us
        slots = self._slots
        while slots and (oldest := next(iter(slots))) < first:
            self.total -= slots.pop(oldest)
        return False

    def add(self, amount: int, now_us: int) -> int:
        """Count so much from now on; the slot that it is counted in."""
        slot = max(now_us // self.slot_us, self.newest)
        self._slots[slot] = self._slots.get(slot, 0) + amount
        self.newest = slot
        self.total += amount
        return slot

    def change(self, more: int, at_us: int) -> int | None:
        """Count more, or less, of what was counted at a moment, which is never below nothing. The slot; None:
        it has left the window."""
        slot = at_us // self.slot_us
        there = self._slots.get(slot)
        if there is None:
            return None
        self._slots[slot] = max(0, there + more)
        self.total += self._slots[slot] - there
        return slot

    def of(self, slot: int) -> int:
        """What counts of a slot."""
        return self._slots.get(slot, 0)

    def slots(self) -> dict[int, int]:
        """All that counts, by slot."""
        return dict(self._slots)

    def frees_us(self, hold: int, amount: int) -> int:
        """When so much will fit if nothing else comes, of which there is no more than the amount."""
        over = self.total + hold - amount
        at = self.newest
        for slot, counted in self._slots.items():
            if over <= 0:
                break
            over, at = over - counted, slot
        return (at + 1) * self.slot_us + self.window_us

    def empty_us(self) -> int:
        """When nothing of what counts now will."""
        return (self.newest + 1) * self.slot_us + self.window_us
