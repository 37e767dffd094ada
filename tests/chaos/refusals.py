"""Whether money was refused that was there, and how much stayed behind. Pure; money in nano-dollars."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.chaos.accounts import refused
from tests.chaos.calls import Call
from tollway.model import CallRecord


@dataclass(frozen=True, kw_only=True)
class Refusals:
    """Of one run under one budget."""

    calls: int
    refused: int
    false: int
    """Left was more than the input's bound and the clamp's floor when the call was refused."""
    stranded_nano: int | None
    """What was not settled once all in flight at the first refusal had settled; None: none refused."""
    need_nano: int | None
    """The need of the call that was refused first: what may be stranded at most."""
    looseness: float | None
    """The median of bound / real cost of the refused calls, the bound being their need."""

    @property
    def good(self) -> bool:
        """At most one call in 200 refused though the money was there, and no more stranded than a need."""
        if self.stranded_nano is None or self.need_nano is None:
            return True
        return 200 * self.false <= self.calls and self.stranded_nano <= self.need_nano


def refusals(
    rows: Sequence[CallRecord],
    calls: Mapping[str, Call],
    amount: int,
    need: Callable[[CallRecord, Call], int],
) -> Refusals:
    """Judge a run by its rows. `need`: the bound of a call's input, plus its clamp's floor."""
    turned_away = sorted((row for row in rows if refused(row)), key=ended)
    needs = {row.id: need(row, calls[row.tags["n"]]) for row in turned_away}
    false = sum(amount - settled_by(rows, ended(row)) > needs[row.id] for row in turned_away)
    ratios = [needs[row.id] / calls[row.tags["n"]].real_nano() for row in turned_away]
    return Refusals(
        calls=len(rows),
        refused=len(turned_away),
        false=false,
        stranded_nano=_stranded(rows, amount, ended(turned_away[0])) if turned_away else None,
        need_nano=needs[turned_away[0].id] if turned_away else None,
        looseness=median(ratios) if ratios else None,
    )


def ended(row: CallRecord) -> int:
    """When a call ended, in microseconds; one that was refused ended when its wait did."""
    return row.started_us if row.ended_us is None else row.ended_us


def settled_by(rows: Sequence[CallRecord], us: int) -> int:
    """What was settled at a moment."""
    return sum(row.cost.nano for row in rows if row.state != "open" and ended(row) <= us)


def _stranded(rows: Sequence[CallRecord], amount: int, first_us: int) -> int:
    in_flight = [ended(row) for row in rows if row.started_us <= first_us <= ended(row)]
    return amount - settled_by(rows, max([first_us, *in_flight]))
