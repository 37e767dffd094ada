"""A part of a statement as every form shows it: a heading, columns, what needs a word."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from tollway.ledger.sums import Sums
from tollway.reporting.columns import Column, Kind, grouped
from tollway.reporting.percent import percent
from tollway.statement.statement import Line


@dataclass(frozen=True, slots=True)
class Section:
    """One of them."""

    title: str
    columns: tuple[Column, ...]
    caption: str
    """What the rows are."""
    none: str
    """What is said where there are no rows."""
    notes: tuple[str, ...] = ()
    totals: bool = True
    """The columns have totals that mean anything."""
    shares: str | None = None
    """The column whose values are drawn as bars beside each other."""
    course: bool = False
    """That column is drawn as what happened one day after the other."""
    brief: bool = False
    """It is in a message, too."""

    @property
    def is_empty(self) -> bool:
        """Whether it has no rows."""
        return not self.columns[0].values

    def column(self, name: str) -> Column:
        """The column of a name."""
        return next(column for column in self.columns if column.name == name)


def of_lines(names: Sequence[str], lines: Sequence[Line], most: int, compares: bool) -> tuple[Column, ...]:
    """Lines as columns: what they are of, calls, cost; `compares`: with the month before. Beyond so many, the
    rest is one row, so that the rows add up to the total."""
    total = summed(lines)
    shown = _cut(lines, most, len(names))

    def column(name: str, kind: Kind, of: Callable[[Line], int | str | None]) -> Column:
        return Column(name, kind, tuple(of(line) for line in shown), of(total))

    before = [
        column("before_usd", Kind.MONEY, lambda line: line.before_nano),
        column("difference_usd", Kind.CHANGE, lambda line: line.sums.cost_nano - line.before_nano),
        column("percent", Kind.PERCENT, _percent),
    ]
    notional = column("notional_usd", Kind.MONEY, lambda line: line.sums.notional_nano)
    return (
        *_named(grouped(names, [line.names for line in shown])),
        column("calls", Kind.COUNT, lambda line: line.sums.calls),
        column("cost_usd", Kind.MONEY, lambda line: line.sums.cost_nano),
        *(before if compares else ()),
        *([notional] if notional.total else ()),
    )


def _named(columns: Sequence[Column]) -> list[Column]:
    """The first, and those of the others that say anything."""
    return [column for column in columns if column is columns[0] or any(column.values)]


def _cut(lines: Sequence[Line], most: int, width: int) -> Sequence[Line]:
    if len(lines) <= most:
        return lines
    rest = lines[most - 1 :]
    names = (f"{len(rest):,} others", *[None] * (width - 1))
    return [*lines[: most - 1], replace(summed(rest), names=names)]


def summed(lines: Iterable[Line]) -> Line:
    """All of them as one, of no name."""
    sums, before = Sums(), 0
    for line in lines:
        sums.add(line.sums)
        before += line.before_nano
    return Line((), sums, before)


def _percent(line: Line) -> str | None:
    found = percent(line.sums.cost_nano, line.before_nano)
    return None if found is None else str(found)
