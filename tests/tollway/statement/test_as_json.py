"""A statement for programs."""

from pathlib import Path

from tests.tollway.statement.made import of
from tests.tollway.statement.year import year
from tollway.statement.as_json import MOST_SESSIONS, as_json
from tollway.statement.whose import Whose


def test_names_stay(tmp_path: Path) -> None:
    said = as_json(of(tmp_path, year(), Whose("team", "research")))

    assert list(said) == [
        "month", "timezone", "whose", "since", "until", "whole", "before", "made_at", "total",
        "total_before_usd", "difference_usd", "percent", "by_model", "by_program", "by_user", "by_day",
        "sessions", "other_sessions", "cache", "refused", "limits", "notes",
    ]  # fmt: skip
    assert said["whose"] == {"team": "research"}
    assert said["since"] == "2026-11-01T00:00:00+01:00"
    assert said["until"] == "2026-12-01T00:00:00+01:00"
    assert said["before"]["since"] == "2026-10-01T00:00:00+02:00"
    assert said["by_model"][0].keys() >= {
        "provider", "model", "calls", "input_tokens", "cost_usd", "before_usd", "difference_usd", "percent",
    }  # fmt: skip
    assert len(said["by_day"]) == 30
    assert said["sessions"][0].keys() >= {"session", "program", "user", "first", "last", "cost_usd"}
    assert said["refused"].keys() == {"refused", "total"}


def test_of_many_sessions_the_others_are_one_figure(tmp_path: Path) -> None:
    said = as_json(of(tmp_path, year(20_000)))

    assert len(said["sessions"]) == MOST_SESSIONS
    assert said["other_sessions"]["calls"] > 0
    assert (
        sum(row["calls"] for row in said["sessions"]) + said["other_sessions"]["calls"]
        == said["total"]["calls"]
    )


def test_everybody_s_is_of_nobody_in_particular(tmp_path: Path) -> None:
    said = as_json(of(tmp_path, []))

    assert (said["whose"], said["percent"], said["limits"]) == ({}, None, [])
