"""A fleet's ledger, for those who read: its log, drained into a file of this machine's, and its buckets."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tollway import clock
from tollway.budget.bucket import Bucket
from tollway.ledger.books import SqliteBooks
from tollway.ledger.fleet import saying_once
from tollway.ledger.fleet.collecting import collect
from tollway.ledger.fleet.journal import collected_path
from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import READ_SECONDS, Server, where
from tollway.ledger.fleet.standing import standing, standing_of
from tollway.ledger.following import SqliteFollower
from tollway.ledger.owned import SqlitePages
from tollway.ledger.pages import Owned, Reason
from tollway.ledger.store import EARLIEST_US, Beginning, BucketRow, Course, Told
from tollway.model import CallRecord


class Fleet:
    """What readers ask of Redis."""

    def __init__(self, url: str) -> None:
        """Raises LedgerError."""
        self._url = url
        self.path = collected_path(where(url))
        self.drain()

    def drain(self) -> None:
        """Read what is new in the log into the file. Raises LedgerError."""
        collect(self._url, self.path, clock.now_us())

    def standing(self, now_us: int) -> list[BucketRow]:
        """As `Books.buckets`."""
        with closing(self._server()) as server:
            return standing(server, self._names(), now_us)

    def standing_of(self, buckets: Sequence[Bucket]) -> tuple[BucketRow | None, ...]:
        """As `Pages.standing`."""
        with closing(self._server()) as server:
            return standing_of(server, self._names(), buckets)

    def told(self, since_us: int) -> list[Told]:
        """As `Books.told`."""
        with closing(self._server()) as server:
            return saying_once.told(server, self._names(), since_us)

    def _server(self) -> Server:
        return Server(where(self._url), READ_SECONDS)

    def _names(self) -> Names:
        return Names(where(self._url).organisation)


class FleetBooks(SqliteBooks):
    """`Books`, as of when it was opened."""

    def __init__(self, url: str) -> None:
        """Raises LedgerError."""
        self._fleet = Fleet(url)
        super().__init__(self._fleet.path)

    def buckets(self, now_us: int) -> list[BucketRow]:
        """As `Books.buckets`."""
        return self._fleet.standing(now_us)

    def told(self, since_us: int = EARLIEST_US) -> list[Told]:
        """As `Books.told`."""
        return self._fleet.told(since_us)


class FleetFollower(SqliteFollower):
    """`Follower`: each look drains the log."""

    def __init__(self, url: str) -> None:
        """Raises LedgerError."""
        self._fleet = Fleet(url)
        super().__init__(self._fleet.path)

    def begin(self, courses: Sequence[Course], latest: int) -> Beginning:
        """As `Follower.begin`."""
        self._fleet.drain()
        return super().begin(courses, latest)

    def news(self, most: int) -> tuple[CallRecord, ...]:
        """As `Follower.news`: of calls that ended; those in flight are in journals."""
        self._fleet.drain()
        return super().news(most)

    def buckets(self, now_us: int) -> list[BucketRow]:
        """As `Books.buckets`."""
        return self._fleet.standing(now_us)


class FleetPages(SqlitePages):
    """`Pages`: each question drains the log."""

    def __init__(self, url: str) -> None:
        """Raises LedgerError."""
        self._fleet = Fleet(url)
        self._url = url
        super().__init__(self._fleet.path)

    @property
    def follower(self) -> SqliteFollower:
        """As `Pages.follower`."""
        self._follower = self._follower or FleetFollower(self._url)
        return self._follower

    def owned(self, owner: str, course: Course, latest: int) -> Owned:
        """As `Pages.owned`."""
        self._fleet.drain()
        return super().owned(owner, course, latest)

    def reasons(self, since_us: int) -> tuple[Reason, ...]:
        """As `Pages.reasons`."""
        self._fleet.drain()
        return super().reasons(since_us)

    def standing(self, buckets: Sequence[Bucket], now_us: int) -> tuple[BucketRow | None, ...]:
        """As `Pages.standing`."""
        return self._fleet.standing_of(buckets)


def path_of_collected(url: str) -> Path:
    """The file that this machine drains a fleet's log into. Raises LedgerError."""
    return collected_path(where(url))
