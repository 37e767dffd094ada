"""A node's part of the buckets, as it is, and as Redis has been told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tollway.budget.bucket import Bucket, Enforce
from tollway.ledger.store import BucketRow

MOST_AT_ONCE = 500
"""Parts in one exchange: enough that its fixed cost vanishes, few enough that it takes some milliseconds."""
ASIDE, LOW = 40, 10
"""A fortieth of what is left is set aside for a process, as long as a tenth of the limit is left."""
LOOK_SECONDS = 5.0
"""How often it is looked whether what was set aside is too much by now."""
UNUSED_SECONDS = 600.0
"""What no call asked for in so long is given back."""


@dataclass(slots=True)
class Part:
    """Of one bucket."""

    bucket: Bucket | None
    """None: only its name is known, and nothing is settled or held there any more."""
    amount: int = 0
    enforce: Enforce = Enforce.HARD
    """The terms of its limit, as far as the journal knows."""
    settled: int = 0
    held: int = 0
    told: tuple[int, int] | None = None
    """What Redis has of it, settled and held; None: nobody knows."""
    others_settled: int = 0
    others_held: int = 0
    """What the other nodes had, as far as Redis told last."""
    aside: int = 0
    """What Redis is to hold beside it: set aside for when it is away."""
    assured: int = 0
    """What Redis has of it at the least, settled and held, whatever became of what it was told last."""
    used: float | None = None
    """When a call was last admitted that would need what is set aside; None: none would."""
    looked: float = 0.0
    """When Redis told last."""

    @property
    def is_told(self) -> bool:
        """Whether Redis has it as it is."""
        return self.told == self.telling

    @property
    def telling(self) -> tuple[int, int]:
        """What Redis is to have of it."""
        return self.settled, self.held + self.aside

    @property
    def grows(self) -> int:
        """The amount of the limit of which something is to be set aside, or more; 0: nothing."""
        return 0 if self.used is None else self.amount

    def fit(self) -> None:
        """Set less aside where little is left."""
        if self.aside:
            left = self.amount - sum(self.of_all)
            if left * LOW < self.amount:
                self.aside = 0
            else:
                self.aside = min(self.aside, 2 * left // ASIDE)

    @property
    def of_all(self) -> tuple[int, int]:
        """What all nodes have settled and hold, as far as it is known."""
        return self.settled + self.others_settled, self.held + self.others_held


class Mirror:
    """The parts of one node, by the buckets' names."""

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}
        self._moved: dict[str, None] = {}
        """Those that may have to be told, in the order in which they moved."""
        self._aside: dict[str, None] = {}
        """Those of which Redis set something aside."""

    def stands(self, name: str, row: BucketRow) -> None:
        """What is settled and held in a bucket by now."""
        part = self._part(name, row.bucket)
        part.bucket, part.amount, part.enforce = row.bucket, row.amount, row.enforce
        part.settled, part.held = row.settled, row.held
        self._moved[name] = None

    def stood(self, name: str) -> None:
        """Redis has something of this node there, and nobody knows what."""
        part = self._parts.setdefault(name, Part(None))
        part.told = None
        self._moved[name] = None

    def admitted(self, name: str, bucket: Bucket, hold: int, used: float | None = None) -> None:
        """Redis holds so much more there; the journal is about to. `used`: as of Part."""
        part = self._part(name, bucket)
        if part.told is not None:
            part.told = part.told[0], part.told[1] + hold
            part.assured += hold
        part.used = part.used if used is None else used
        self._moved[name] = None

    def unsure(self, names: Iterable[str]) -> None:
        """Nobody knows whether what was told, or asked, of these arrived."""
        for name in names:
            self.stood(name)

    def unsure_of_all(self) -> None:
        """Nothing that was told is there any more."""
        for part in self._parts.values():
            part.aside = part.assured = 0
        self.unsure(list(self._parts))

    def to_tell(self, most: int = MOST_AT_ONCE) -> list[tuple[str, Part]]:
        """Parts that Redis has otherwise, or nobody knows how."""
        found: list[tuple[str, Part]] = []
        told = []
        for name in self._moved:
            if len(found) == most:
                break
            part = self._parts[name]
            if part.is_told:
                told.append(name)
            else:
                found.append((name, part))
        for name in told:
            del self._moved[name]
        return found

    def tells(self, part: Part) -> None:
        """Redis is about to be told this one, and may hear it or not."""
        part.assured = min(part.assured, sum(part.telling))

    def told(self, name: str, all_settled: int, all_held: int, more: int = 0, now: float = 0.0) -> None:
        """Redis has it as it is, set so much more aside, and told the sum over all nodes."""
        part = self._parts[name]
        part.aside += more
        part.told = part.telling
        part.assured = sum(part.telling)
        part.others_settled, part.others_held = all_settled - part.settled, all_held - part.held - part.aside
        part.looked = now
        self._moved.pop(name, None)
        if part.aside:
            self._aside[name] = None
            part.fit()
            if not part.is_told:
                self._moved[name] = None

    def give_back(self) -> None:
        """What was set aside is for others."""
        for name in self._aside:
            if (part := self._parts.get(name)) is not None:
                part.used, part.aside = None, 0
                self._moved[name] = None
        self._aside.clear()

    def look(self, now: float) -> None:
        """Have Redis told anew where it set something aside, for its answer; give back what is unused."""
        for name in list(self._aside):
            part = self._parts.get(name)
            if part is None or not part.aside:
                del self._aside[name]
            elif part.used is None or now - part.used >= UNUSED_SECONDS:
                part.used, part.aside = None, 0
                self._moved[name] = None
            elif now - part.looked >= LOOK_SECONDS:
                part.told = None
                self._moved[name] = None

    def of(self, name: str) -> Part | None:
        """The part of one bucket."""
        return self._parts.get(name)

    def rolling(self) -> Iterator[Bucket]:
        """Buckets whose window rolls, and that have something settled: it gets less by itself."""
        for part in self._parts.values():
            if part.settled and part.bucket is not None and part.bucket.rolling_us is not None:
                yield part.bucket

    def forget(self, before_us: int) -> list[str]:
        """Let go of what is nothing, and of windows of the calendar that ended before then: so does Redis.

        Of the latter, the names.
        """
        over = []
        for name, part in list(self._parts.items()):
            ended = part.bucket is None or (part.bucket.end_us or before_us) < before_us
            if part.is_told and not part.held and not part.aside and (ended or not part.settled):
                del self._parts[name]
                self._moved.pop(name, None)
                if part.settled:
                    over.append(name)
        return over

    def _part(self, name: str, bucket: Bucket) -> Part:
        """One that is not known yet is nowhere."""
        part = self._parts.get(name)
        if part is None:
            part = self._parts[name] = Part(bucket, told=(0, 0))
        return part

    @property
    def has_news(self) -> bool:
        """Whether anything may have to be told."""
        return bool(self._moved)
