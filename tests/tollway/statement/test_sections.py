"""The parts of a statement."""

from datetime import datetime
from pathlib import Path

from tests.tollway.ledger.samples import call
from tests.tollway.statement.made import of
from tests.tollway.statement.year import BERLIN, year
from tollway.model import Cost
from tollway.reporting.columns import Kind
from tollway.reporting.periods import moment
from tollway.statement.sections import largest_sessions, sections
from tollway.statement.whose import Whose

AT = moment(datetime(2026, 11, 5, 12, tzinfo=BERLIN))


def test_parts_in_their_order(tmp_path: Path) -> None:
    assert [section.title for section in sections(of(tmp_path))] == [
        "By day", "By team", "By model", "By program", "By user", "Largest sessions", "Cache",
        "Refused calls", "Limits",
    ]  # fmt: skip


def test_all_columns_have_as_many_rows_and_costs_add_up(tmp_path: Path) -> None:
    found = of(tmp_path)
    for section in sections(found, most=3, sessions=4):
        assert len({len(column.values) for column in section.columns}) == 1, section.title
        for column in section.columns:
            if section.totals and column.kind in (Kind.MONEY, Kind.COUNT, Kind.CHANGE):
                values = [value for value in column.values if isinstance(value, int)]
                assert sum(values) == column.total, (section.title, column.name)
        costs = [column.total for column in section.columns if column.name == "cost_usd"]
        assert section.title in ("Cache", "Refused calls", "Limits") or costs == [found.total.cost_nano]


def test_a_session_says_when_it_was_and_calls_without_one_are_a_row(tmp_path: Path) -> None:
    """The last one, whatever they cost."""
    calls = [
        call("a", started_us=AT, session="s", program="claude-cli", user="ann", cost=Cost(input_nano=5)),
        call(
            "b", started_us=AT + 90 * 60_000_000, session="s", program="claude-cli", user="ann", cost=Cost()
        ),
        call("c", started_us=AT, cost=Cost(input_nano=700)),
        call("d", started_us=AT, program="x", cost=Cost(input_nano=1)),
    ]

    section = largest_sessions(of(tmp_path, calls))

    assert list(zip(*[column.values for column in section.columns], strict=True)) == [
        ("s", "claude-cli", "ann", "2026-11-05T12:00", "2026-11-05T13:30", 2, 5),
        ("no session", None, None, "2026-11-05T12:00", "2026-11-05T12:00", 2, 701),
    ]


def test_of_many_sessions_the_dearest_are_shown(tmp_path: Path) -> None:
    calls = [call(str(n), started_us=AT, session=f"s{n}", cost=Cost(input_nano=n)) for n in range(1, 15)]

    section = largest_sessions(of(tmp_path, calls), 3)

    assert section.columns[0].values == ("s14", "s13", "12 others")
    assert section.column("first").values[-1] is None
    assert section.column("cost_usd").total == sum(range(1, 15))


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    found = {section.title: section for section in sections(of(tmp_path, [], Whose("team", "nobody")))}

    assert [title for title, section in found.items() if section.is_empty] == [
        "By model", "By program", "By user", "Largest sessions", "Cache", "Refused calls", "Limits",
    ]  # fmt: skip
    assert all(section.none for section in found.values())


def test_refusals_are_said_in_words_and_their_figures_are_called_estimates(tmp_path: Path) -> None:
    section = next(each for each in sections(of(tmp_path, year())) if each.title == "Refused calls")

    assert "a limit had no room for it" in section.columns[0].values
    assert "an estimate" in section.notes[0]
    assert "in no cost" in section.notes[0]
