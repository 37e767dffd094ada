"""A synthetic ledger of a year, whose totals are known without looking; and what reports make of a ledger."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tollway.ledger.attributes import COLUMNS, PERIODS
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.sums import Sums
from tollway.model import Billing, CallRecord, Cost, Source, Usage
from tollway.reporting.bill import report

NEW_YEAR_US = 1_767_225_600_000_000
"""2026-01-01, UTC."""
SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US
DAY_US = 24 * HOUR_US
DAYS, EACH_DAY = 365, 12
USERS, MODELS = ("ann", "bob", "cem"), (("anthropic", "claude-sonnet-4-5"), ("openai", "gpt-5"))
BERLIN = ZoneInfo("Europe/Berlin")


def year(days: int = DAYS, each_day: int = EACH_DAY) -> Iterator[CallRecord]:
    """Calls of each day, two an hour from 8:00 UTC on: the n-th costs 1,000 + n nano-dollars of input and as
    many of output as the day's number, and has n tokens in and the day's number out. Of some hours, all are
    notional."""
    for day in range(days):
        for n in range(each_day):
            yield one(day, n)


def one(day: int, n: int, **fields: Any) -> CallRecord:
    """The n-th call of a day."""
    provider, model = MODELS[n // 6 % 2]
    start_us = NEW_YEAR_US + day * DAY_US + (8 + n // 2) * HOUR_US + n % 2 * 60 * SECOND_US
    plain = CallRecord(
        id=f"{start_us:014x}{n:018x}",
        state="done",
        started_us=start_us,
        first_byte_us=start_us + SECOND_US,
        ended_us=start_us + (2 + n) * SECOND_US,
        user=USERS[n // 2 % 3],
        team="research",
        session=f"{day}-{n}",
        provider=provider,
        model=model,
        operation="chat",
        tags={"project": "apollo"} if n < 6 else {},
        usage=Usage(input_tokens=n, output_tokens=day),
        cost=Cost(input_nano=1_000 + n, output_nano=day, source=Source.COMPUTED),
        billing=Billing.NOTIONAL if n // 2 % 4 == 3 else Billing.METERED,
        status=200,
        response_id=f"msg_{day}_{n}",
        response_bytes=10,
    )
    return replace(plain, **fields)


def total(days: int = DAYS, each_day: int = EACH_DAY) -> tuple[int, int]:
    """How many calls there are, and what they cost in all."""
    first = each_day * (each_day - 1) // 2
    return days * each_day, days * (1_000 * each_day + first) + each_day * (days * (days - 1) // 2)


def write(path: Path, calls: Iterable[CallRecord], process: str = "p") -> Path:
    """A ledger of these calls."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(connect(path, "process")) as db:
        db.execute("BEGIN")
        db.executemany(UPSERT, (row_of(each, process) for each in calls))
        db.execute("COMMIT")
    return path


ATTRIBUTES = tuple(name for name in COLUMNS if name != "session")
"""What reports go by, and merged rows keep."""
EVERYTHING = (*ATTRIBUTES, "tag.project", "tag.env", "claim.desk")
"""By all of it at once: what this tells the same, each of it and any of it together do."""
GROUPINGS = (
    (),
    *((name,) for name in (*ATTRIBUTES, *PERIODS, "tag.project", "tag.env", "claim.desk")),
    ("day", "model"),
    ("month", "user", "provider"),
    ("week", "status", "billing"),
)

Bills = dict[tuple[str, ...], dict[Any, Sums]]


def bills(path: Path, zone: ZoneInfo = BERLIN, by: Sequence[tuple[str, ...]] = GROUPINGS) -> Bills:
    """What `tollway report` says of a ledger, by everything."""
    with closing(SqliteBooks(path)) as books:
        return {each: dict(report(books, each, None, None, zone).rows) for each in by}
