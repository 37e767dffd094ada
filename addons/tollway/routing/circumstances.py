"""What a rule may ask of a call beside its model: its attributes, when it comes, and what is in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from tollway.budget.attributes import Value
from tollway.budget.left import Left
from tollway.routing.contents import has_images, has_tools


class Circumstances(Struct, frozen=True, kw_only=True):
    """Of one call."""

    attributes: Mapping[str, Value]
    at: datetime
    """When it came, in the policy's time zone."""
    size: int
    """Bytes of its request, decoded."""
    stream: bool
    body: Mapping[str, Any]
    left: Left = Left()
    """Of the budgets that it meets."""

    def __repr__(self) -> str:
        """Without the body."""
        return f"Circumstances({self.size} bytes at {self.at})"

    @property
    def has_tools(self) -> bool:
        """Whether the model may call any, the caller's or its provider's."""
        return has_tools(self.body)

    @property
    def has_images(self) -> bool:
        """Whether there is a picture among what the model reads."""
        return has_images(self.body)
