"""What a call may use or has used, in each unit that a limit may be written in."""

from enum import StrEnum

from msgspec import Struct


class Unit(StrEnum):
    """What a limit counts."""

    USD = "USD"
    """Nano-dollars, in arithmetic."""
    TOKENS = "tokens"
    """Input and output."""
    INPUT = "input_tokens"
    OUTPUT = "output_tokens"
    REQUESTS = "requests"


class Amounts(Struct, frozen=True, kw_only=True):
    """How much, unit by unit."""

    nano: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    requests: int = 0

    def of(self, unit: Unit) -> int:
        """The amount in one unit."""
        # By identity, as a match would not: each call asks dozens of times.
        if unit is Unit.USD:
            return self.nano
        if unit is Unit.TOKENS:
            return self.input_tokens + self.output_tokens
        if unit is Unit.INPUT:
            return self.input_tokens
        return self.output_tokens if unit is Unit.OUTPUT else self.requests
