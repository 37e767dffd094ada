"""What finds secrets."""

from typing import Protocol

from tollway.guardrails.found import Found


class SecretEngine(Protocol):
    """Its time grows with the text's length and no faster: some 0.03 ms for a kilobyte of ordinary text, and
    up to 1.5 ms for one that is made of secrets, each another. Several threads may use it at once.
    """

    @property
    def name(self) -> str:
        """What it is, for people."""

    def scan(self, text: str) -> list[Found]:
        """The secrets of a text, in its order, none over another. Never raises for what a text says."""
