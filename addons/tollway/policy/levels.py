"""Levels of a limit as they are written: `at: {80%: {route: economy}}`."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from tollway.policy.action import NAME
from tollway.providers.schema import Strict

MOST = 100
_PERCENT = re.compile(r"(0|[1-9][0-9]{0,5})%")


def _read(value: Any) -> int:
    found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("write a level as a whole percentage of the amount, as 80%")
    if not 1 <= int(found[1]) <= MOST:
        raise ValueError(f"a level is 1% to {MOST}% of the amount, not {value}")
    return int(found[1])


def _name(text: str) -> str:
    if not re.fullmatch(NAME, text):
        raise ValueError("a route is known by its name, as {route: economy}")
    return text


class Degrade(Strict):
    """What is done with calls that meet the limit from a level on."""

    route: Annotated[str, AfterValidator(_name), WithJsonSchema({"type": "string", "pattern": NAME})]
    """One of `routes`."""


LevelText = Annotated[
    int,
    BeforeValidator(_read),
    PlainSerializer(lambda number: f"{number}%"),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,3}%$"}),
]
Levels = dict[LevelText, Degrade]
"""By percentage of the amount."""
