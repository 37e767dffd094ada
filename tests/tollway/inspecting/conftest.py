"""Fixtures of the tests that look at calls in mitmproxy's tools."""

from tests.tollway.office import authority, office, providers

__all__ = ["authority", "office", "providers"]
