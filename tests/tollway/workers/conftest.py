"""Fixtures of the tests that run several workers."""

from tests.tollway.office import authority, office, providers

__all__ = ["authority", "office", "providers"]
