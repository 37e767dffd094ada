"""What was seen in the ledger of a part, while it ran and at its end."""

from dataclasses import dataclass
from pathlib import Path

from tests.chaos.watch import Watch, sums
from tests.chaos.witness import heard


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Money in nano-dollars."""

    over_nano: int = 0
    """The most by which a bucket ever exceeded its amount, over all moments."""
    holding: int = 0
    """Buckets that hold something at the end."""
    apart: int = 0
    """Looks at which a bucket was not the sum of its calls' rows."""
    looks: int = 0


def evidence(ledger: Path, watch: Watch) -> Evidence:
    """Once all is over. Raises AssertionError if the witness saw nothing: it was not there."""
    seen = heard(ledger)
    at_last = sums(ledger)
    assert seen.moments or not at_last, "the witness was not heard by whoever wrote"
    return Evidence(
        over_nano=seen.over_nano,
        holding=sum(each.held != 0 for each in at_last),
        apart=watch.apart,
        looks=watch.looks,
    )
