"""A ledger of each kind."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.stores import STORES, Store
from tollway.ledger.store import Ledger


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A ledger that is not open yet."""
    with STORES[request.param](tmp_path) as store:
        yield store


@pytest.fixture
def ledger(store: Store) -> Iterator[Ledger]:
    """The same, open."""
    with closing(store.open()) as ledger:
        yield ledger


@pytest.fixture
def run_from(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The checkout, as a folder from which Python finds the package and the tests."""
    root = Path(__file__).parents[3]
    monkeypatch.setenv("PYTHONPATH", f"{root / 'addons'}{os.pathsep}{root}")
    return root
