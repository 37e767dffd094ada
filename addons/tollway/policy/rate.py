"""One entry of `rates` as it is written: how many calls, or tokens, are admitted in a time, or at once."""

import re
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from tollway.policy.action import Actions
from tollway.policy.allow import AllowText, count
from tollway.policy.entry import NameText, Per
from tollway.policy.limit import Clamp
from tollway.policy.pattern import AttributeName, ConditionText
from tollway.providers.schema import Strict

_TRIED: Any = ("wait 10s", "block")
"""As it would be written, so that the JSON Schema shows it."""
_BURST = re.compile(r"([0-9]+(?:\.[0-9]+)?)([A-Za-z]?)")
NO_BURST = "what is admitted at once is what this rate says already: burst is about those with a window"
MORE = "a burst is a part of what is admitted in the window: {} is more than {}"
NO_CLAMP = "a clamp lowers what a call may cost: a rate has wait, {route: NAME} and block"


def _burst(value: Any) -> Any:
    """`20k` as a number."""
    found = _BURST.fullmatch(value.strip()) if isinstance(value, str) else None
    if isinstance(value, str) and found is None:
        raise ValueError(f"write a burst as a number, 5 or 20k, not {value[:40]!r}")
    return count(*found.groups()) if found is not None else value


class RateEntry(Strict):
    """A rate. What it counted is known by name, match, per, what it allows and in which window."""

    name: NameText
    """What refusals and the ledger call it."""
    match: dict[AttributeName, ConditionText] = Field(default={})
    """Which calls: all conditions must be met. Empty: every call."""
    per: Per = ()
    """Counted apart for each value, or combination of values; empty: all together."""
    allow: AllowText
    """In any window of that length; it slides."""
    burst: (
        Annotated[
            int,
            BeforeValidator(_burst),
            Field(ge=1),
            WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]}),
        ]
        | None
    ) = None
    """No more than so much of it at once: in the part of the window that it is of the whole. None: all of it
    may come at once."""
    then: Actions = Field(default=_TRIED, validate_default=True)
    """What is tried with a call for which there is no room, in this order; the last is always Block."""

    @model_validator(mode="after")
    def _is_of_a_window(self) -> Self:
        if self.burst is not None:
            if self.allow.window_us is None:
                raise ValueError(NO_BURST)
            if self.burst > self.allow.number:
                raise ValueError(MORE.format(self.burst, self.allow.number))
        if Clamp() in self.then:
            raise ValueError(NO_CLAMP)
        return self


Rates = Annotated[tuple[RateEntry, ...], Field(strict=False)]
"""All that match a call must have room for it."""
