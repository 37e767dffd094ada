"""The tour of metering, from its first call to the bill."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from tollway.demo.guide import Guide
from tollway.demo.metering.play import play
from tollway.demo.metering.stops import TOUR

pytestmark = pytest.mark.slow


async def test_every_call_is_announced_and_billed(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each in two lines; what `tollway report` says of them; what to do."""
    home.mkdir()
    paper = io.StringIO()

    await play(Guide(Console(file=paper, width=100, highlight=False)), home)

    said = paper.getvalue().splitlines()
    announced = [said.index(f"{stop.person} ({stop.program}) {stop.does}") for stop in TOUR]
    assert announced == list(range(announced[0], announced[0] + 2 * len(TOUR), 2))
    assert all("$" in said[at + 1] for at in announced)
    assert "$ tollway report --by tag.person,provider,model" in said
    assert capsys.readouterr().out.splitlines()[-1].split()[:4] == ["total", "-", "-", str(len(TOUR))]
    assert "tollway run -- claude" in said[-2]
