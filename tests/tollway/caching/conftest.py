"""A cache of each kind."""

from tests.tollway.cache.conftest import server, store

__all__ = ["server", "store"]
