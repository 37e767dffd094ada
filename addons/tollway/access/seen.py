"""A call as rules see it: its attributes, and for each model that it may run what is known of that."""

from collections.abc import Iterator, Mapping
from enum import Enum

from msgspec import Struct

from tollway.access.named import Named
from tollway.access.spelling import Spelled, nameless, spelled
from tollway.budget.attributes import UNKNOWN_GROUPS, Value


class Unread(Enum):
    """What stands for a value that nobody has read."""

    UNKNOWN = "unknown"
    """It counts against the caller: a deny rule's condition on it is met, an allow rule's is not."""
    WAIVED = "waived"
    """It is nobody's concern: a deny rule's condition on it is not met, an allow rule's is."""


type Model = Spelled | Unread | None
"""None: the call has none."""


class Seen(Struct, frozen=True):
    """A call, with one of the models that it may run."""

    attributes: Mapping[str, Value]
    model: Model = None
    operation: Unread | None = None
    """None: it is known, and among the attributes."""

    @property
    def groups_unknown(self) -> bool:
        """Whether the caller is in more groups than its token can say."""
        return self.attributes.get("group") == UNKNOWN_GROUPS


def views(attributes: Mapping[str, Value], named: Named, waived: bool = False) -> Iterator[tuple[Seen, str]]:
    """The call with each of its models in turn, and what that is called: all of them must be admitted.

    `waived`: what nothing reads passes, as the policy's `faults` say.
    """
    unread = Unread.WAIVED if waived else Unread.UNKNOWN
    operation = None if named.tells_operation else unread
    for name in named.models:
        yield Seen(attributes, spelled(name), operation), name
    for name in named.opaque:
        yield Seen(attributes, nameless(name), operation), name
    if named.runs_none:
        yield Seen(attributes, Unread.WAIVED, operation), ""
    elif named.unknown is not None:
        yield Seen(attributes, unread, operation), ""
    elif not (named.models or named.opaque):
        yield Seen(attributes, None, operation), ""
