"""The accounting of a run: what the provider served and billed, against what the ledger says. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.chaos.calls import NAME, Call
from tollway.model import CallRecord


@dataclass(frozen=True, kw_only=True)
class Account:
    """The figures of one part of a run; money in nano-dollars."""

    calls: int
    """Made by clients."""
    served: int
    """That reached the provider."""
    refused: int
    """By a limit: rows that name what was done to them, and never left."""
    settled_nano: int
    """Charged in the ledger."""
    real_nano: int
    """What the provider billed for answers that it wrote to their end."""
    over_nano: int
    """By how much either of these, or what was ever settled and held together, exceeds the amount."""
    lost: int
    """Calls that reached the provider and are in no row, or in one that is charged nothing."""
    held: int
    """Rows that are still open though no process is left."""
    at_bound: int
    """Calls that are charged at their bound, since nobody knows how they ended."""

    @property
    def good(self) -> bool:
        """Over 0, lost 0, holds left 0."""
        return not (self.over_nano or self.lost or self.held)


def account(
    calls: Collection[Call],
    seen: Iterable[Mapping[str, Any]],
    rows: Iterable[CallRecord],
    amount_nano: int | None = None,
    peak_nano: int = 0,
) -> Account:
    """Compare. `seen`: the simulator's requests, as `Running.seen` has them; `amount_nano` None: no limit.

    `peak_nano`: the most that was seen to be settled and held together.
    """
    by_name = {call.name: call for call in calls}
    reached = {name: one for one in seen if (name := named(one)) in by_name}
    kept = {row.tags.get("n", ""): row for row in rows}
    real = sum(by_name[name].real_nano() for name, one in reached.items() if billed(one))
    settled = sum(row.cost.nano for row in kept.values() if row.state != "open")
    over = 0 if amount_nano is None else max(max(settled, real, peak_nano) - amount_nano, 0)
    return Account(
        calls=len(by_name),
        served=len(reached),
        refused=sum(refused(row) for name, row in kept.items() if name not in reached),
        settled_nano=settled,
        real_nano=real,
        over_nano=over,
        lost=sum(is_lost(one, kept.get(name)) for name, one in reached.items()),
        held=sum(row.state == "open" for row in kept.values()),
        at_bound=sum("charged_at_bound" in row.cost.flags for row in kept.values()),
    )


def named(request: Mapping[str, Any]) -> str:
    """A request's name, as its client gave it; "" if it has none."""
    return next((value for name, value in request["headers"] if name.lower() == NAME), "")


def billed(request: Mapping[str, Any]) -> bool:
    """Whether the provider served it in full."""
    return request["status"] == 200 and bool(request["complete"])


def is_lost(request: Mapping[str, Any], row: CallRecord | None) -> bool:
    """Whether a call that reached the provider is not accounted for.

    One that was answered, if only in part, costs something, unless the provider disowned it (GOAWAY).
    """
    if row is None:
        return True
    answered = request["status"] == 200 and request["events_written"] > 0
    return answered and row.state != "open" and row.cost.nano == 0 and row.error != "not_taken"


def refused(row: CallRecord) -> bool:
    """Whether a limit refused it."""
    return row.action is not None and "block" in row.action
