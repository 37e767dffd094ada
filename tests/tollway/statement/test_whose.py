"""Whose calls count."""

from tollway.statement.whose import Whose


def test_one_team_s_or_everybody_s() -> None:
    assert Whose("team", "research").where == (("team", "research"),)
    assert Whose("team", "research").title == "team research"
    assert (Whose().where, Whose().title) == ((), "the whole company")
