"""What of a call is charged: each part of its cost with the meter that counts it, and the price of one unit.

A part that one unit explains has that unit's price, where it is whole in thousandths of a nano-dollar. Where
several units share a part, or the price of one does not come out even, the part is priced as one charge:
list cost is list unit price times quantity (FOCUS 1.2, ListCost), and no rounding may break that.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tollway.model import USAGE_FIELDS

STEPS = 1_000
"""Of a nano-dollar: the steps that a unit price has."""
CHARGES = "Charges"
"""The unit of what no single unit explains."""
TOKENS = "Tokens"

PARTS = ("input", "cache_read", "cache_write", "output", "other")
"""The parts of a cost, in the ledger's order."""

_PLACE = {name: place for place, name in enumerate(USAGE_FIELDS)}
_READ, _WRITTEN, _SAID = _PLACE["cache_read_tokens"], _PLACE["cache_write_tokens"], _PLACE["input_tokens"]
_LONG = (_PLACE["cache_write_1h_tokens"], _PLACE["cache_write_12h_tokens"])
_OUT = _PLACE["output_tokens"]
_SINGLE = {
    "input": (("seconds", "Seconds"), ("characters", "Characters"), ("pages", "Pages")),
    "output": (("images", "Images"),),
    "other": (("web_searches", "Searches"), ("tool_calls", "Tool Calls")),
}
_OTHERS = {part: tuple((name, unit, _PLACE[name]) for name, unit in _SINGLE.get(part, ())) for part in PARTS}
_REQUESTS = _PLACE["requests"]


class Line(NamedTuple):
    """A part of a call, as one line of a bill."""

    meter: str
    """What was counted: a part's name for tokens, else the unit's: `seconds`, `web_searches`."""
    unit: str
    """Of `quantity`."""
    quantity: int
    nano: int
    """What it cost, in nano-dollars."""
    list_nano: int
    """What it costs by the list."""
    price: int | None
    """Of a unit, in thousandths of a nano-dollar; None: it is priced as one charge."""
    list_price: int | None
    """By the list; None: as of `price`, and if one is None so is the other."""


def lines(
    used: Sequence[int | None], nano: Sequence[int], list_nano: Sequence[int], calls: int = 1
) -> Iterator[Line]:
    """The lines of a call, or of several that were merged into one: counts in the order of USAGE_FIELDS, cost
    and list cost by PARTS.

    The lines add up to the parts. A part that cost nothing has a line if it has tokens.
    """
    for place, part in enumerate(PARTS):
        cost, listed = nano[place], list_nano[place]
        counted = _counted(part, used)
        if part == "other" and not counted and cost:
            counted = [("requests", "Requests", used[_REQUESTS] or calls)]
        if not cost and not listed and not (counted and counted[0][1] == TOKENS):
            continue
        if len(counted) == 1:
            yield _line(*counted[0], cost, listed)
        else:
            yield Line(part, CHARGES, 1, cost, listed, None, None)


def _line(meter: str, unit: str, quantity: int, cost: int, listed: int) -> Line:
    if cost * STEPS % quantity or listed * STEPS % quantity:
        return Line(meter, unit, quantity, cost, listed, None, None)
    return Line(meter, unit, quantity, cost, listed, cost * STEPS // quantity, listed * STEPS // quantity)


def _counted(part: str, used: Sequence[int | None]) -> list[tuple[str, str, int]]:
    """What of the part's units was used: meter, unit and how many."""
    tokens = _tokens(part, used)
    found = [(part, TOKENS, tokens)] if tokens > 0 else []
    return found + [(name, unit, used[at] or 0) for name, unit, at in _OTHERS[part] if (used[at] or 0) > 0]


def _tokens(part: str, used: Sequence[int | None]) -> int:
    read = used[_READ] or 0
    written = max(used[_WRITTEN] or 0, sum(used[at] or 0 for at in _LONG))
    if part == "input":
        return (used[_SAID] or 0) - read - written
    return {"cache_read": read, "cache_write": written, "output": used[_OUT] or 0}.get(part, 0)
