"""What decides the rates of a call, apart from its usage."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of one call, or of one portion of it that a model of its own served."""

    provider: str
    host: str
    """In lower case."""
    operation: str
    served: str | None
    """The model, as the provider names it."""
    asked: str | None
    tier: str
    """standard, flex, priority, batch, ultrafast, or the provider's own word where we have none."""
    speed: str | None
    """None: the usual one."""
    geo: str | None
    """Where it was served, as the provider says."""
    at: datetime
    """UTC."""
    notional: bool
