"""Calls added up to the rows of a bill: one for each charge period, provider, model, meter and identity."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tollway.focus.meters import Line, lines

METERED, NOTIONAL = "metered", "notional"


class About(NamedTuple):
    """What a call is about that a bill keeps apart."""

    period: int
    """The start of its charge period, in microseconds, UTC."""
    provider: str
    model: str | None
    tier: str | None
    billing: str
    basis: str
    """Where its cost comes from: the ledger's `cost_source`."""
    account: str | None
    group: tuple[str | int | None, ...]
    """The values of the attributes that rows are kept apart by."""


class Key(NamedTuple):
    """What a row is about. Rows of one key are one."""

    about: About
    meter: str
    unit: str
    price: int | None
    list_price: int | None


@dataclass(slots=True)
class Amounts:
    """What the calls of a row come to."""

    quantity: int = 0
    nano: int = 0
    list_nano: int = 0

    def add(self, line: Line) -> None:
        """Take in a line of a call."""
        self.quantity += line.quantity
        self.nano += line.nano
        self.list_nano += line.list_nano


class Call(NamedTuple):
    """A call, as the bill needs it."""

    about: About
    used: Sequence[int | None]
    """The counts, in the order of USAGE_FIELDS."""
    nano: Sequence[int]
    """What was charged, by `meters.PARTS`."""
    list_nano: Sequence[int]
    """The same by the list."""
    calls: int = 1
    """How many it stands for."""


class Fold:
    """The rows of the calls that it was fed."""

    def __init__(self) -> None:
        self._rows: dict[Key, Amounts] = {}

    def feed(self, call: Call) -> None:
        """Take in a call."""
        for line in lines(call.used, call.nano, call.list_nano, call.calls):
            key = Key(call.about, line.meter, line.unit, line.price, line.list_price)
            row = self._rows.get(key)
            if row is None:
                row = self._rows[key] = Amounts()
            row.add(line)

    def rows(self) -> Iterator[tuple[Key, Amounts]]:
        """By charge period, then provider, model and the rest."""
        yield from sorted(self._rows.items(), key=lambda row: _place(row[0]))


def _place(key: Key) -> tuple[int, list[str]]:
    about = key.about
    parts = (about.provider, about.model, *about.group, *about[3:7], *key[1:])
    return about.period, ["" if part is None else str(part) for part in parts]
