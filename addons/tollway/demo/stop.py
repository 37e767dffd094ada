"""A call of a tour, as it is planned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Who calls whom, and what the provider answers."""

    person: str
    program: str
    does: str
    """What the person does, as the tour says it."""
    url: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)
    """What the simulator is told: the fields of its scenario."""
    leave: bool = False
    """Go away in the middle of the answer."""
