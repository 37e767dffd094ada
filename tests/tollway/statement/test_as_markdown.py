"""A statement as a message."""

from datetime import datetime
from pathlib import Path

from tests.tollway.ledger.samples import call
from tests.tollway.statement.made import of
from tests.tollway.statement.year import BERLIN, year
from tollway.model import Cost
from tollway.reporting.periods import moment
from tollway.statement.as_markdown import as_markdown
from tollway.statement.whose import Whose


def test_it_is_a_heading_a_list_and_tables(tmp_path: Path) -> None:
    at = moment(datetime(2026, 11, 5, 12, tzinfo=BERLIN))
    calls = [call("a", started_us=at, user="a|b*", cost=Cost(input_nano=1_500_000_001))]

    said = as_markdown(of(tmp_path, calls)).splitlines()

    assert said[0] == "**AI calls of the whole company, November 2026**"
    assert "- Spent: **$1.50**" in said
    assert "| provider | model | calls | cost $ | before $ | difference $ | change |" in said
    assert "| a\\|b\\* | 1 | 1.50 | 0.00 | +1.50 | - |" in said
    assert "| **total** | **1** | **1.50** | **0.00** | **+1.50** |  |" in said
    assert not any("By day" in line for line in said)


def test_it_is_short(tmp_path: Path) -> None:
    assert len(as_markdown(of(tmp_path, year())).splitlines()) < 70
    assert len(as_markdown(of(tmp_path, [], Whose("team", "t"))).splitlines()) < 12
