"""How a fleet's buckets stand, for those who look."""

from collections.abc import Iterator, Sequence

from tollway.budget.bucket import Bucket
from tollway.ledger.fleet.describing import row_of
from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import Server
from tollway.ledger.store import BucketRow

_FIELDS = ("d", "s", "h", "b")


def standing(server: Server, names: Names, now_us: int) -> list[BucketRow]:
    """The buckets whose window has not ended, by limit, values and start. Raises LedgerError.

    Those of limits that nobody keeps any more are among them until their window is over.
    """
    rows = [row for row in _all(server, names) if row.bucket.end_us is None or row.bucket.end_us > now_us]
    return sorted(rows, key=lambda row: (row.bucket.limit, row.bucket.id))


def standing_of(server: Server, names: Names, buckets: Sequence[Bucket]) -> tuple[BucketRow | None, ...]:
    """How each of these stands, in their order; None: no call counts in it yet. Raises LedgerError."""
    return tuple([_row(server.ask("HMGET", names.bucket(bucket), *_FIELDS)) for bucket in buckets])


def _all(server: Server, names: Names) -> Iterator[BucketRow]:
    for key in server.ask("ZRANGE", names.buckets, 0, -1):
        row = _row(server.ask("HMGET", key, *_FIELDS))
        if row is not None and not row.bucket.is_rate:
            yield row


def _row(found: Sequence[bytes | None]) -> BucketRow | None:
    described, *numbers = found
    return None if described is None else row_of(described, *[int(each or 0) for each in numbers])
