"""What rows are charged, in SQL and by its definition."""

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.ledger.samples import calls
from tollway.budget.amounts import Amounts
from tollway.budget.charges import charged
from tollway.ledger.connect import connect
from tollway.ledger.counted import COLUMNS, SUMS, charge, horizon
from tollway.ledger.row import UPSERT, row_of
from tollway.model import CallRecord

MINUTE_US = 60_000_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger."""
    return tmp_path_factory.mktemp("counted") / "ledger.db"


merged = st.builds(lambda call, number: replace(call, calls=number), calls(), st.sampled_from([1, 1, 7]))


@given(recorded=st.lists(merged, max_size=8))
def test_sql_adds_up_what_the_definition_charges(path: Path, recorded: list[CallRecord]) -> None:
    """Row by row, and over all that are not open; of merged calls, too."""
    with closing(connect(path, "process")) as db:
        db.execute("DELETE FROM calls")
        db.executemany(UPSERT, [row_of(call, "p") for call in recorded])
        sums = db.execute(f"SELECT {SUMS} FROM calls WHERE state <> 'open'").fetchone()
        rows = {id: charge(row) for id, *row in db.execute(f"SELECT id, {COLUMNS} FROM calls")}

    latest = {call.id: charged(call) for call in recorded}
    assert rows == latest
    each = latest.values()
    assert Amounts(nano=sums[0], input_tokens=sums[1], output_tokens=sums[2], requests=sums[3]) == Amounts(
        nano=sum(amounts.nano for amounts in each),
        input_tokens=sum(amounts.input_tokens for amounts in each),
        output_tokens=sum(amounts.output_tokens for amounts in each),
        requests=sum(amounts.requests for amounts in each),
    )


@pytest.mark.parametrize(
    ("now_us", "first"),
    [(100 * MINUTE_US, 90), (100 * MINUTE_US + 1, 90), (101 * MINUTE_US - 1, 90), (101 * MINUTE_US, 91)],
)
def test_a_minute_is_in_a_rolling_window_while_any_of_it_is(now_us: int, first: int) -> None:
    """At 100:00.000001, of ten minutes: minute 90 lasts until 91:00, and so is in it."""
    assert horizon(10 * MINUTE_US, now_us) == first
