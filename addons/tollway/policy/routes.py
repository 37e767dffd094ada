"""Where calls may be moved to: the section `routes` of a policy."""

import re
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from tollway.policy.entry import NameText
from tollway.providers.schema import Strict


def _target(value: str) -> str:
    provider, slash, model = value.partition("/")
    if not slash or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", provider) or not model.strip():
        raise ValueError(f"write the target as provider/model, as openai/gpt-5-mini, not {value[:60]!r}")
    if "*" in model or "?" in model:
        raise ValueError(f"a target is one model, not a pattern, as {value[:60]!r} is")
    return value


class RouteRule(Strict):
    """Which models a route moves, and to which."""

    model_config = ConfigDict(populate_by_name=False)

    from_: Annotated[str, StringConstraints(min_length=1, max_length=256)] = Field(alias="from")
    """A model or pattern (`*`, `?`), with `provider/` in front or without; in any case."""
    to: Annotated[str, AfterValidator(_target)]
    """`provider/model`; `provider/same` keeps the model."""


def _some(rules: tuple[RouteRule, ...]) -> tuple[RouteRule, ...]:
    if not rules:  # pydantic's own `min_length` also counts those that are wrong as missing
        raise ValueError("must not be empty")
    return rules


Routes = dict[NameText, Annotated[tuple[RouteRule, ...], Field(strict=False), AfterValidator(_some)]]
"""By name: rules of which the first that matches holds."""
