"""The accounting of a run: what the provider served and billed, against what the ledger says. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.chaos.calls import NAME, Call
from tests.chaos.evidence import Evidence
from tollway.model import CallRecord

type Request = Mapping[str, Any]
"""As the simulator remembers it (`Running.seen`)."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """The figures of one part of a run; money in nano-dollars."""

    calls: int
    """Made by clients."""
    served: int
    """Requests that reached the provider."""
    refused: int
    """By a limit: rows that name what was done to them, and never left."""
    settled_nano: int
    """Charged in the ledger."""
    real_nano: int
    """What the provider bills, a broken answer as if it had been whole: nobody knows what it wrote."""
    over_nano: int
    """By how much either of these exceeds the amount, or what was settled and held together ever did."""
    lost: int
    """Requests that reached the provider and are in no row, or in one charged less than their bill."""
    twice: int
    """Requests of a call that had reached the provider before: one hold does not bound two bills."""
    held: int
    """Rows that are still open though no process is left, and buckets that hold something."""
    at_bound: int
    """Calls that are charged at their bound, since nobody knows how they ended."""
    wrong: int
    """Calls charged otherwise than billed though they were told to the end, or charged and never sent."""
    apart: int
    """Looks at which a bucket was not the sum of its calls' rows."""
    looks: int

    @property
    def unanswered(self) -> int:
        """Calls that were neither served nor refused by a limit: clients left, or something broke."""
        return self.calls - (self.served - self.twice) - self.refused

    @property
    def good(self) -> bool:
        """Over 0, lost 0, holds left 0, and all that stands behind these."""
        return not any((self.over_nano, self.lost, self.twice, self.held, self.wrong, self.apart))


def account(
    calls: Collection[Call],
    seen: Iterable[Request],
    rows: Iterable[CallRecord],
    amount_nano: int | None = None,
    evidence: Evidence | None = None,
) -> Account:
    """Compare. `amount_nano` None: no limit, so what is not reported is an estimate, and may be too little.

    `evidence`: what was seen in the ledger while it ran.
    """
    by_name = {call.name: call for call in calls}
    seen = list(seen)
    times = Counter(named(one) for one in seen)
    kept = {row.tags.get("n", ""): row for row in rows}
    evidence = evidence or Evidence()
    settled = sum(row.cost.nano for row in kept.values() if row.state != "open")
    disowning = {
        one["connection"]["number"] for one in seen if disowns(by_name.get(named(one)), one["protocol"])
    }
    taken = [one for one in seen if not is_disowned(one, kept.get(named(one)), disowning)]
    real = sum(bill(one, by_name.get(named(one))) for one in taken)
    over = 0 if amount_nano is None else max(settled - amount_nano, real - amount_nano, evidence.over_nano, 0)
    return Account(
        calls=len(by_name),
        served=len(seen),
        refused=sum(refused(row) for name, row in kept.items() if name not in times),
        settled_nano=settled,
        real_nano=real,
        over_nano=over,
        lost=sum(
            is_lost(one, by_name.get(named(one)), kept.get(named(one)), amount_nano is not None)
            for one in taken
        ),
        twice=sum(times.values()) - len(times),
        held=sum(row.state == "open" for row in kept.values()) + evidence.holding,
        at_bound=sum("charged_at_bound" in row.cost.flags for row in kept.values()),
        wrong=_wrong(by_name, seen, taken, kept),
        apart=evidence.apart,
        looks=evidence.looks,
    )


def named(request: Request) -> str:
    """A request's name, as its client gave it; "" if it has none."""
    return next((value for name, value in request["headers"] if name.lower() == NAME), "")


def bill(request: Request, call: Call | None) -> int:
    """What the provider bills at the most for a request; one of nobody's is billed as a plain call."""
    if request["received"] is None:  # cut off on its way: there was nothing to answer
        return 0
    if request["status"] not in (200, None):
        return 0
    return (call or Call("")).real_nano()


def is_disowned(request: Request, row: CallRecord | None, disowning: Collection[int]) -> bool:
    """Whether the provider said that it had not touched the request, and nothing of an answer came.

    `disowning`: connections on which it said so of some streams (GOAWAY); of which, only who reads it knows.
    """
    number = request["connection"]["number"]
    return number in disowning and row is not None and (row.error, row.status) == ("not_taken", None)


def is_lost(request: Request, call: Call | None, row: CallRecord | None, limited: bool) -> bool:
    """Whether a request is not accounted for: in no row, or charged less than it may have cost.

    `limited`: under a hard limit. Without one, what was not reported is estimated.
    """
    if call is None or row is None:
        return True
    billed = bill(request, call)
    least = billed if limited or told(request) else min(billed, 1)
    return row.state != "open" and row.cost.nano < least


def told(request: Request) -> bool:
    """Whether the provider wrote its answer, and so its usage, to the end."""
    return request["status"] == 200 and bool(request["complete"])


def _wrong(
    calls: Mapping[str, Call],
    seen: Sequence[Request],
    taken: Sequence[Request],
    rows: Mapping[str, CallRecord],
) -> int:
    """A row that is lost, with its process, may be charged for nothing: nobody knows."""
    requests = {named(one): one for one in taken}
    disowned = {named(one) for one in seen} - requests.keys()
    broken = {
        one["connection"]["number"] for one in seen if breaks(calls.get(named(one))) or one["client_left"]
    }
    return sum(
        is_wrong(requests.get(name), calls[name], row, broken)
        for name, row in rows.items()
        if name in calls and name not in disowned and row.state == "done"
    )


def breaks(call: Call | None) -> bool:
    """Whether its answer is cut, and with it, on HTTP/2, those of others on the same connection."""
    return call is not None and "cut" in call.sim


def disowns(call: Call | None, protocol: str) -> bool:
    """Whether the provider ends the connection, and says that it has not touched what came after."""
    cut = call.sim.get("cut") if call is not None else None
    return isinstance(cut, Mapping) and cut.get("how") in ("goaway", "goaway_lost") and protocol == "HTTP/2"


def is_wrong(request: Request | None, call: Call, row: CallRecord, broken: Collection[int]) -> bool:
    """Whether a call that a living process settled is charged otherwise than it was billed.

    `broken`: connections to the provider that broke, and took with them what had been written. On those, and
    where a request got lost with one (its client may have left meanwhile), nobody knows, and the bound is
    right.
    """
    at_bound = "charged_at_bound" in row.cost.flags
    if request is None:
        return row.cost.nano != 0 and not (at_bound and row.error in ("cut", "abandoned") and broken)
    if not told(request) or call.sim.get("usage", True) is None:
        return False
    torn = at_bound and request["connection"]["number"] in broken
    return row.cost.nano != call.real_nano() and not torn


def refused(row: CallRecord) -> bool:
    """Whether a limit refused it."""
    return row.action is not None and "block" in row.action
