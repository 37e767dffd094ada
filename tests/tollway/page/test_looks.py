"""What pages show, looked up in a real ledger."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.live.samples import BERLIN
from tests.tollway.page.written import CALLS, HOUR_US, ann, write
from tests.tollway.policy.written import policy
from tollway.budget.bucket import Enforce
from tollway.ledger.owned import SqlitePages
from tollway.ledger.pages import Reason
from tollway.live.span import Span
from tollway.model import Identity
from tollway.money import NANO
from tollway.page.looks import LONG_S, PART, Overview, mine
from tollway.policy.limits import Limits

ANN = Identity(user="ann", source="proxy_jwt", verified=True)
LIMITS = Limits(policy("limits: [{name: day, per: user, amount: 5 USD, window: day, enforce: soft}]"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write(tmp_path / "ledger.db", *CALLS)
    return tmp_path / "ledger.db"


@pytest.fixture
def pages(path: Path) -> Iterator[SqlitePages]:
    with closing(SqlitePages(path)) as found:
        yield found


def test_a_caller_sees_its_own_calls_of_today(pages: SqlitePages) -> None:
    """In the policy's time zone; what others say in its name is not its own."""
    found = mine(pages, LIMITS, ANN, "10.0.0.1", BERLIN, NOON_US)

    assert [each.id for each in found.calls] == ["a4", "a2", "a1"]
    assert (found.total.calls, found.total.cost_nano) == (3, 12)
    assert sum(found.total.course) == 12
    assert len(found.total.course) == len(found.slots)
    assert {each.value: each.cost_nano for each in found.spent["model"]} == {
        "m1": 5, "m2": 7, "claude-sonnet-4-5": 0,
    }  # fmt: skip
    assert found.reasons == (Reason(error="over_limit", limits=("day",), calls=1),)


def test_a_budget_of_which_nothing_is_spent_is_whole(pages: SqlitePages) -> None:
    (found,) = mine(pages, LIMITS, ANN, "10.0.0.1", BERLIN, NOON_US).standings

    assert dict(found.row.bucket.values) == {"user": "ann"}
    assert (found.row.amount, found.left, found.row.enforce) == (5 * NANO, 5 * NANO, Enforce.SOFT)


def test_an_administrator_sees_all_calls(pages: SqlitePages) -> None:
    found = Overview(lambda: NOON_US / 1_000_000, lambda: 0.0).look(pages, Span.TODAY, BERLIN)

    assert found.snapshot.total.cost_nano == 1_111_112
    assert found.snapshot.total.calls == len(CALLS) - 1
    assert found.reasons == (Reason(error="over_limit", limits=("day",), calls=2),)
    week = Overview(lambda: NOON_US / 1_000_000, lambda: 0.0).look(pages, Span.WEEK, BERLIN)
    assert week.snapshot.total.cost_nano == 1_111_123


@pytest.mark.parametrize("took", [LONG_S / 2, LONG_S])
def test_a_look_that_takes_long_serves_for_a_while(path: Path, pages: SqlitePages, took: float) -> None:
    """A quick one is made anew each time: it is exact."""
    now = [0.0, took, took, 2 * took, 3 * took + PART * took, 4 * took + PART * took]
    times = iter(now if took < LONG_S else [0.0, took, took, took + PART * took, took + PART * took + 1])
    overview = Overview(lambda: NOON_US / 1_000_000, lambda: next(times))
    first = overview.look(pages, Span.TODAY, BERLIN)
    write(path, ann("more", 3, started_us=NOON_US - HOUR_US))

    again = overview.look(pages, Span.TODAY, BERLIN)
    later = overview.look(pages, Span.TODAY, BERLIN)

    assert (again is first) is (took == LONG_S)
    assert later.snapshot.total.cost_nano == first.snapshot.total.cost_nano + 3


def test_another_span_is_looked_at_at_once(pages: SqlitePages) -> None:
    times = iter([0.0, 10.0, 10.0, 20.0])
    overview = Overview(lambda: NOON_US / 1_000_000, lambda: next(times))

    spans = [overview.look(pages, span, BERLIN).snapshot.span for span in (Span.TODAY, Span.WEEK)]

    assert spans == [Span.TODAY, Span.WEEK]
