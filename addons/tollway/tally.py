"""What a run cost, call by call, for the line at its end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tollway.model import TO_COME, Billing, CallRecord, Source
from tollway.money import NANO

SHOWN = 4
"""Models that the line names: the dearest."""


@dataclass(slots=True)
class Tally:
    """Sums calls as they end. Amounts are nano-dollars."""

    calls: int = 0
    metered_nano: int = 0
    notional_nano: int = 0
    saved_nano: int = 0
    """What calls would have cost that the cache answered."""
    failed: int = 0
    """Calls without an answer, or answered by an error."""
    estimated: int = 0
    unknown: int = 0
    """Calls that no dialect reads: what they cost is not in the sums."""
    by_model: Counter[str] = field(default_factory=Counter)
    _awaited: dict[str, CallRecord] = field(default_factory=dict)
    """Calls at an estimate, whose usage may still come: by their id."""

    def add(self, record: CallRecord) -> None:
        """Take one more call, or what has become known of one since."""
        if (before := self._awaited.pop(record.id, None)) is not None:
            self._count(before, -1)
        if not TO_COME.isdisjoint(record.cost.flags):
            self._awaited[record.id] = record
        self._count(record, 1)

    def _count(self, record: CallRecord, times: int) -> None:
        """Add it to the sums, or take it out of them (-1)."""
        nano = record.cost.nano * times
        self.calls += times
        self.failed += times * (record.status is None or record.status >= 400)
        self.estimated += times * (record.cost.source is Source.ESTIMATED)
        self.unknown += times * ("unknown_call" in record.cost.flags)
        if record.billing is Billing.METERED:
            self.metered_nano += nano
            self.saved_nano += record.saved_nano * times
        else:
            self.notional_nano += nano
        if record.model and nano:
            self.by_model[record.model] += nano

    def line(self) -> str:
        """One line: what it cost, for how many calls, of which models, and how sure that is."""
        if not self.calls:
            return "no AI calls"
        models = ", ".join(f"{name} {dollars(nano)}" for name, nano in self.by_model.most_common(SHOWN))
        if len(self.by_model) > SHOWN:
            models += f", {len(self.by_model) - SHOWN} more"
        total = f"{dollars(self.metered_nano)} for {self.calls} call{'s' * (self.calls != 1)}"
        return "; ".join([f"{total} ({models})" if models else total, *self._remarks()])

    def _remarks(self) -> Iterator[str]:
        if self.notional_nano:
            yield f"{dollars(self.notional_nano)} more at list price, covered by a subscription"
        if self.saved_nano:
            yield f"{dollars(self.saved_nano)} saved by the cache"
        if self.estimated:
            yield f"{self.estimated} estimated"
        if self.unknown:
            yield f"{self.unknown} of unknown price"
        if self.failed:
            yield f"{self.failed} failed"


def dollars(nano: int) -> str:
    """Dollars for people: cents from a dollar on, four decimals below, two digits of what is less yet."""
    if nano == 0:
        return "$0"
    places = 2 if nano >= NANO else 4
    while places < 9 and nano < 10 ** (10 - places):
        places += 1
    unit = 10 ** (9 - places)
    whole, fraction = divmod((nano + unit // 2) // unit, 10**places)
    return f"${whole:,}.{fraction:0{places}d}"
