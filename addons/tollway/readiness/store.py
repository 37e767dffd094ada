"""The store: whether what calls hold can be written, and asked for."""

from tollway.readiness.check import Check, fail, ok, warn
from tollway.readiness.condition import Condition

NAME = "store"
PASSING = "calls pass all the same (`store_down`)"
EVICTS = (
    "Redis deletes what limits count on where its memory ends (maxmemory-policy %s): set noeviction, or "
    "limits may not hold"
)
SECOND_US = 1_000_000


def judge(found: Condition | str, refuses_unwritten: bool, refuses_unheld: bool) -> Check:
    """`found`: a text says why its file can't be written to. `refuses_unwritten`, `refuses_unheld`: whether
    calls are refused that can't be written down, and for which Redis can't be asked."""
    if isinstance(found, str):
        return _bad(found, refuses_unwritten)
    if found.away is not None:
        return _bad(found.away, refuses_unheld)
    if found.closed_us:
        return _bad(_closed(found), refuses_unheld)
    if found.evicts is not None:
        return warn(NAME, EVICTS % found.evicts)
    return ok(NAME, "Redis answers, and the journal can be written" if found.is_shared else "can be written")


def _bad(reason: str, refuses: bool) -> Check:
    return fail(NAME, reason) if refuses else warn(NAME, f"{reason}; {PASSING}")


def _closed(found: Condition) -> str:
    said = "hard limits are closed, since Redis lost data or was started anew, "
    seconds = -(-found.closed_us // SECOND_US)
    if not found.waiting:
        return f"{said}for {seconds} s more"
    who = "1 process has" if found.waiting == 1 else f"{found.waiting} processes have"
    return f"{said}until {who} told what was spent, or for {seconds} s"
