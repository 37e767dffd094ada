"""Fixtures of the tests that run `tollway` as a process."""

from tests.tollway.office import authority, office, providers

__all__ = ["authority", "office", "providers"]
