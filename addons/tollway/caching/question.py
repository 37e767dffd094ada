"""A call, as far as its answer may depend on it."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tollway.model import Asked, Endpoint


class Question(Struct, frozen=True, kw_only=True):
    """As the caller asks, without what guardrails took out, before any route or limit changes it."""

    endpoint: Endpoint
    port: int
    addressed: tuple[str, ...]
    """All that it says itself of whom it is for: its `:authority` or the authority of its target, and each of
    its Host headers. Servers of several names go by that, not by the name in the hello."""
    method: str
    path: str
    """As it was asked for, with its query."""
    headers: Mapping[str, str]
    """By lower-case name, all values of a name as one (`hooks.headers.whole`)."""
    asked: Asked
    body: bytes
    """Decoded: `parsed` is what it says."""
    parsed: Mapping[str, Any]
    media_type: str = ""

    def __repr__(self) -> str:
        """Without what it says."""
        return f"Question({self.endpoint.provider}, {self.endpoint.operation}, {len(self.body)} bytes)"
