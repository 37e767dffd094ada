"""A statement as plain text."""

from datetime import datetime
from pathlib import Path

from tests.tollway.ledger.samples import call
from tests.tollway.statement.made import of
from tests.tollway.statement.year import BERLIN
from tollway.model import Cost
from tollway.reporting.periods import moment
from tollway.statement.as_text import as_text
from tollway.statement.whose import Whose


def test_it_reads_from_top_to_bottom(tmp_path: Path) -> None:
    at = moment(datetime(2026, 11, 5, 12, tzinfo=BERLIN))
    calls = [
        call("a", started_us=at, team="research", user="ann", cost=Cost(input_nano=1_500_000_001)),
        call("b", started_us=at, team="research", user="bob\x1b[31m", model="m", cost=Cost(input_nano=10**9)),
    ]

    said = as_text(of(tmp_path, calls, Whose("team", "research"))).splitlines()

    assert said[:3] == [
        "AI calls of team research, November 2026",
        "========================================",
        "2026-11-01 00:00 to 2026-12-01 00:00, against 2026-10-01 00:00 to 2026-11-01 00:00, Europe/Berlin",
    ]
    assert "Spent         $2.500000001" in said
    place = said.index("By model")
    assert said[place : place + 6] == [
        "By model",
        "--------",
        "provider   model              calls     cost_usd  before_usd  difference_usd  percent",
        "anthropic  claude-sonnet-4-5      1  1.500000001        0.00    +1.500000001        -",
        "anthropic  m                      1  1.000000000        0.00    +1.000000000        -",
        "total      -                      2  2.500000001        0.00    +2.500000001        -",
    ]
    assert "No call was refused." in said
    assert not any("\x1b" in line for line in said)
    assert said[-4].startswith("- Amounts are in US dollars.")
