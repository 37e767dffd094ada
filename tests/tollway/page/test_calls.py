"""Calls as a table."""

import pytest

from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.live.samples import BERLIN, CALLS
from tests.tollway.page.test_budgets import cells
from tests.tollway.page.test_html import HOSTILE, Read
from tollway.model import CallRecord
from tollway.page.calls import NONE, calls_table, model, status, time


def test_a_row_says_all_of_a_call() -> None:
    found = cells(calls_table(CALLS, "x", NOON_US, BERLIN, (), of_all=True).text)

    assert found[0] == [
        "12:59:57", "ann", "claude-cli", "claude-opus-4-5 → claude-haiku-4-5", "–", "–", "–", "≈ $0.002",
        "3s", "in flight", "route economy, clamp 512",
    ]  # fmt: skip
    assert found[2][4:9] == ["15,000", "14,000", "600", "$0.00045", "70.0s"]
    assert found[3][9:] == ["a limit had no room for it", "block"]
    assert found[4][:4] == ["12:58:30", "10.0.0.9", "–", "gpt-5"]
    assert cells(calls_table([call()], "x", NOON_US, BERLIN, (), of_all=True).text)[0][1] == "–"


def test_ones_own_do_not_say_whose_they_are() -> None:
    found = calls_table(CALLS, "x", NOON_US, BERLIN, ()).text

    assert "Who" not in found
    assert "bob" not in found


@pytest.mark.parametrize("text", HOSTILE)
def test_what_clients_choose_is_text(text: str) -> None:
    hostile = call(user=text, program=text, model=text, model_asked=f"x{text}", action=text, error=text)

    read = Read(calls_table([hostile], text, NOON_US, BERLIN, (), of_all=True).text)

    assert {name for name, _ in read.elements} == {
        "div", "table", "caption", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (call(status=200), "200"),
        (call(status=None, error="access_denied"), "an access rule denies it"),
        (call(status=None, state="lost"), "lost: its process died"),
        (call(status=None), "no answer"),
        (call(status=429, state="open"), "in flight"),
    ],
)
def test_the_status_or_what_came_in_its_place(row: CallRecord, said: str) -> None:
    assert status(row, {"another"}) == said


def test_a_call_whose_process_died_is_not_in_flight() -> None:
    """Nobody knows how long it took."""
    found = cells(calls_table(CALLS, "x", NOON_US, BERLIN, {"c5", "c3"}, of_all=True).text)

    assert [row[8:10] for row in found[:3]] == [["–", "its process died"], ["1s", "529"], ["70.0s", "200"]]


def test_a_model_that_is_not_known_is_its_operation() -> None:
    assert model(call(model=None, operation="images")) == "images"
    assert model(call(model=None, operation="")) == "–"
    assert model(call(model=None, model_asked="a")) == "a → –"


def test_a_call_of_another_day_says_its_day() -> None:
    """The zone's: it is another one in Berlin at half past eleven UTC."""
    day_us = 86_400_000_000

    assert time(NOON_US, NOON_US, BERLIN) == "13:00:00"
    assert time(NOON_US - day_us, NOON_US, BERLIN) == "24 Nov 13:00:00"
    assert time(NOON_US, NOON_US + day_us // 2, BERLIN) == "25 Nov 13:00:00"


def test_no_calls_are_a_sentence() -> None:
    assert NONE in calls_table([], "x", NOON_US, BERLIN, ()).text
