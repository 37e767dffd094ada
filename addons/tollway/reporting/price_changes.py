"""What a price list changes, for people and for programs."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tollway.prices.amounts import UNITS
from tollway.prices.compare import Difference
from tollway.prices.tables import STANDARD
from tollway.reporting.figures import printable
from tollway.reporting.price_card import usd

_TENTH = Decimal("0.1")


def as_json(differences: Sequence[Difference], unmatched: Sequence[int]) -> dict[str, Any]:
    """`{differences: [{provider, model, tier, on, key, unit, above, old_usd, new_usd, percent}], unmatched}`.

    `old_usd` is null where nobody knew the price, `percent` where there was none; `unmatched` has the places
    of entries that no model known here is about.
    """
    return {
        "differences": [
            {
                "provider": it.provider, "model": it.model, "tier": it.tier, "on": it.on.isoformat(),
                "key": it.key, "unit": UNITS[it.key].says, "above": it.above,
                "old_usd": None if it.old is None else usd(it.old), "new_usd": usd(it.new),
                "percent": None if it.percent is None else str(_rounded(it.percent)),
            }
            for it in differences
        ],
        "unmatched": list(unmatched),
    }  # fmt: skip


def as_text(differences: Sequence[Difference], unmatched: Sequence[int]) -> str:
    """A block for each model, a line for each price, old and new; then what matches nothing."""
    lines: list[str] = []
    heading = ""
    for it in differences:
        where = "" if not it.provider else f" at {printable(it.provider)}"
        tier = "" if it.tier == STANDARD else f", {printable(it.tier)}"
        this = f"{printable(it.model)}{where}{tier}, {it.on}"
        if this != heading:
            lines, heading = [*lines, this], this
        lines.append(_line(it))
    if not differences:
        lines.append("no price differs from what is built in")
    return "\n".join([*lines, *(f"prices[{n}]: no model that is known here matches it" for n in unmatched)])


def _line(it: Difference) -> str:
    step = f" >{it.above:,}" if it.above else ""
    old = "new" if it.old is None else usd(it.old, 2)
    percent = "" if it.percent is None else f"  {_rounded(it.percent):+f} %"
    return f"  {it.key + step:24} {old:>12} -> {usd(it.new, 2):>12}  per {UNITS[it.key].says}{percent}"


def _rounded(percent: Decimal) -> Decimal:
    return percent.quantize(_TENTH, ROUND_HALF_UP)
