"""What finds secrets."""

from typing import Protocol

from tollway.guardrails.found import Found


class SecretEngine(Protocol):
    """Its time grows with the text's length and no faster; it may be used by several threads at once."""

    @property
    def name(self) -> str:
        """What it is, for people."""

    def scan(self, text: str) -> list[Found]:
        """The secrets of a text, in its order, none over another. Never raises for what a text says."""
