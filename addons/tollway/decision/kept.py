"""Which texts of a call the policy keeps, once it is where it goes."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from tollway.budget.attributes import Value
from tollway.policy import length
from tollway.policy.document import Way
from tollway.policy.recording import recording
from tollway.policy.schema import Policy


class KeptSeen(Struct, frozen=True, kw_only=True):
    """What an entry of `record` keeps of it."""

    by: str
    line: int
    texts: str
    """`both`, `request` or `response`."""
    keep: str


def kept(policy: Policy, known: Mapping[str, Value], lines: Callable[[Way], int]) -> KeptSeen | None:
    """By the first entry that matches; None: nothing is kept of it. `lines`: where a value begins."""
    rules = recording(policy)
    place = rules.place(known) if rules is not None else None
    if place is None:
        return None
    entry = policy.record[place]
    return KeptSeen(
        by=entry.name or f"record[{place}]",
        line=lines(("record", place)),
        texts=entry.in_,
        keep=length.written(entry.keep),
    )
