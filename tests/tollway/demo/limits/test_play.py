"""The tour of limits, from its policy to the user's."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from tollway.actions import kinds
from tollway.demo.guide import Guide
from tollway.demo.limits.play import play, shortened
from tollway.demo.limits.policy import YOURS
from tollway.ledger.open import open_books

pytestmark = pytest.mark.slow


async def test_every_action_is_played_and_no_amount_is_exceeded(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In its order; then the budgets as the command shows them, and what to do."""
    home.mkdir()
    paper = io.StringIO()

    await play(Guide(Console(file=paper, width=80, highlight=False)), home, Path("/etc/tollway/policy.yaml"))

    books = open_books(f"sqlite:{home / 'ledger.db'}")
    try:
        calls = list(books.calls())
        (bucket,) = books.buckets(calls[-1].started_us)
    finally:
        books.close()
    assert [tuple(kinds(call.action)) for call in calls] == [
        (), ("clamp",), ("clamp",), ("wait", "clamp"), ("route", "clamp"), ("route", "block"),
    ]  # fmt: skip
    assert sum(call.cost.nano for call in calls) == bucket.settled <= bucket.amount
    assert bucket.held == 0
    assert capsys.readouterr().out.startswith("limit       bucket  until ")
    said = paper.getvalue()
    assert "\n$ tollway budgets\n" in said
    assert "Now yours: /etc/tollway/policy.yaml\n" in said
    assert "".join(f"    {line}\n" for line in YOURS.splitlines()) in said
    assert "tollway run -- claude\n" in said


def test_a_path_is_said_as_one_would_type_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")

    assert shortened(Path("/home/ada/.config/tollway/policy.yaml")) == "~/.config/tollway/policy.yaml"
    assert shortened(Path("/srv/policy.yaml")) == "/srv/policy.yaml"
