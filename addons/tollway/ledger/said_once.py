"""What all processes of a ledger are to know of at once, and to say once."""

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from tollway.budget.bucket import Bucket

if TYPE_CHECKING:  # a report has no use for it, and it takes 40 ms to import
    import asyncio


class Quarantined(Struct, frozen=True, kw_only=True):
    """Calls of one kind once cost more than their bound: hard limits refuse them until it is accepted."""

    alert: str
    """The id of the alert: what an operator accepts."""
    provider: str
    model: str | None
    shape: str


class Told(Struct, frozen=True, kw_only=True):
    """An alert that was told."""

    name: str
    """What it is known by: its kind comes first, up to a blank."""
    at_us: int
    text: str

    @property
    def kind(self) -> str:
        """What happened: as of `alerts.alert.Kind`."""
        return self.name.partition(" ")[0]


class Incidents(Protocol):
    """What all processes of a ledger are to know of at once, and to say once."""

    def quarantine(self, found: Quarantined, at_us: int) -> "asyncio.Future[bool]":
        """Remember it. True for the first who says it, over all processes; an alert's id that is known
        changes nothing."""

    def quarantined(self) -> "asyncio.Future[tuple[Quarantined, ...]]":
        """All that were ever found, accepted ones among them, in the order they were found in."""

    def first_alert(self, bucket: Bucket, level: int, at_us: int) -> "asyncio.Future[bool]":
        """True for the first who asks, over all processes: once in a calendar's window, and for a rolling
        one once in a window's length.

        `level`: a percentage, or `store.REFUSAL`. A bucket that no call was ever held in is made: the first
        may be refused. False for one of a limit that is not kept.
        """

    def first_told(
        self, name: str, at_us: int, again_after_us: int | None = None, text: str = ""
    ) -> "asyncio.Future[bool]":
        """True for the first who asks, over all processes and their restarts: once for a name, and again for
        who asks when so long has passed since; None: never again.

        `text`: what is told, for `Books.told`; "" is not shown there.
        """
