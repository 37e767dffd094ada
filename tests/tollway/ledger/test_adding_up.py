"""What is added up agrees with a plain sum over the rows, bucket by bucket."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.ledger.limits import DAY_US, HOUR_US, MINUTE_US
from tests.tollway.ledger.samples import NOON_US, calls
from tollway.budget.bucket import Bucket
from tollway.budget.charges import charged
from tollway.ledger.adding_up import add_up_minutes, calendar_sums
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of
from tollway.model import CallRecord
from tollway.policy.limits import Limits
from tollway.policy.load import load

MIDNIGHT_US = NOON_US - 12 * HOUR_US
LIMITS = Limits(
    load(
        """
version: 1
limits:
  - {name: all, amount: 1 USD, window: day}
  - {name: models, match: {program: ["a", "x*"]}, per: model, amount: 5 requests, window: day}
  - {name: projects, per: [tag.project, provider], amount: 1M input tokens, window: day}
  - {name: words, per: group, amount: 1M tokens, window: rolling 6h}
  - {name: money, match: {tag.env: x}, per: model, amount: 1 USD, window: rolling 6h}
  - {name: talk, match: {operation: chat}, amount: 1M output tokens, window: rolling 6h}
""",
        "p.yaml",
    )
)
CALENDAR = {key for key in LIMITS.keys() if LIMITS.terms(key, NOON_US).rolling_us is None}
ROLLING = set(LIMITS.keys()) - CALENDAR


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A ledger."""
    with closing(connect(tmp_path_factory.mktemp("adding") / "ledger.db", "process")) as db:
        yield db


def write(db: sqlite3.Connection, recorded: list[CallRecord]) -> list[CallRecord]:
    """Have the ledger hold these rows alone. What is done and lost of them."""
    db.execute("DELETE FROM calls")
    db.execute("DELETE FROM minutes")
    db.executemany(UPSERT, [row_of(call, "p") for call in recorded])
    return [call for call in recorded if call.state != "open"]


@given(recorded=st.lists(calls(), max_size=12, unique_by=lambda call: call.id))
def test_calendars_have_what_their_rows_come_to(db: sqlite3.Connection, recorded: list[CallRecord]) -> None:
    """From a window on; a later one, if a clock was set back, has its own buckets."""
    expected: Counter[str] = Counter()
    first: dict[str, int] = {}
    for call in write(db, recorded):
        if call.started_us >= MIDNIGHT_US:
            for bucket in LIMITS.all_buckets(call, call.started_us):
                if bucket.key in CALENDAR:
                    expected[bucket.id] += charged(call).of(bucket.unit)
                    first[bucket.id] = min(call.started_us, first.get(bucket.id, call.started_us))

    found = list(calendar_sums(db, LIMITS, CALENDAR, MIDNIGHT_US))

    assert {each.bucket.id: each.amount for each in found} == dict(expected)
    assert {each.bucket.id: each.first_us for each in found} == first


@st.composite
def lasting(draw: st.DrawFn) -> CallRecord:
    """Calls that took no time, hours or days; some began days ago."""
    call = draw(calls())
    started_us = call.started_us - DAY_US * draw(st.sampled_from([0, 1, 3]))
    took_us = draw(st.sampled_from([None, 0, MINUTE_US, 3 * HOUR_US, DAY_US, DAY_US + 1, 3 * DAY_US]))
    return replace(call, started_us=started_us, ended_us=None if took_us is None else started_us + took_us)


@given(recorded=st.lists(lasting(), max_size=12, unique_by=lambda call: call.id))
def test_rolling_windows_have_it_by_the_minute(db: sqlite3.Connection, recorded: list[CallRecord]) -> None:
    """Of the end, whenever a call began; and what ended within a day before: a clock may be set back."""
    since_us = NOON_US - 6 * HOUR_US
    expected: Counter[tuple[str, int]] = Counter()
    for call in write(db, recorded):
        ended_us = call.started_us if call.ended_us is None else call.ended_us
        if ended_us >= since_us - DAY_US:
            for bucket in LIMITS.all_buckets(call, call.started_us):
                if bucket.key in ROLLING:
                    expected[bucket.id, ended_us // MINUTE_US] += charged(call).of(bucket.unit)
    names: dict[str, int] = {}

    def ids_of(wanted: Sequence[Bucket]) -> list[int]:
        return [names.setdefault(bucket.id, len(names)) for bucket in wanted]

    first = add_up_minutes(db, LIMITS, ROLLING, since_us, ids_of)

    found = {(bucket, minute): n for bucket, minute, n in db.execute("SELECT * FROM minutes")}
    assert found == {(names[name], minute): n for (name, minute), n in expected.items() if n}
    assert first.keys() == {names[name] for name, _ in expected}
