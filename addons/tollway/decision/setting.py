"""What is said of a call's circumstances, as `NAME=VALUE`: `budget.left=0.10`, `time=23:00`."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from tollway.policy.left import KEY, TIGHTEST
from tollway.policy.when import DAYS

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_SHARE = re.compile(r"(0(?:\.\d{1,9})?|1(?:\.0{1,9})?)|(100|[1-9]?\d)%")
_SIZE = re.compile(r"\d{1,12}")
_BOOLS = {"true": True, "false": False}

_GIVEN = ("size", "stream", "tools", "images")
"""Those that are what they say."""

Setting = tuple[str, Any]
"""A name, and its value as it is meant."""


def _time(text: str) -> time:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"write a time of day as 23:00, not {text!r}")
    return time(int(found[1]), int(found[2]))


def _day(text: str) -> int:
    if text not in DAYS:
        raise ValueError(f"write a day as {', '.join(DAYS)}, not {text!r}")
    return DAYS.index(text)


def _size(text: str) -> int:
    if not _SIZE.fullmatch(text):
        raise ValueError(f"write a size in bytes, as 120000, not {text!r}")
    return int(text)


def _bool(text: str) -> bool:
    if text not in _BOOLS:
        raise ValueError(f"write true or false, not {text!r}")
    return _BOOLS[text]


def _share(text: str) -> Fraction:
    found = _SHARE.fullmatch(text)
    if found is None:
        raise ValueError(f"write what is left as 0.10 or 10%, of nothing to all, not {text!r}")
    return Fraction(found[1]) if found[1] else Fraction(int(found[2]), 100)


_NAMES: Mapping[str, Callable[[str], Any]] = {
    "time": _time,
    "day": _day,
    "size": _size,
    "stream": _bool,
    "tools": _bool,
    "images": _bool,
    KEY: _share,
}


def parse(text: str) -> Setting:
    """The setting that a text says. Raises ValueError."""
    name, equals, value = text.partition("=")
    if not equals or not value:
        raise ValueError(f"{text!r} is not NAME=VALUE")
    read = _share if name.startswith(f"{KEY}.") and name != f"{KEY}." else _NAMES.get(name)
    if read is None:
        near = get_close_matches(name, _NAMES, n=1)
        there = f"did you mean {near[0]}?" if near else f"there are {', '.join(_NAMES)} and {KEY}.LIMIT"
        raise ValueError(f"nothing that can be set is called {name!r}: {there}")
    try:
        return name, read(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def limit_of(name: str) -> str | None:
    """The limit that a setting is about, or TIGHTEST; None: it is about none."""
    if name == KEY:
        return TIGHTEST
    return name.removeprefix(f"{KEY}.") if name.startswith(f"{KEY}.") else None


def known(settings: Iterable[Setting], now: datetime) -> dict[str, Any]:
    """What they say of a `decision.call.Call`; of two of a name the last one holds. `now`: in the policy's
    time zone, for what is not said of the moment."""
    said = dict(settings)
    shares = {limit: said[name] for name in said if (limit := limit_of(name)) is not None}
    given: dict[str, Any] = {name: said[name] for name in _GIVEN if name in said}
    at = datetime.combine(now.date(), said.get("time", now.time()), now.tzinfo)
    days = (said.get("day", at.weekday()) - at.weekday()) % len(DAYS)
    return {"shares": shares, "at": at + timedelta(days=days), **given}
