"""Tollway: an egress proxy for AI traffic that meters every call and holds spend limits."""

__version__ = "0.1.0"
