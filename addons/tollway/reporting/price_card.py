"""What a model costs, for people and for programs."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tollway.prices.amounts import UNITS
from tollway.prices.card import Card, Column, Step, told
from tollway.reporting.figures import printable

MOST_DECIMALS = 9
_GAP = "  "


def usd(amount: Decimal, decimals: int = 0) -> str:
    """An amount without exponent, exact to nine decimals, with at least so many."""
    text = f"{amount.quantize(Decimal(1).scaleb(-MOST_DECIMALS), ROUND_HALF_UP):f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


def as_json(card: Card, version: str) -> dict[str, Any]:
    """`{provider, model, at, known, version, units, columns: [{tier, speed, label, flags, searches_once,
    steps: [{above, usd: {<key>: "2.5"|null}}]}], also, near}`.

    A null means that such units cost what the broader unit does, or that nobody knows what they cost.
    """
    return {
        "provider": card.provider,
        "model": card.model,
        "at": card.at.isoformat(),
        "known": card.known,
        "version": version,
        "units": {key: unit.says for key, unit in UNITS.items()},
        "columns": [_column(column) for column in card.columns],
        "also": list(card.also),
        "near": list(card.near),
    }


def _column(column: Column) -> dict[str, Any]:
    steps = [
        {"above": step.above, "usd": {k: None if v is None else usd(v) for k, v in step.amounts.items()}}
        for step in column.steps
    ]
    return {
        "tier": column.tier, "speed": column.speed, "label": column.label, "flags": list(column.flags),
        "searches_once": column.once, "steps": steps,
    }  # fmt: skip


def as_text(card: Card, version: str) -> str:
    """A row for each unit, a column for each tier and step, and below which entries and rules made them."""
    cells = [(_name(column, step), told(step.amounts)) for column in card.columns for step in column.steps]
    keys = [key for key in UNITS if any(key in amounts for _, amounts in cells)]
    rows = [["", "USD per", *(name for name, _ in cells)]]
    for key in keys:
        each = (usd(amounts[key], 2) if key in amounts else "" for _, amounts in cells)
        rows.append([key, UNITS[key].says, *each])
    where = f" at {printable(card.provider)}" if card.provider else ""
    labels = [[_name(column), printable(column.label)] for column in card.columns]
    return "\n".join(
        [
            f"{printable(card.model)}{where}, {card.at:%Y-%m-%d %H:%M} UTC, {version}",
            *_unknown(card),
            "",
            *_aligned(rows, left=2),
            "",
            *_aligned(labels, left=2),
            *_notes(card),
        ]
    )


def _name(column: Column, step: Step | None = None) -> str:
    name = column.speed or column.tier
    return f"{name} >{step.above:,}" if step is not None and step.above else name


def _unknown(card: Card) -> list[str]:
    if card.known:
        return []
    near = f"; did you mean {', '.join(card.near)}?" if card.near else ""
    return [f"No list knows it{near}", "It would be charged at the dearest known rates:"]


def _notes(card: Card) -> list[str]:
    notes = []
    if any(column.once for column in card.columns):
        notes.append("web searches are billed once per request, however many there were")
    flags = dict.fromkeys(flag for column in card.columns for flag in column.flags)
    if flags:
        notes.append(f"flags: {', '.join(flags)}")
    if card.also:
        notes.append(f"also at {', '.join(card.also)}")
    return ["", *notes] if notes else []


def _aligned(rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Rows in columns: the first ones to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = (
        (cell.ljust(width) if i < left else cell.rjust(width))
        for row in rows
        for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return [_GAP.join(line).rstrip() for line in zip(*[padded] * len(widths), strict=True)]
