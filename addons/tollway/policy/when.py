"""When a rule of a route holds: what its `when` says of a call."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from functools import partial
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from tollway.budget.attributes import Value
from tollway.policy.left import PATTERN, PREFIX, LeftText, Share, is_met, key_of
from tollway.policy.pattern import AttributeName, ConditionText, check_attribute, tester
from tollway.routing.circumstances import Circumstances

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_SIZE = re.compile(r"(over|under) ([1-9]\d{0,8}) (B|KB|MB)")
_UNITS = {"B": 1, "KB": 1000, "MB": 1_000_000}

Span = tuple[time, time]
"""From the first to just before the second, which may be on the next day."""
Size = tuple[bool, int]
"""Whether it is over so many bytes, or under."""


def _some(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _span(value: Any) -> Span:
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('write a time of day as "22:00-06:00", of 00:00 to 23:59')
    hour, minute, to_hour, to_minute = map(int, found.groups())
    if (hour, minute) == (to_hour, to_minute):
        raise ValueError(f"{value} ends when it begins: leave it out for the whole day")
    return time(hour, minute), time(to_hour, to_minute)


def _day(value: str) -> str:
    if value not in DAYS:
        raise ValueError(f"write days as {', '.join(DAYS)}, not {value[:20]!r}")
    return value


def _size(value: Any) -> Size:
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("write a size as over 100 KB, or under 4 KB (B, KB or MB)")
    return found[1] == "over", int(found[2]) * _UNITS[found[3]]


_TEXT = {"type": "string"}
_APART = "budget.*"
"""Where keys about budgets are gathered: what a policy says there is gathered, too."""
_ONE_OR_SEVERAL = WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]})
SpanText = Annotated[Any, BeforeValidator(_span)]
Spans = Annotated[tuple[SpanText, ...], BeforeValidator(_some), Field(strict=False), _ONE_OR_SEVERAL]
Days = Annotated[
    tuple[Annotated[str, AfterValidator(_day)], ...],
    BeforeValidator(_some),
    Field(strict=False),
    _ONE_OR_SEVERAL,
]


class When(BaseModel):
    """All of it must be met. Other keys are attributes, as in a limit's `match`."""

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        strict=True,
        json_schema_extra={"patternProperties": {PATTERN: {"type": "string"}}},
    )
    __pydantic_extra__: dict[str, ConditionText] = Field(init=False)

    time: Spans = ()
    """In the policy's time zone; one of them."""
    days: Days = ()
    size: Annotated[Any, BeforeValidator(_size), WithJsonSchema(_TEXT)] = None
    """Of the request."""
    stream: bool | None = None
    tools: bool | None = None
    """Whether the model may call any."""
    images: bool | None = None
    """Whether it is shown any."""
    left: SkipJsonSchema[LeftText] = Field(default={}, alias="budget.*")
    """What is left of its limits: `budget.left`, `budget.left.team-month`."""

    @model_validator(mode="before")
    @classmethod
    def _budget_apart(cls, said: Any) -> Any:
        """What is said of budgets is no attribute."""
        if not isinstance(said, dict):
            return said
        about = {key: value for key, value in said.items() if key.startswith(PREFIX)}
        return {key: value for key, value in said.items() if key not in about} | {_APART: about}

    @model_validator(mode="after")
    def _attributes(self) -> Self:
        for name in self.__pydantic_extra__ or {}:
            check_attribute(name)
        return self

    @property
    def reads(self) -> bool:
        """Whether it asks what only a request's body, or its limits, tell."""
        return bool(self.left) or any(
            one is not None for one in (self.size, self.stream, self.tools, self.images)
        )

    @property
    def attributes(self) -> dict[AttributeName, Any]:
        """Their conditions, by name."""
        return dict(self.__pydantic_extra__ or {})


def holds(when: When) -> Callable[[Circumstances], bool]:
    """Says whether a rule holds for a call."""
    tests = tuple(conditions(when).values())
    return lambda call: all(test(call) for test in tests)


def conditions(when: When) -> Mapping[str, Callable[[Circumstances], bool]]:
    """Each of its conditions, by its key in the policy; what takes the longest to tell comes last."""
    found = {name: partial(_has, name, tester(name, said)) for name, said in when.attributes.items()}
    found |= {key_of(limit): partial(_has_left, limit, share) for limit, share in when.left.items()}
    for name, test in _TESTS.items():
        if (said := getattr(when, name)) not in ((), None):
            found[name] = partial(test, said)
    return found


def _has(name: str, meets: Callable[[Value], bool], call: Circumstances) -> bool:
    return meets(call.attributes.get(name))


def _has_left(limit: str, share: Share, call: Circumstances) -> bool:
    return is_met(limit, share, call.left)


def _is_within(spans: Sequence[Span], now: time) -> bool:
    return any(first <= now < last if first < last else (now >= first or now < last) for first, last in spans)


def _fits(size: Size, has: int) -> bool:
    is_over, count = size
    return has > count if is_over else has < count


_TESTS: Mapping[str, Callable[[Any, Circumstances], bool]] = {
    "days": lambda days, call: DAYS[call.at.weekday()] in days,
    "time": lambda spans, call: _is_within(spans, call.at.time()),
    "size": lambda size, call: _fits(size, call.size),
    "stream": lambda wanted, call: call.stream is wanted,
    "tools": lambda wanted, call: call.has_tools is wanted,
    "images": lambda wanted, call: call.has_images is wanted,
}
"""What they ask of a call itself."""
