"""Columns on standard output."""

import pytest

from tollway.cli.printed import say_none, show_columns
from tollway.reporting.columns import Column, Kind

COLUMNS = [Column("user", Kind.TEXT, ("ann",)), Column("cost_usd", Kind.MONEY, (10**9,), 10**9)]


def test_plain_text_has_its_title_and_notes(capsys: pytest.CaptureFixture[str]) -> None:
    show_columns("Title", COLUMNS, ["a note"], "table")
    show_columns("Title", COLUMNS, [], "table")

    both = capsys.readouterr().out
    assert both.splitlines() == [
        "Title", "", "user   cost_usd", "ann        1.00", "total      1.00", "", "a note",
        "Title", "", "user   cost_usd", "ann        1.00", "total      1.00",
    ]  # fmt: skip


def test_a_sheet_and_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    show_columns("Title", COLUMNS, ["a note"], "csv")
    show_columns("Title", COLUMNS, ["a note"], "markdown")

    assert capsys.readouterr().out.splitlines() == [
        "user,cost_usd", "ann,1", "**Title**", "", "| user | cost $ |", "| :--- | ---: |", "| ann | 1.00 |",
        "| **total** | **1.00** |", "", "a note",
    ]  # fmt: skip


def test_in_a_terminal_it_is_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    show_columns("Title", COLUMNS, ["a note"], "table")

    shown = capsys.readouterr().out
    assert "─" in shown
    assert "a note" in shown


def test_nothing_is_said_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    say_none(True)
    say_none(False)

    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("No AI calls in that time.")
    assert said[1].startswith("No AI calls yet.")
