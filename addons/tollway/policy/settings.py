"""What a rule of a route changes in the requests that it sends somewhere: its `set`."""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from tollway.providers.schema import Strict
from tollway.routing.effort import EFFORTS
from tollway.routing.setting import DROP, Settings

TIERS = ("auto", "standard", "flex", "priority")
VERBOSITIES = ("low", "medium", "high")
LARGEST = 2**63 - 1


def _number(least: float, most: float) -> BeforeValidator:
    def check(value: Any) -> Any:
        if isinstance(value, Decimal):  # as the policy's reader has what is no whole number
            value = float(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if value != DROP and not (is_number and least <= value <= most):
            raise ValueError(f"write a number of {least:g} to {most:g}, or drop")
        return value

    return BeforeValidator(check)


def _whole(least: int) -> BeforeValidator:
    def check(value: Any) -> Any:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if value != DROP and not (is_whole and least <= value <= LARGEST):
            raise ValueError(f"write a whole number, {least} or more, or drop")
        return value

    return BeforeValidator(check)


def _word(words: tuple[str, ...]) -> BeforeValidator:
    def check(value: Any) -> Any:
        if value not in (*words, DROP):
            raise ValueError(f"write {', '.join(words)} or drop")
        return value

    return BeforeValidator(check)


def _or_drop(**said: Any) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [said, {"const": DROP}]})


def _enum(words: tuple[str, ...]) -> WithJsonSchema:
    return WithJsonSchema({"enum": [*words, DROP]})


Share = Annotated[Any, _number(0, 1), _or_drop(type="number", minimum=0, maximum=1)]
Heat = Annotated[Any, _number(0, 2), _or_drop(type="number", minimum=0, maximum=2)]
Penalty = Annotated[Any, _number(-2, 2), _or_drop(type="number", minimum=-2, maximum=2)]
Count = Annotated[Any, _whole(1), _or_drop(type="integer", minimum=1)]
Seed = Annotated[Any, _whole(0), _or_drop(type="integer", minimum=0)]
Effort = Annotated[Any, _word(EFFORTS), _enum(EFFORTS)]
Verbosity = Annotated[Any, _word(VERBOSITIES), _enum(VERBOSITIES)]
Tier = Annotated[Any, _word(TIERS), _enum(TIERS)]


class SetEntry(Strict):
    """Parameters, each with its value, or `drop`. One that a model is known to refuse is left out there."""

    reasoning_effort: Effort = None
    """A model that knows no such word gets the nearest that it knows."""
    temperature: Heat = None
    top_p: Share = None
    top_k: Count = None
    presence_penalty: Penalty = None
    frequency_penalty: Penalty = None
    seed: Seed = None
    verbosity: Verbosity = None
    service_tier: Tier = None
    """As its provider calls it; one that has none is no target."""
    max_output_tokens: Annotated[int, Field(ge=1, le=10**7)] | None = None
    """No call may write more; it is never raised, so it can't be dropped."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.settings:
            raise ValueError("must not be empty")
        return self

    @property
    def settings(self) -> Settings:
        """As calls meet them."""
        every = ((name, getattr(self, name)) for name in type(self).model_fields)
        return tuple((name, value) for name, value in every if value is not None)
