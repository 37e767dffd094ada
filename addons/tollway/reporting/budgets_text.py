"""Budgets as plain text, for pipes and files: a bucket a line, words in columns, figures in full."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from tollway.budget.amounts import Unit
from tollway.money import usd
from tollway.reporting import periods
from tollway.reporting.budgets import Budgets, Standing, stranded
from tollway.reporting.figures import ABSENT, printable

NAMES = (
    "limit", "bucket", "until", "enforce", "unit", "amount", "settled", "held", "left", "per_hour",
    "exhausted_at",
)  # fmt: skip
FIGURES = frozenset({"amount", "settled", "held", "left", "per_hour"})
LOST = "{} of a process that died: charged at {}, its bound; if it cost nothing, tollway budgets --release {}"
OPEN = "{} of a process that died: holds {}, its bound; if it cost nothing, tollway budgets --release {}"
FLAT = "{} met only calls under a flat plan, which cost no money: `notional: true` counts them at list price"


def as_text(budgets: Budgets) -> str:
    """Columns two spaces apart: the headings, then the buckets; then what needs a word."""
    rows = [list(NAMES), *(_cells(standing, budgets.zone) for standing in budgets.standings)]
    columns = [_padded(name, cells) for name, cells in zip(NAMES, zip(*rows, strict=True), strict=True)]
    lines = ["  ".join(line).rstrip() for line in zip(*columns, strict=True)]
    return "\n".join([*lines, *(["", *said] if (said := notes(budgets)) else [])])


def notes(budgets: Budgets) -> list[str]:
    """What figures do not say: holds that nobody will settle, and limits that count nothing."""
    said = [FLAT.format(printable(limit)) for limit in budgets.flat]
    for held in stranded(budgets.holds):
        bound = "an unknown amount" if held.call.bound is None else f"{usd(held.call.bound.nano)} USD"
        what = LOST if held.call.state == "lost" else OPEN
        said.append(what.format(printable(held.call.model), bound, held.call.id))
    return said


def values(bucket: Mapping[str, str | None]) -> str:
    """Whose bucket it is: team=ml, user=ann."""
    return ", ".join(f"{name}={printable(value)}" for name, value in bucket.items()) or ABSENT


def when(us: int | None, zone: ZoneInfo) -> str:
    """A moment to the minute, in the zone."""
    return ABSENT if us is None else f"{periods.local(us, zone):%Y-%m-%dT%H:%M}"


def figure(amount: int, unit: Unit) -> str:
    """An amount in full."""
    return usd(amount) if unit is Unit.USD else str(amount)


def _cells(standing: Standing, zone: ZoneInfo) -> list[str]:
    row = standing.row
    amounts = (row.amount, row.settled, row.held, standing.left, standing.per_hour)
    return [
        printable(row.bucket.limit),
        values(row.bucket.values).replace(", ", ","),
        when(standing.until_us, zone),
        row.enforce.value,
        row.bucket.unit.value,
        *(figure(amount, row.bucket.unit) for amount in amounts),
        when(standing.exhausted_us, zone),
    ]


def _padded(name: str, cells: tuple[str, ...]) -> list[str]:
    width = max(map(len, cells))
    return [cell.rjust(width) if name in FIGURES else cell.ljust(width) for cell in cells]
