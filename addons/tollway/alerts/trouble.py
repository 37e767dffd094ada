"""Trouble with the store, over time: told once it lasts, and again once it is over.

What fails for a moment is not told. Nor is what fails again within ten minutes after it was told: a store
that comes and goes is one trouble.
"""

from msgspec import Struct

from tollway.alerts.alert import Alert, Kind
from tollway.budget.remaining import iso
from tollway.readiness.condition import Condition

LASTS_US = 15_000_000
"""How long it lasts before it is told."""
RESTS_US = 600_000_000
"""How long after one was told another is not."""


class Trouble(Struct, frozen=True, kw_only=True):
    """What is known of it. Times are in microseconds."""

    since_us: int | None = None
    """Since when each look has found it; None: the last one did not."""
    is_told: bool = False
    """Whether this one was told."""
    told_us: int | None = None
    """When one was told last; None: none was."""


def why(found: Condition | str) -> str | None:
    """What is wrong with a store; a text says why it can't be written to. None: nothing."""
    return found if isinstance(found, str) else found.away


def seen(before: Trouble, wrong: str | None, now_us: int, machine: str) -> tuple[Trouble, Alert | None]:
    """What is known after a look, and what is to be told now, if anything. `wrong`: as of `why`; `machine`:
    which one looks."""
    if wrong is None:
        told = _back(before, now_us, machine) if before.is_told else None
        return Trouble(told_us=before.told_us), told
    # A clock that was set back leaves moments to come: they are taken for now.
    since_us = now_us if before.since_us is None else min(before.since_us, now_us)
    rests = before.told_us is not None and 0 <= now_us - before.told_us < RESTS_US
    if before.is_told or rests or now_us - since_us < LASTS_US:
        return Trouble(since_us=since_us, is_told=before.is_told, told_us=before.told_us), None
    text = f"on {machine}: {wrong}"
    return Trouble(since_us=since_us, is_told=True, told_us=now_us), _alert(
        text, False, since_us, now_us, machine
    )


def _back(before: Trouble, now_us: int, machine: str) -> Alert:
    since_us = now_us if before.since_us is None else min(before.since_us, now_us)
    seconds = (now_us - since_us) // 1_000_000
    text = f"on {machine}: the ledger can be written and asked again, after {_length(seconds)}"
    return _alert(text, True, since_us, now_us, machine)


def _alert(text: str, is_back: bool, since_us: int, at_us: int, machine: str) -> Alert:
    fields = {"is_back": is_back, "machine": machine, "since": iso(since_us)}
    return Alert(kind=Kind.STORE, text=text, at_us=at_us, fields=fields)


def _length(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
