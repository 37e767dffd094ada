"""The tour of guardrails, from its policy to what is kept."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from tests.tollway.scanning.conftest import COMPILED
from tollway.actions import kinds
from tollway.demo.guardrails import made_up
from tollway.demo.guardrails.play import made, play
from tollway.demo.guardrails.policy import TOUR
from tollway.demo.guide import Guide
from tollway.ledger.open import open_books

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What finds keys was made before on this machine."""
    monkeypatch.setenv("KF_RULE_CACHE_DIR", str(COMPILED))


async def test_every_deed_is_played_and_no_value_is_kept(tmp_path: Path, home: Path) -> None:
    """In its order; then the ledger's row and a scan as the commands show them, and what to do."""
    home.mkdir()
    paper = io.StringIO()

    await play(Guide(Console(file=paper, width=80, highlight=False)), home, Path("/etc/tollway/policy.yaml"))

    books = open_books(f"sqlite:{home / 'ledger.db'}")
    try:
        calls = list(books.calls())
    finally:
        books.close()
    assert [tuple(kinds(call.action)) for call in calls] == [("block",), ("redact",), ("redact",), ("flag",)]
    said = paper.getvalue()
    assert "".join(f"    {line}\n" for line in TOUR.splitlines()) in said
    (finding,) = calls[-1].findings
    assert f"\n$ tollway show {calls[-1].id}\n" in said
    assert f"hash {finding.mark}\n" in said
    assert "\n$ tollway scan --policy policy.yaml .env\n\n.env:2:19: stripe_key\n" in said
    assert "Now yours: the same lines in /etc/tollway/policy.yaml\n" in said
    assert f'allow: [{{hash: "{finding.mark}"}}]\n' in said
    assert max(map(len, said.splitlines())) <= 80
    kept = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert finding.mark.encode() in kept
    assert made_up.EMAIL.encode() not in kept


def test_it_is_said_how_long_the_engine_takes() -> None:
    """The second time it is there."""
    made()

    assert 0 <= made() < 5
