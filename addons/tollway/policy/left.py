"""Shares of a budget as conditions name them: `budget.left: under 20%`."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from tollway.budget.left import Left
from tollway.policy.action import NAME

PREFIX = "budget"
"""How keys begin that are about it; no attribute does."""
KEY = "budget.left"
TIGHTEST = ""
"""In the place of a limit's name, which is never empty."""
PATTERN = r"^budget\.left(\.[A-Za-z0-9][A-Za-z0-9_.-]{0,63})?$"
_SHARE = re.compile(r"(over|under) ([1-9][0-9]?)%")

Share = tuple[bool, int]
"""Whether it is over so many percent of the amount, or under."""


def _limit(key: str) -> str:
    name = key.removeprefix(f"{KEY}.")
    if key == KEY:
        return TIGHTEST
    if name == key or not re.fullmatch(NAME, name):
        raise ValueError(f"write {KEY}, or {KEY}.LIMIT, not {key[:80]!r}")
    return name


def _share(value: Any) -> Share:
    found = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("write what is left as under 20%, or over 50%, of 1% to 99%")
    return found[1] == "over", int(found[2])


LeftText = dict[
    Annotated[str, AfterValidator(_limit)],
    Annotated[Any, BeforeValidator(_share), WithJsonSchema({"type": "string"})],
]
"""By limit, or TIGHTEST. Each must be met."""


def key_of(limit: str) -> str:
    """As a policy writes it."""
    return f"{KEY}.{limit}" if limit else KEY


def is_met(limit: str, share: Share, left: Left) -> bool:
    """Whether so much is left."""
    is_over, percent = share
    has = left.of(limit or None) * 100
    return has > percent if is_over else has < percent


def written(share: Share) -> str:
    """As a policy says it."""
    return f"{'over' if share[0] else 'under'} {share[1]}%"
