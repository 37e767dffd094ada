"""Routes that calls take without a limit being hit: the section `always` of a policy."""

from typing import Annotated

from pydantic import Field

from tollway.policy.entry import NameText
from tollway.policy.pattern import AttributeName, ConditionText
from tollway.providers.schema import Strict


class Standing(Strict):
    """Which calls take a route in any case."""

    match: dict[AttributeName, ConditionText] = Field(default={})
    """Which calls: all conditions must be met. Empty: every call."""
    route: NameText
    """One of `routes`."""


Always = Annotated[tuple[Standing, ...], Field(strict=False)]
"""The first entry that matches a call, and whose route moves it, holds."""
