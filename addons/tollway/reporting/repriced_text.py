"""The bill at other prices as plain text and as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from tollway.ledger.store import Group
from tollway.reporting.figures import decimals, fixed, printable
from tollway.reporting.reprice import Comparison, Repriced, amounts
from tollway.reporting.sheet import cell

_GAP = "  "
_MONEY = ("cost_usd", "repriced_usd", "difference_usd")
_NOTIONAL = ("notional_usd", "repriced_notional_usd")


def as_text(comparison: Comparison) -> str:
    """A row a line, old, new and difference, and the total; below, what was not priced again."""
    rows = [*comparison.rows] if comparison.by else []
    rows.append((_total(comparison.by), comparison.total))
    names = (*_MONEY, *(_NOTIONAL if _any_notional(comparison.total) else ()))
    table = [[*comparison.by, "calls", *names], *_lines(rows, names)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    left = len(comparison.by)
    lines = [
        _GAP.join(
            text.ljust(width) if place < left else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in table
    ]
    return "\n".join([*lines, *_notes(comparison)])


def _total(by: Sequence[str]) -> Group:
    return ("total", *(None for _ in by[1:])) if by else ()


def _lines(rows: Sequence[tuple[Group, Repriced]], names: Sequence[str]) -> Iterator[list[str]]:
    money = [[_nano(sums, name) for name in names] for _, sums in rows]
    places = decimals(abs(nano) for line in money for nano in line)
    for (group, sums), line in zip(rows, money, strict=True):
        yield [*map(printable, group), str(sums.calls), *(_signed(nano, places) for nano in line)]


def _nano(sums: Repriced, name: str) -> int:
    if name == "difference_usd":
        return sums.repriced_nano - sums.cost_nano
    nano: int = getattr(sums, name.replace("_usd", "_nano"))
    return nano


def _signed(nano: int, places: int) -> str:
    return f"-{fixed(-nano, places)}" if nano < 0 else fixed(nano, places)


def _any_notional(sums: Repriced) -> bool:
    return bool(sums.notional_nano or sums.repriced_notional_nano)


def _notes(comparison: Comparison) -> Iterable[str]:
    total = comparison.total
    yield f"prices: {comparison.prices}"
    if total.cost_nano:
        difference = total.repriced_nano - total.cost_nano
        tenths = (abs(difference) * 2000 + total.cost_nano) // (2 * total.cost_nano)
        yield f"difference: {'-' if difference < 0 else '+'}{tenths // 10}.{tenths % 10} %"
    if total.kept:
        why = "billed by the provider, without usage, of several models, or merged"
        yield f"calls kept as charged: {total.kept} ({why})"


def as_csv(comparison: Comparison) -> str:
    """A header, then a row a line, no total."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow([*comparison.by, *amounts(Repriced())])
    for group, sums in comparison.rows:
        sheet.writerow([*map(cell, group), *amounts(sums).values()])
    return text.getvalue()
