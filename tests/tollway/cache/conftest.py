"""A cache of each kind."""

from pathlib import Path

import pytest

from tests.tollway.cache.stores import STORES, Store


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """One that is empty, and not open yet."""
    return STORES[request.param](tmp_path)
