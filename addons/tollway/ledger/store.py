"""What a ledger does, whatever keeps it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance, Bucket, Enforce, Want
from tollway.budget.terms import Terms as Terms
from tollway.identity.virtual_key import VirtualKey
from tollway.ledger.attributes import Where
from tollway.ledger.said_once import Incidents as Incidents
from tollway.ledger.said_once import Quarantined as Quarantined
from tollway.ledger.said_once import Told as Told
from tollway.ledger.sums import Sums
from tollway.model import CallRecord
from tollway.readiness.condition import Condition

if TYPE_CHECKING:  # a report has no use for it, and it takes 40 ms to import
    import asyncio

    from tollway.discovery.sighting import Sighting
    from tollway.ledger.charged import Charged
    from tollway.plans.seen import Seen

EARLIEST_US, LATEST_US = 0, 7_258_118_400_000_000
"""All that a ledger holds started between these: 1970 and 2200."""

REFUSAL = 0
"""In the place of an alert's level, which is a percentage: that the limit refused a call."""

Group = tuple[str | int | None, ...]
"""A value for each attribute that was asked for; None: the call has none."""


class Reserved(Struct, frozen=True, kw_only=True):
    """The call is admitted, and holds its wants."""

    balances: tuple[Balance, ...]
    """Of each want, in their order, with this hold in it."""


class Refused(Struct, frozen=True, kw_only=True):
    """Nothing was written, and nothing is held."""

    balances: tuple[Balance, ...]
    """Of each want, in their order, as they were found."""
    by: tuple[int, ...]
    """Which of them have no room, as indices; never empty."""

    @property
    def full(self) -> tuple[Balance, ...]:
        """The balances of these."""
        return tuple([self.balances[index] for index in self.by])


class Reached(Struct, frozen=True, kw_only=True):
    """Nothing was written, and nothing is held: buckets have come so far that the call is to go elsewhere,
    whether there is room for it or not."""

    balances: tuple[Balance, ...]
    """Of each want, in their order, as they were found."""
    by: tuple[int, ...]
    """Which of them are not below what the want says (`Want.below`), as indices; never empty."""


class Outdated(Struct, frozen=True):
    """Nothing was written, and nothing is held: the limits that the wants are of are not kept any more."""


class BucketRow(Struct, frozen=True, kw_only=True):
    """A bucket as it stands, for those who look."""

    bucket: Bucket
    amount: int
    enforce: Enforce
    settled: int
    """What is charged to it; of a rolling window as of now."""
    held: int
    started_us: int
    """When the first call came that counts in it."""


class Held(Struct, frozen=True, kw_only=True):
    """A call that holds something, or is charged for what it held since nobody knows how it ended."""

    call: CallRecord
    """Open or lost."""
    alive: bool
    """Whether the process that wrote it lives, or its end comes later, whoever lives."""


class Slot(Struct, frozen=True, kw_only=True):
    """What the calls of a group that started within a slot of time come to."""

    start_us: int
    group: Group
    calls: int
    cost_nano: int
    """Of those whose billing is metered."""
    notional_nano: int
    """Of the others."""


class Course(Struct, frozen=True, kw_only=True):
    """Sums that are asked for: of the calls that started since then, by slots and groups."""

    by: tuple[str, ...]
    """As of `Books.sums`."""
    since_us: int
    slot_us: int
    """The length of slots, which begin at its multiples."""


class Beginning(Struct, frozen=True, kw_only=True):
    """A ledger at the moment from which on it is followed."""

    slots: tuple[tuple[Slot, ...], ...]
    """For each course that was asked for."""
    flying: tuple[CallRecord, ...]
    """The calls in flight, which are in the slots as they are now."""
    latest: tuple[CallRecord, ...]
    """The newest calls, latest first."""


class Raised(Struct, frozen=True, kw_only=True):
    """An alert about a bucket."""

    bucket: Bucket
    level: int
    """A percentage, or REFUSAL."""
    at_us: int


class Rules(Protocol):
    """The limits of a policy, as a store needs them to rebuild buckets from rows."""

    def keys(self) -> Sequence[str]:
        """The key of each limit (`Bucket.key`)."""

    def terms(self, key: str, now_us: int) -> Terms:
        """What the limit says of its buckets."""

    def attributes(self, keys: Collection[str]) -> Collection[str]:
        """The attributes (`budget.attributes`) that these limits go by, in what they match and are kept apart
        by; whether a flat plan covers a call goes without saying."""

    def since_us(self, key: str, now_us: int) -> int:
        """From when on calls count in the limit's current window: calls that started then for a calendar's,
        that ended then for a rolling one."""

    def buckets(self, key: str, call: CallRecord, at_us: int) -> Sequence[Bucket]:
        """The buckets of one limit that a call counts in; none if it does not match, or does not count.

        `at_us`: when the call started, which decides the calendar's window.
        """

    def all_buckets(self, call: CallRecord, at_us: int) -> Sequence[Bucket]:
        """The same of all limits at once, whatever their number: it is asked for every group of rows."""


class Ledger(Protocol):
    """Where a process writes its calls. Belongs to one event loop."""

    def record(self, call: CallRecord, soon: bool = False) -> "asyncio.Future[None]":
        """Write a call, or all that has become known of it since. Done once the row outlives this process.

        `soon`: nobody waits for it, so it may wait some milliseconds to be written with others.

        To be called on the event loop; waits for nothing. The future raises LedgerError if the row could not
        be written. A row's `started_us` is that of its first record.
        """

    def note_plan(self, seen: "Seen") -> "asyncio.Future[None]":
        """Keep what a provider said of a plan, in the place of what was said before; nobody waits for it."""

    def note_tunnels(self, sightings: "Sequence[Sighting]") -> "asyncio.Future[None]":
        """Add what was seen of services that nobody reads to what is kept of their day."""

    def lag_seconds(self) -> float:
        """How long the oldest row or step has been waiting that is not written yet; 0: none is. From any
        thread."""

    def condition(self) -> "asyncio.Future[Condition]":
        """How it is: something is written, as a call's row would be, and a fleet's Redis is asked whether it
        would hold a call.

        The future raises LedgerError where it can't be written to.
        """

    def close(self) -> None:
        """Write what is waiting, then let go. Blocks, so not on an event loop that has calls to serve."""


class Budgets(Ledger, Protocol):
    """A ledger that also keeps what calls hold and have spent, bucket by bucket."""

    def adopt(self, rules: Rules, now_us: int) -> "asyncio.Future[None]":
        """Hold these limits from now on. Buckets that are not up to date are rebuilt from the rows first,
        holds in flight included: those of a new limit, or of one that some process did not keep meanwhile."""

    def reserve(
        self, call: CallRecord, wants: Sequence[Want], now_us: int, under: Rules | None = None
    ) -> "asyncio.Future[Reserved | Reached | Refused | Outdated]":
        """Admit a call by all its buckets at once, or by none: one atomic step, over all processes.

        `under`: the limits that the wants are of, as they were adopted; None: those that are kept, surely.
        Admitted, its open row is written in the same step. Before it is sent back or refused, holds of
        processes that died are charged or released (`reap`). The future raises LedgerError, and then nothing
        is held.
        """

    def look(self, wants: Sequence[Want], now_us: int) -> "asyncio.Future[tuple[Balance, ...]]":
        """How the bucket of each want stands, under the want's terms, at one moment. Holds nothing."""

    def lower(
        self, call_id: str, bound: Amounts | None, closed: bool = False
    ) -> "asyncio.Future[tuple[Balance, ...]]":
        """Lower what a call in flight holds to this bound, in each bucket's unit; never raises a hold. None:
        it stays. `closed`: nothing of it is open any more, so that it is none of the calls at once.

        Of a call that is not in flight, or the second time: nothing happens. The balances of its buckets.
        """

    def settle(self, call: CallRecord, soon: bool = False) -> "asyncio.Future[tuple[Balance, ...]]":
        """As `record`, for a call's end: its holds go, and what it is charged (`charges.charged`) takes
        their place, in one step. Again, with the same row, changes nothing; with another row, that one's
        charges replace the former, also where the hold was charged since its process had died.

        The balances of its buckets; none if it had no holds.
        """

    def extend(self, call_ids: Sequence[str], until_us: int) -> "asyncio.Future[None]":
        """Renew the leases of calls in flight."""

    def reap(self, now_us: int) -> "asyncio.Future[int]":
        """Charge at their bound, or release, the holds of processes that died and of leases that ran out."""


class Awaiting(Protocol):
    """What comes later than the call that asked for it, in any process: ends of batches, and of answers that
    are made in the background; and what is known of files until somebody makes use of them.

    A name is a provider's, and the provider's own id of the thing. It is remembered for two months.
    """

    def wait_for(self, call: CallRecord, name: str, until_us: int) -> "asyncio.Future[tuple[Balance, ...]]":
        """As `record`, for an open call that has been answered: its end comes later, under this name. Until
        then it holds what it holds, though its process may die, and is none of the calls at once. After that
        time it is `lost`, as a dead process's are, and flagged `unsettled`.

        The balances of its buckets; none if it had no holds.
        """

    def awaited(self, name: str) -> "asyncio.Future[CallRecord | None]":
        """The call whose end comes, or came, under this name, as it is now. None: nobody waits for it.

        To end it, settle it: again changes nothing.
        """

    def note(self, name: str, text: str, at_us: int) -> "asyncio.Future[None]":
        """Remember this of a file, or of something of our own, in the place of what was remembered."""

    def noted(self, name: str) -> "asyncio.Future[str | None]":
        """What was remembered of a file; None: nothing."""


class Store(Budgets, Awaiting, Incidents, Protocol):
    """All that a proxy asks of its ledger."""


class Keys(Protocol):
    """The keys that Tollway gave out. What was added or revoked holds at once, in every process."""

    def find(self, digest: bytes) -> VirtualKey | None:
        """The key that is known by this; None: it was not given out. Fast enough for an event loop.

        As all of these, raises LedgerError.
        """

    def all(self) -> Sequence[VirtualKey]:
        """Every key, by when it was made; revoked ones too."""

    def add(self, key: VirtualKey) -> None:
        """Give out a key. It outlives a loss of power."""

    def revoke(self, id: str, at_us: int) -> bool:
        """Take a key back, by its whole id. False: no key that is not revoked is called so."""

    def close(self) -> None:
        """Let go."""


class Books(Protocol):
    """A ledger, for reading: from any thread, but not from an event loop that has calls to serve."""

    def calls(self, since_us: int = EARLIEST_US, until_us: int = LATEST_US) -> Iterator[CallRecord]:
        """The calls that started in [since, until), in the order of their start."""

    def call(self, id: str) -> CallRecord:
        """The call of this id, or the one whose id begins so. Raises LedgerError for none and for several."""

    def sums(
        self,
        by: Sequence[str],
        since_us: int = EARLIEST_US,
        until_us: int = LATEST_US,
        end_of: Callable[[int], int] | None = None,
        where: Where = (),
    ) -> dict[tuple[int, Group], Sums]:
        """The sums over the calls that started in [since, until), by period and by the values of attributes.

        `by`: names of `attributes.COLUMNS`, or `tag.KEY`. `end_of`: a moment -> the end of its period;
        without it all is one period. A period is known by the earliest start of a call in it. `where`: what
        alone counts.
        """

    def charged(
        self, by: Sequence[str], since_us: int = EARLIEST_US, until_us: int = LATEST_US
    ) -> "Iterator[Charged]":
        """What re-pricing needs of the calls that started in [since, until), in the order of their start.

        `by`: as of `sums`.
        """

    def tunnels(self, since: str, until: str) -> "list[Sighting]":
        """What was seen of services that nobody reads on the days in [since, until), which are as 2026-11-30,
        in their order. Of a fleet, all nodes' as they told it last."""

    def told(self, since_us: int = EARLIEST_US) -> "list[Told]":
        """Alerts that were told since then, in their order: all of a month, and what is told but once."""

    def buckets(self, now_us: int) -> list[BucketRow]:
        """The buckets whose window has not ended, by limit, values and start, as one moment had them: of the
        limits that living processes keep, or that the last one kept."""

    def holds(self) -> list[Held]:
        """Calls that hold something, and lost ones that are charged at their bound, by their start."""

    def orphaned(self) -> frozenset[str]:
        """The ids of open calls whose process died: nobody will end them."""

    def close(self) -> None:
        """Let go."""


class Follower(Protocol):
    """A ledger that others write, for one who watches: looks are cheap. From one thread."""

    def begin(self, courses: Sequence[Course], latest: int) -> Beginning:
        """What calls come to, and the latest so many; from here on `news` tells what changes.

        Raises LedgerError, as all of these.
        """

    def news(self, most: int) -> tuple[CallRecord, ...]:
        """Calls that ended or began since the last look, as they are now; of those that began so many at the
        most: the next look has the rest."""

    def buckets(self, now_us: int) -> list[BucketRow]:
        """As `Books.buckets`."""

    def orphaned(self) -> frozenset[str]:
        """As `Books.orphaned`."""

    def alerts(self, since_us: int) -> list[Raised]:
        """What was raised since then, in its order."""

    def plans(self) -> "tuple[Seen, ...]":
        """What providers last said of plans, by provider, account, caller and meter."""

    def close(self) -> None:
        """Let go."""
