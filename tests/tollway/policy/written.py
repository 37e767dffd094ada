"""Policies in few words, for tests."""

from tollway.policy.load import load
from tollway.policy.schema import Policy


def policy(text: str) -> Policy:
    """The policy that a text says, after its version."""
    return load(f"version: 1\n{text}", "p.yaml")
