"""Fixtures of the tests with real clients."""

from tests.tollway.office import authority, office, providers

__all__ = ["authority", "office", "providers"]
