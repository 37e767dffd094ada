"""Routes that callers may ask for, with `x-tollway-route`: the section `on_request` of a policy."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from tollway.budget.attributes import Value
from tollway.policy.entry import NameText
from tollway.policy.pattern import AttributeName, ConditionText, tester
from tollway.policy.whose_key import sure
from tollway.providers.schema import Strict


def _some(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise ValueError("must not be empty")
    return names


class Permission(Strict):
    """Who may ask for which routes."""

    match: dict[AttributeName, ConditionText] = Field(default={})
    """Which calls: all conditions must be met. Empty: every call."""
    routes: Annotated[tuple[NameText, ...], Field(strict=False), AfterValidator(_some)]
    """Of `routes`."""


OnRequest = Annotated[tuple[Permission, ...], Field(strict=False)]
"""A call may ask for the routes of all entries that match it."""


class Permissions:
    """Those of one policy."""

    def __init__(self, entries: Sequence[Permission]) -> None:
        self._entries = [
            (entry.routes, [(name, sure(tester(name, condition))) for name, condition in entry.match.items()])
            for entry in entries
        ]

    def of(self, attributes: Mapping[str, Value]) -> tuple[str, ...]:
        """The routes that a call may ask for, in the policy's order. `attributes`: as far as somebody vouches
        for them (`budget.attributes.vouched`)."""
        found = [
            name
            for names, tests in self._entries
            if all(meets(attributes.get(attribute)) for attribute, meets in tests)
            for name in names
        ]
        return tuple(dict.fromkeys(found))


def why_not(route: str, allowed: Sequence[str]) -> str | None:
    """Why a call does not get the route that it asks for: it is not there, or not for this caller."""
    if route in allowed:
        return None
    there = f"there are {', '.join(allowed)}" if allowed else "there are none"
    return f"Tollway: no route {route[:64]!r} may be asked for with this call (x-tollway-route): {there}"
