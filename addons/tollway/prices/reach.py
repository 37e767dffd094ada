"""Which tiers, speeds and places may serve a request, by what it asks for: `reach.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tollway.prices.tables import STANDARD, read, tables
from tollway.prices.tiers import canonical, is_unsaid, unusual

OTHER = "?"
"""Stands for a tier or a speed that nobody knows: it is priced as the dearest known one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """One provider's row of `reach.yaml`, where every key is explained."""

    unsaid: tuple[str, ...]
    speeds: tuple[str, ...]
    said: str
    places: tuple[str, ...]
    times: int


@cache
def _rows() -> tuple[Reach, Mapping[str, Reach]]:
    """The defaults, and the providers' rows, read at first use."""
    table = read("reach.yaml")
    rows = {name: _reach(table["defaults"] | row) for name, row in table["providers"].items()}
    return _reach(table["defaults"]), rows


def _reach(row: Mapping[str, Any]) -> Reach:
    return Reach(
        unsaid=tuple(row["unsaid"]),
        speeds=tuple(row.get("speeds", ())),
        said=row["said"],
        places=tuple(row.get("places", ())),
        times=row["times"],
    )


def _row(provider: str) -> Reach:
    usual, rows = _rows()
    return rows.get(provider, usual)


def tiers(provider: str, asked: str | None) -> tuple[str, ...]:
    """The tiers that may serve, each once, as the price book calls them.

    `asked`: as the request says; a word that is not known to be a tier may get any.
    """
    habit = tables().habit(provider)
    unsaid = (*_row(provider).unsaid, OTHER)
    if is_unsaid(asked):
        return unsaid
    named = canonical(habit, None, asked)
    known = named in habit.tiers.values() or named in tables().contexts
    return tuple(dict.fromkeys((named, STANDARD) if known else (named, *unsaid)))


def speeds(provider: str, asked: str | None) -> tuple[str | None, ...]:
    """The speeds that may serve; None among them is the usual one.

    `asked`: as the request says, "" if it asks for none; None: that is not known, so any may.
    """
    if asked is None:
        return (None, *_row(provider).speeds, OTHER)
    return tuple(dict.fromkeys((None, unusual(asked))))


def places(provider: str) -> tuple[str | None, ...]:
    """What the provider may say of where it served; None among them: nothing."""
    return (None, *_row(provider).places)


def times(provider: str) -> int:
    """How often the dearest price of the list a provider's own bill may be."""
    return _row(provider).times


def speed_asked(provider: str, body: Mapping[str, Any]) -> str | None:
    """The speed that a request's body asks for, "" if it asks for none; None: the body does not tell."""
    member = _row(provider).said
    if not member:
        return None
    said = body.get(member, "")
    return said if isinstance(said, str) else None
