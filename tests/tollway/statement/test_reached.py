"""How far limits got."""

from decimal import Decimal

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Bucket, Enforce
from tollway.ledger.store import BucketRow
from tollway.statement.reached import reached
from tollway.statement.whose import Whose


def row(limit: str, used: int, amount: int = 100, start_us: int = 0, **values: str | None) -> BucketRow:
    bucket = Bucket(
        limit=limit, key=limit, values=values, unit=Unit.USD, start_us=start_us, end_us=start_us + 1
    )
    return BucketRow(
        bucket=bucket, amount=amount, enforce=Enforce.HARD, settled=used, held=0, started_us=start_us
    )


ROWS = (
    row("month", 50),
    row("day", 10, start_us=1, team="research"),
    row("day", 100, start_us=2, team="research"),
    row("day", 40, start_us=2, team="platform"),
    row("each", 99, user="ann", team="research"),
    row("each", 1, user="ann", team="platform"),
    row("none", 1, team=None),
    row("free", 0, 0, user="ann"),
)


def test_a_team_has_those_that_are_kept_apart_by_it() -> None:
    """All its windows in one line: the fullest, and how many were full."""
    day, each = reached(ROWS, Whose("team", "research"))

    assert (day.limit, day.windows, day.full, day.used, day.percent) == ("day", 2, 1, 100, Decimal("100.0"))
    assert (each.limit, each.values) == ("each", {"user": "ann", "team": "research"})


def test_the_company_has_its_own_and_the_teams() -> None:
    assert [(each.limit, each.values.get("team")) for each in reached(ROWS, Whose())] == [
        ("day", "research"),
        ("month", None),
        ("day", "platform"),
        ("none", None),
    ]


def test_a_user_has_those_of_each_user() -> None:
    """An amount of nothing has no share."""
    found = reached(ROWS, Whose("user", "ann"))

    assert [(each.limit, each.used) for each in found] == [("each", 99), ("each", 1), ("free", 0)]
    assert found[-1].percent is None


def test_nobody_s_are_not_somebody_s() -> None:
    assert reached(ROWS, Whose("service", "x")) == ()
