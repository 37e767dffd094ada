"""What a report may group calls by."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

COLUMNS = tuple(
    """user team role service identity network program credential account client session
    provider host operation model
    model_asked model_served tier billing cost_source status error state cache""".split()
)
"""Attributes that are columns of a call."""

PERIODS = ("hour", "day", "week", "month")
"""Attributes that are periods of the calendar, from the finest on."""

Where = Sequence[tuple[str, str | None]]
"""Attributes that are no periods, and the value that each is to have; None: it has none."""

_TAG = re.compile(r"tag\.[a-z0-9_.-]{1,32}")
_CLAIM = re.compile(r"claim\.[a-z][a-z0-9_]{0,31}")


def check(name: str) -> str:
    """The attribute's name itself. Raises ValueError if there is none of that name."""
    if name in COLUMNS or name in PERIODS or _TAG.fullmatch(name) or _CLAIM.fullmatch(name):
        return name
    near = get_close_matches(name, (*COLUMNS, *PERIODS), n=1)
    hint = (
        f"did you mean {near[0]}?"
        if near
        else f"there are {', '.join((*PERIODS, *COLUMNS))}, tag.KEY and claim.NAME"
    )
    raise ValueError(f"nothing is called {name!r}: {hint}")


def expression(name: str) -> str:
    """An attribute that is no period, as an SQL expression over `calls`."""
    if name in COLUMNS:
        return name
    if _TAG.fullmatch(name):  # of characters that need no escaping in SQL or in a JSON path
        return f"""json_extract(tags, '$."{name.removeprefix("tag.")}"')"""
    if _CLAIM.fullmatch(name):
        return f"""json_extract(claims, '$."{name.removeprefix("claim.")}"')"""
    raise ValueError(f"{name!r} is no attribute of a call")


def only(where: Where) -> str:
    """What SQL puts behind other conditions so that only calls of these values count, each one a parameter;
    None: calls that have none."""
    return "".join(f" AND {expression(name)} IS ?" for name, _ in where)
