"""A call that nobody has made: what is known of it, and what is said of the moment it comes at."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from msgspec import Struct

from tollway.budget.attributes import Value
from tollway.budget.bucket import Enforce
from tollway.budget.left import ALL, Left
from tollway.policy.left import TIGHTEST
from tollway.routing.circumstances import Circumstances
from tollway.routing.resolve import Target


class Call(Struct, frozen=True, kw_only=True):
    """One."""

    attributes: Mapping[str, Value]
    """Without its model; somebody vouches for all of them."""
    models: tuple[str, ...]
    """That it names; the first is the one that it asks for."""
    at: datetime
    """In the policy's time zone."""
    wish: str | None = None
    """The route that it asks for."""
    size: int = 0
    stream: bool = False
    tools: bool = False
    images: bool = False
    shares: Mapping[str, Fraction] = {}
    """What is left: by limit; in TIGHTEST, of each limit that is not named itself."""

    @property
    def target(self) -> Target | None:
        """Whom it asks for what; None: nobody said."""
        provider = self.attributes.get("provider")
        if not self.models or not isinstance(provider, str):
            return None
        return Target(provider, self.models[0])

    @property
    def who(self) -> str | None:
        """By whom its share of a split is known: the session, else the caller."""
        names = ("session", "user", "service")
        return next((str(self.attributes[name]) for name in names if self.attributes.get(name)), None)

    def left_of(self, limit: str) -> Fraction:
        """The share of a limit's amount that is left."""
        return self.shares.get(limit, self.shares.get(TIGHTEST, ALL))

    @property
    def known(self) -> Mapping[str, Value]:
        """Its attributes, as it is asked."""
        return {**self.attributes, "model": self.models[0] if self.models else None}

    def known_at(self, target: Target) -> Mapping[str, Value]:
        """Its attributes, once it is there."""
        return {**self.attributes, "provider": target.provider, "model": target.model}

    @property
    def operation(self) -> str:
        """What it does; empty: nobody said."""
        return str(self.attributes.get("operation") or "")

    @property
    def body(self) -> Mapping[str, Any]:
        """The members of a request that has what is said of it."""
        body: dict[str, Any] = {"tools": [{}]} if self.tools else {}
        if self.images:
            body["messages"] = [{"type": "image"}]
        return body

    def circumstances(self, target: Target, limits: Mapping[str, Enforce]) -> Circumstances:
        """What rules may ask of it there. `limits`: those that it meets there."""
        by_limit = {name: self.left_of(name) for name in limits}
        tight = [by_limit[name] for name, enforce in limits.items() if enforce is not Enforce.SHADOW]
        tight.append(self.shares.get(TIGHTEST, ALL))
        return Circumstances(
            attributes=self.known_at(target),
            at=self.at,
            size=self.size,
            stream=self.stream,
            body=self.body,
            left=Left(min(tight), by_limit),
        )
