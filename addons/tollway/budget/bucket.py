"""Where what is spent under a limit is added up: one bucket for each value of `per`, and each window."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

import orjson
from msgspec import Struct, field

from tollway.budget.amounts import Unit


class Enforce(StrEnum):
    """What a limit does to a call that does not fit."""

    HARD = "hard"
    """Holds the call's bound: settled + held never exceeds the amount."""
    SOFT = "soft"
    """Admits while settled + the estimates in flight is below the amount."""
    SHADOW = "shadow"
    """Only reports."""


class Away(StrEnum):
    """What a limit does while the store that processes share is away, and a call's row can be written."""

    CLOSED = "closed"
    """It admits none."""
    OPEN = "open"
    """It admits all; what they come to is told when the store is back."""
    LOCAL = "local"
    """A hard limit admits what was set aside for this process beforehand; a soft one goes on by what the
    process knows; of a rate each process counts what it admits itself."""


class Bucket(Struct, frozen=True, kw_only=True, dict=True):
    """Which bucket: equal for all calls that share it, in every process of the ledger."""

    limit: str
    """The limit's name."""
    key: str
    """The limit's name and a hash of its match, per, unit and window: another key is another limit."""
    values: Mapping[str, str | None] = field(default_factory=dict)
    """The values of `per`, by attribute; None: the call has none, and shares a bucket with all like it."""
    unit: Unit
    start_us: int
    """Where the calendar's window starts; 0 for a rolling one."""
    end_us: int | None = None
    """Where the calendar's window ends; None for a rolling one."""
    rolling_us: int | None = None
    """The length of a rolling window, of a limit in whole minutes; None for a calendar's, and for none."""
    slot_us: int | None = None
    """Of a rate: the length of its window's slots; 0: it counts calls at once. None: it is a limit's."""

    @property
    def is_rate(self) -> bool:
        """Whether it is a rate's: it is charged nothing of what calls come to."""
        return self.slot_us is not None

    @property
    def at_once(self) -> bool:
        """Whether it is a rate's that has no window: it holds each call that is in flight."""
        return self.slot_us == 0

    @property
    def slides(self) -> bool:
        """Whether it is a rate's in a window: it counts what was admitted in it, in flight or not."""
        return bool(self.slot_us)

    @cached_property
    def id(self) -> str:
        """A text that this bucket has, and no other: of its key, its values and its window's start."""
        return f"{self.key} {orjson.dumps(self.values, option=orjson.OPT_SORT_KEYS).decode()} {self.start_us}"


class Want(Struct, frozen=True, kw_only=True):
    """One bucket that a call has to be admitted by, and what it would hold there."""

    bucket: Bucket
    amount: int
    """What may be spent, in the bucket's unit; raises are in it."""
    enforce: Enforce
    hold: int
    """The call's bound under a hard limit, its estimate under others, in the bucket's unit."""
    overlooks: bool = False
    """A soft limit admits the call even if nothing is left."""
    away: Away = Away.CLOSED
    below: int | None = None
    """The call is sent back once so much is settled and held there by others; None: never."""


class Balance(Struct, frozen=True, kw_only=True):
    """A bucket's state, at one moment inside the store."""

    bucket: Bucket
    amount: int
    enforce: Enforce
    settled: int
    held: int
    frees_us: int | None = None
    """Of a rate in a window that has no room for a call: when it will have, if nobody else comes; ..."""
    empty_us: int | None = None
    """... and when nothing will count of what does now."""

    @property
    def left(self) -> int:
        """What may still be held; below zero where a soft limit was overspent, or an amount lowered."""
        return self.amount - self.settled - self.held


def is_reached(balance: Balance, below: int | None) -> bool:
    """Whether a bucket has come so far that calls are to go elsewhere."""
    return below is not None and balance.settled + balance.held >= below


def fits(balance: Balance, hold: int, overlooks: bool = False) -> bool:
    """Whether a call may be admitted: hard limits have room for the hold, soft ones have any room at all."""
    if balance.enforce is Enforce.HARD:
        return hold <= balance.left
    return balance.enforce is Enforce.SHADOW or overlooks or balance.left > 0
