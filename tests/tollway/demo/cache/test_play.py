"""The tour of the cache, from its policy to what is kept."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from tollway.demo.cache.play import play
from tollway.demo.guide import Guide
from tollway.ledger.open import open_books

pytestmark = pytest.mark.slow


async def test_hit_join_and_savings_are_played(tmp_path: Path, home: Path) -> None:
    """In their order; then the bill and what is kept as the commands show them, and what to do."""
    home.mkdir()
    paper = io.StringIO()

    await play(Guide(Console(file=paper, width=80, highlight=False)), home, Path("/etc/tollway/policy.yaml"))

    said = paper.getvalue()
    places = [
        said.index(words)
        for words in (
            "name: evaluations", "x-tollway-cache: miss", "x-tollway-cache: hit, age:", "saved     $0.0080",
            "4 of them wait", "neither looked for nor kept", "tollway report --by cache",
            "saved_usd", "tollway cache stats", "the same lines in /etc/tollway/policy.yaml",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    assert max(map(len, said.split("$ tollway report")[0].splitlines())) <= 80
    books = open_books(f"sqlite:{home / 'ledger.db'}")
    try:
        assert [call.cache for call in books.calls()].count("join") == 4
    finally:
        books.close()
