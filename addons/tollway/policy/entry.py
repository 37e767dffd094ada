"""One entry of `limits` as it is written: what may be spent, by whom, on what, in which time."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from tollway.budget.bucket import Enforce
from tollway.policy.action import NAME, Actions
from tollway.policy.amount import AmountText
from tollway.policy.levels import Levels
from tollway.policy.pattern import AttributeName, ConditionText
from tollway.policy.percent import PercentText
from tollway.policy.several import one_or_several
from tollway.policy.window import WindowText
from tollway.providers.schema import Strict

MOST_SPLIT = 4
"""So many attributes may `per` name."""
MOST_RAISES = 8
_TRIED: Any = ("clamp", "wait 3s", "block")
"""As it would be written, so that the JSON Schema shows it."""


def _no_twice(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name} stands twice")
    return names


def _sorted(levels: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(levels)))


def _name(text: str) -> str:
    if not re.fullmatch(NAME, text):
        form = "A-Z, a-z, 0-9, _ . and -, 64 at most, a letter or digit first"
        raise ValueError(f"write a name in {form}, not {text[:64]!r}")
    return text


NameText = Annotated[str, AfterValidator(_name), WithJsonSchema({"type": "string", "pattern": NAME})]
Per = Annotated[
    tuple[AttributeName, ...],
    BeforeValidator(one_or_several, json_schema_input_type=str | list[str]),
    Field(strict=False, max_length=MOST_SPLIT),
    AfterValidator(_no_twice),
]


class Raise(Strict):
    """More for a while: it is added to the limit's amount."""

    amount: AmountText
    """In the limit's own unit."""
    until: date
    """The last day, to its end, in the policy's time zone."""
    by: str = ""
    """Who granted it."""
    reason: str = ""


class LimitEntry(Strict):
    """A limit. Its bucket is known by name (or id), match, per, unit, window and notional: an edit of these
    makes another limit, whose buckets are rebuilt; an edit of the others keeps what was spent."""

    name: NameText
    """What refusals, alerts and `tollway budgets` call it."""
    id: NameText | None = None
    """Takes the name's place in the bucket's identity: a limit that has one may be renamed."""
    match: dict[AttributeName, ConditionText] = Field(default={})
    """Which calls: all conditions must be met. Empty: every call."""
    per: Per = ()
    """A bucket for each value, or combination of values; empty: one for all."""
    amount: AmountText
    window: WindowText
    enforce: Annotated[Enforce, Field(strict=False)] = Enforce.HARD
    then: Actions = Field(default=_TRIED, validate_default=True)
    """What is tried with a call that does not fit, in this order; the last is always Block."""
    at: Levels = Field(default={})
    """What is done before the amount is spent: at each of these shares of it, settled and held."""
    alerts: Annotated[
        tuple[PercentText, ...], Field(strict=False), AfterValidator(_sorted), PlainSerializer(list)
    ] = ()
    """Percentages of the amount, rising."""
    raises: Annotated[tuple[Raise, ...], Field(strict=False, max_length=MOST_RAISES)] = ()
    notional: bool = False
    """Whether calls under a flat plan count in USD."""
    store_down: Literal["closed", "open", "local"] | None = None
    """None: as `faults` says."""
    floor: Annotated[int, Field(ge=1, le=10**6)] | None = None
    """The least output maximum that a clamp may set, in tokens; None: what the dialect and the model need."""
