"""What counts as a failure of a target, as it is written: `on: [429, 5xx, connect, timeout 20s]`."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from tollway.policy import duration
from tollway.policy.some import some
from tollway.providers.schema import Strict
from tollway.routing.breaker import Tripping
from tollway.routing.failing import Failing

FORM = "a status such as 429, a class such as 5xx, connect, headers 5s, or timeout 20s"
LONGEST_US = 3_600 * 1_000_000
_CLASS = re.compile(r"([345])xx")
_TIME = re.compile(r"([0-9]{1,6})(ms|s|m)")
_TIMES = {"headers": "headers_us", "timeout": "first_byte_us"}


def _time(text: str) -> int:
    found = _TIME.fullmatch(text)
    us = int(found[1]) * duration.US[found[2]] if found else 0
    if not 0 < us <= LONGEST_US:
        raise ValueError(f"write a time of 1ms to 60m, as 20s, 500ms or 2m, not {text[:40]!r}")
    return us


def _status(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    if not 300 <= value <= 599:
        raise ValueError(f"statuses of failures are 300 to 599, not {value}")
    return value


def _failure(value: Any) -> tuple[str, int]:
    if (status := _status(value)) is not None:
        return "status", status
    kind, _, rest = value.partition(" ") if isinstance(value, str) else ("", "", "")
    if kind in _TIMES and rest:
        return _TIMES[kind], _time(rest)
    if value == "connect":
        return "connect", 1
    if isinstance(value, str) and (found := _CLASS.fullmatch(value)):
        return "class", int(found[1])
    raise ValueError(f"a failure is {FORM}" + (f", not {value[:40]!r}" if isinstance(value, str) else ""))


def _rest(value: Any) -> int:
    if not isinstance(value, str):
        raise ValueError("write a time as 30s, 500ms or 2m")
    return _time(value)


_ITEM = {
    "anyOf": [
        {"type": "integer", "minimum": 300, "maximum": 599},
        {"type": "string", "pattern": r"^([345]xx|connect|(headers|timeout) [0-9]{1,6}(ms|s|m))$"},
    ]
}
FailureText = Annotated[Any, BeforeValidator(_failure), WithJsonSchema(_ITEM)]
Failures = Annotated[tuple[FailureText, ...], Field(strict=False), AfterValidator(some)]
"""Kinds of failures, each with its number: a status, a class, or microseconds."""
USUAL: tuple[tuple[str, int], ...] = (("status", 429), ("class", 5), ("connect", 1))
"""What counts where nothing is said."""
RestText = Annotated[
    Any, BeforeValidator(_rest), WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,6}(ms|s|m)$"})
]


class BreakerEntry(Strict):
    """When a target that keeps failing is left alone, and how long."""

    failures: Annotated[int, Field(ge=1, le=1000)] = 5
    """In a row."""
    rest: RestText = Tripping().rest_us

    @property
    def tripping(self) -> Tripping:
        """As calls meet it."""
        return Tripping(failures=self.failures, rest_us=self.rest)


def _breaker(value: Any) -> Any:
    return None if value == "none" else value


BreakerText = Annotated[BreakerEntry | None, BeforeValidator(_breaker)]


def failing(on: tuple[tuple[str, int], ...], retries: int, breaker: BreakerEntry | None) -> Failing:
    """What a rule says of failures. Of several times of one kind the shortest counts."""

    def shortest(kind: str) -> int | None:
        return min((number for name, number in on if name == kind), default=None)

    return Failing(
        statuses=frozenset(number for name, number in on if name == "status"),
        classes=frozenset(number for name, number in on if name == "class"),
        connect=("connect", 1) in on,
        headers_us=shortest("headers_us"),
        first_byte_us=shortest("first_byte_us"),
        retries=retries,
        tripping=breaker.tripping if breaker is not None else None,
    )


def written(failing: Failing) -> tuple[str, ...]:
    """What counts as a failure, as a policy says it."""
    times = {name: us for name in _TIMES if (us := getattr(failing, _TIMES[name])) is not None}
    return (
        *(str(status) for status in sorted(failing.statuses)),
        *(f"{digit}xx" for digit in sorted(failing.classes)),
        *(("connect",) if failing.connect else ()),
        *(f"{name} {duration.written(us)}" for name, us in times.items()),
    )
