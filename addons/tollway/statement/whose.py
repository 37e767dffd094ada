"""Whose statement it is."""

from dataclasses import dataclass

from tollway.ledger.attributes import Where


@dataclass(frozen=True, slots=True)
class Whose:
    """Those calls that have a value of an attribute: a team's, a user's, a service's; or all."""

    attribute: str | None = None
    value: str | None = None

    @property
    def where(self) -> Where:
        """Which calls count."""
        return () if self.attribute is None else ((self.attribute, self.value),)

    @property
    def title(self) -> str:
        """In words: team research."""
        return "the whole company" if self.attribute is None else f"{self.attribute} {self.value}"
