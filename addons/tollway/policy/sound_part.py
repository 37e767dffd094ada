"""The sound part of a policy that has mistakes: what its entries say of each other can be checked as well."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tollway.policy.document import Way

_NOBODY = "x" * 56
"""Begins names that nobody gives."""
_STAND_INS: Mapping[str | int, Callable[[object], object]] = {
    "access": lambda at: {"deny": {"user": f"{_NOBODY}{at}"}},
    "record": lambda at: {"match": {"user": f"{_NOBODY}{at}"}},
    "cache": lambda at: {"match": {"user": f"{_NOBODY}{at}"}, "ttl": "1m"},
    "limits": lambda at: {"name": f"{_NOBODY}{at}", "amount": "0 USD", "window": "day"},
    "rates": lambda at: {"name": f"{_NOBODY}r{at}", "allow": "1 at once"},
    "identity": lambda at: {"networks": {f"2001:db8::{at:x}": {"team": "x"}}},
    "routes": lambda at: [{"from": _NOBODY, "to": "openai/same"}],
}
"""By section, what takes the place of a wrong entry: others are known by their place, or refer to it."""


def sound_part(value: Any, wrong: Iterable[Way]) -> dict[str, Any]:
    """The policy without what is wrong. `wrong`: the ways to that.

    Where the operator's providers are wrong, nothing of it names one.
    """
    part = {**value} if isinstance(value, dict) else {}
    ways = [way for way in wrong if way]
    if any(way[0] == "providers" for way in ways):
        routes = part.get("routes")
        names = routes if isinstance(routes, dict) else ()
        ways += [("credentials",), *(("routes", name) for name in names)]
    for section, *rest in ways:
        stand_in = _STAND_INS.get(section)
        if rest and stand_in is not None and part.get(section):
            part[section] = _with(part[section], rest[0], stand_in(rest[0]))
        else:
            part.pop(section, None)
    return {**part, "version": 1}


def _with(entries: Any, at: str | int, stand_in: object) -> Any:
    """The entries with another one in this place."""
    if isinstance(entries, dict):
        return {**entries, at: stand_in}
    return [stand_in if i == at else entry for i, entry in enumerate(entries)]
