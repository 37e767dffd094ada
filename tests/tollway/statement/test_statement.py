"""What a statement says agrees with the calls, to the nano-dollar."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import DAY_US, Limit, Limits, ended, opened
from tests.tollway.ledger.samples import call
from tests.tollway.statement.made import of
from tests.tollway.statement.year import BERLIN, by, notional, of_month, spent, year
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Group
from tollway.model import Billing, CallRecord, Cost, Source
from tollway.reporting.periods import local, moment
from tollway.statement.as_json import as_json
from tollway.statement.as_text import as_text
from tollway.statement.sections import sections
from tollway.statement.statement import Line
from tollway.statement.whose import Whose

CALLS = year()
WHOSE = [
    Whose(),
    Whose("team", "research"),
    Whose("team", "=SUM(A1)"),
    Whose("user", "ann"),
    Whose("service", "x"),
]


def mine(whose: Whose, month: str) -> list[CallRecord]:
    """The calls that count."""
    return [
        each
        for each in of_month(CALLS, month)
        if all(getattr(each, name) == value for name, value in whose.where)
    ]


@pytest.mark.parametrize("whose", WHOSE, ids=lambda whose: whose.title)
def test_every_part_adds_up_to_what_the_calls_cost(whose: Whose, tmp_path: Path) -> None:
    """Total, month before, each part, days and sessions: added up here call by call."""
    found = of(tmp_path, CALLS, whose)
    now, before = mine(whose, "2026-11"), mine(whose, "2026-10")

    assert found.total.cost_nano == spent(now)
    assert found.total.notional_nano == notional(now)
    assert found.total.saved_nano == sum(each.saved_nano for each in now)
    assert found.before.cost_nano == spent(before)
    for lines in (*found.parts.values(), found.days, found.sessions):
        assert sum(line.sums.cost_nano for line in lines) == spent(now)
        assert sum(line.sums.notional_nano for line in lines) == notional(now)
        assert sum(line.sums.calls for line in lines) == len(now)
    for lines in found.parts.values():
        assert sum(line.before_nano for line in lines) == spent(before)


def test_each_line_is_what_its_calls_cost(tmp_path: Path) -> None:
    found = of(tmp_path, CALLS)
    now, before = of_month(CALLS, "2026-11"), of_month(CALLS, "2026-10")

    def costs(lines: tuple[Line, ...]) -> dict[Group, int]:
        return {line.names: line.sums.cost_nano for line in lines if line.sums.calls}

    def added(calls: list[CallRecord], of_what: Callable[[CallRecord], Group]) -> dict[Group, int]:
        return {name: spent(each) for name, each in by(calls, of_what).items()}

    assert costs(found.parts["model"]) == added(now, lambda each: (each.provider, each.model))
    assert costs(found.parts["user"]) == added(now, lambda each: (each.user, each.service))
    assert costs(found.parts["team"]) == added(now, lambda each: (each.team,))
    assert costs(found.parts["program"]) == added(now, lambda each: (each.program,))
    assert costs(found.days) == added(now, lambda each: (f"{local(each.started_us, BERLIN):%Y-%m-%d}",))
    assert costs(found.sessions) == added(now, lambda each: (each.session, each.program, each.user))
    assert {line.names: line.before_nano for line in found.parts["model"]} == {
        **dict.fromkeys([line.names for line in found.parts["model"]], 0),
        **added(before, lambda each: (each.provider, each.model)),
    }


def test_a_team_is_not_told_apart_by_team_nor_a_user_by_user(tmp_path: Path) -> None:
    assert list(of(tmp_path, CALLS).parts) == ["team", "model", "program", "user"]
    assert list(of(tmp_path, CALLS, Whose("team", "research")).parts) == ["model", "program", "user"]
    assert list(of(tmp_path, CALLS, Whose("user", "ann")).parts) == ["team", "model", "program"]
    assert list(of(tmp_path, CALLS, Whose("service", "ci")).parts) == ["team", "model", "program"]


def test_months_are_the_zone_s(tmp_path: Path) -> None:
    """A call at 23:30 UTC on the last of October is November's in Berlin."""
    late = call("late", started_us=moment(datetime.fromisoformat("2026-10-31T23:30+00:00")))
    early = call("early", started_us=moment(datetime.fromisoformat("2026-11-30T23:30+00:00")))

    found = of(tmp_path, [late, early])

    assert found.total.calls == 1
    assert [line.names for line in found.days if line.sums.calls] == [("2026-11-01",)]
    assert len(found.days) == 30


def test_a_month_that_is_not_over_is_compared_with_as_many_days(tmp_path: Path) -> None:
    """What was spent later in the month before does not count."""
    dates = ("2026-10-03T10:00", "2026-10-10T09:59", "2026-10-10T10:00", "2026-11-02T10:00")
    calls = [
        call(date, started_us=moment(datetime.fromisoformat(f"{date}+01:00")), cost=Cost(input_nano=10**n))
        for n, date in enumerate(dates)
    ]
    calls[0] = call("first", started_us=moment(datetime(2026, 10, 3, tzinfo=BERLIN)), cost=Cost(input_nano=1))
    now_us = moment(datetime(2026, 11, 10, 9, 30, tzinfo=BERLIN))

    found = of(tmp_path, calls, now_us=now_us)

    assert not found.pair.whole
    assert (found.total.cost_nano, found.before.cost_nano) == (1000, 1)
    assert len(found.days) == 10


def test_what_the_cache_did_and_what_is_estimated(tmp_path: Path) -> None:
    at = moment(datetime(2026, 11, 5, 12, tzinfo=BERLIN))
    calls = [
        call("hit", started_us=at, cache="hit", saved_nano=70, cost=Cost()),
        call("join", started_us=at, cache="join", saved_nano=5, cost=Cost()),
        call("miss", started_us=at, cache="miss", cost=Cost(input_nano=3, source=Source.ESTIMATED)),
        call("plan", started_us=at, billing=Billing.NOTIONAL, cost=Cost(input_nano=11)),
    ]

    found = of(tmp_path, calls)

    assert [(line.names, line.sums.calls, line.sums.saved_nano) for line in found.cache] == [
        (("hit",), 1, 70),
        (("join",), 1, 5),
        (("miss",), 1, 0),
    ]
    assert (found.total.estimated_nano, found.total.saved_nano, found.total.notional_nano) == (3, 75, 11)


def test_a_month_without_calls_is_a_statement_of_nothing(tmp_path: Path) -> None:
    found = of(tmp_path, [])

    assert (found.total.calls, found.sessions, found.limits, found.refused.rows) == (0, (), (), ())
    assert all(not line.sums.calls for line in found.days)


def test_what_was_spent_before_and_no_more_is_a_line(tmp_path: Path) -> None:
    """Of nothing now: else the difference would not add up."""
    october = call("o", started_us=moment(datetime(2026, 10, 5, tzinfo=BERLIN)), cost=Cost(input_nano=9))

    (line,) = of(tmp_path, [october]).parts["model"]

    assert (line.sums.calls, line.before_nano) == (0, 9)


async def test_limits_say_how_far_they_got(tmp_path: Path) -> None:
    """A team's of each day, of the ledger's own buckets: 30 settled on one day, 60 and 20 on the next."""
    limits = Limits(Limit("day", 80, per=("team",)), Limit("all"))
    noon = moment(datetime(2026, 11, 5, 12, tzinfo=BERLIN))
    path = tmp_path / "ledger.db"
    with closing(SqliteLedger(path)) as ledger:
        for id, days, nano in (("a", 0, 30), ("b", 1, 60), ("c", 1, 20)):
            each = opened(id, nano, noon + days * DAY_US)
            await ledger.reserve(each, limits.wants(each), each.started_us)
            await ledger.settle(ended(each, nano))

    found = of(tmp_path, [], Whose("team", "a"))
    (day,) = found.limits
    shown = next(each for each in sections(found) if each.title == "Limits")

    assert (day.limit, day.windows, day.full, day.used, day.amount) == ("day", 2, 1, 80, 80)
    assert [column.values[0] for column in shown.columns] == [
        "day", "a", "hard", "2", "1", "$0.00000008", "$0.00000008", "100.0%",
    ]  # fmt: skip
    assert as_json(found)["limits"] == [
        {
            "limit": "day", "bucket": {"team": "a"}, "enforce": "hard", "unit": "USD", "windows": 2,
            "full": 1,
            "used": "0.00000008", "amount": "0.00000008", "percent": "100.0",
        }
    ]  # fmt: skip
    assert (
        "day    a   hard     2        1     $0.00000008  $0.00000008  100.0%" in as_text(found).splitlines()
    )
    assert {each.limit for each in of(tmp_path, []).limits} == {"day", "all"}
