"""When a rule of a route holds: what its `when` says of a call."""

import re
from collections.abc import Callable, Sequence
from datetime import time
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

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)
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

    @model_validator(mode="after")
    def _attributes(self) -> Self:
        for name in self.__pydantic_extra__ or {}:
            check_attribute(name)
        return self

    @property
    def attributes(self) -> dict[AttributeName, Any]:
        """Their conditions, by name."""
        return dict(self.__pydantic_extra__ or {})


def holds(when: When) -> Callable[[Circumstances], bool]:
    """Says whether a rule holds for a call."""
    tests = [(name, tester(name, condition)) for name, condition in when.attributes.items()]

    def meets(call: Circumstances) -> bool:
        return (
            all(meets(call.attributes.get(name)) for name, meets in tests)
            and (not when.days or DAYS[call.at.weekday()] in when.days)
            and (not when.time or _is_within(when.time, call.at.time()))
            and (when.size is None or _fits(when.size, call.size))
            and when.stream in (None, call.stream)
            and (when.tools is None or when.tools is call.has_tools)
            and (when.images is None or when.images is call.has_images)
        )

    return meets


def _is_within(spans: Sequence[Span], now: time) -> bool:
    return any(first <= now < last if first < last else (now >= first or now < last) for first, last in spans)


def _fits(size: Size, has: int) -> bool:
    is_over, count = size
    return has > count if is_over else has < count
