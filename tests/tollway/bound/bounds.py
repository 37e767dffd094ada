"""Requests of each shape, and their bounds."""

from collections.abc import Mapping
from typing import Any

from tollway.bound.bound import Bound, Unbounded
from tollway.bound.capacity import UNKNOWN, Capacity
from tollway.bound.table import bound_of
from tollway.model import Endpoint, Kind
from tollway.wire import DIALECTS

LARGE = Capacity(context=200_000, max_output=64_000, image=1_600)
SAID = [{"role": "user", "content": "Hi"}]
CHAT = {"model": "m", "messages": SAID}
CLAUDE = CHAT | {"max_tokens": 100}
RESPONSE = {"model": "m", "input": "Hi"}
GEMINI = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}


def endpoint(dialect: str, provider: str = "any", **known: Any) -> Endpoint:
    """An endpoint of that dialect."""
    return Endpoint(
        kind=Kind.INFERENCE, provider=provider, host="h", operation="chat", dialect=dialect, **known
    )


def found(
    dialect: str, body: Mapping[str, Any], capacity: Capacity = UNKNOWN, **known: Any
) -> Bound | Unbounded:
    """The bound of a body, read as its dialect does."""
    where = endpoint(dialect, **known)
    return bound_of(where, DIALECTS[dialect].read_request(where, body), body, capacity)


def bounded(dialect: str, body: Mapping[str, Any], capacity: Capacity = UNKNOWN, **known: Any) -> Bound:
    """Likewise, where there has to be one."""
    bound = found(dialect, body, capacity, **known)
    assert isinstance(bound, Bound), bound
    return bound


def read(bound: Bound) -> int:
    """Its input."""
    assert bound.usage.input_tokens is not None
    return bound.usage.input_tokens


def reason(dialect: str, body: Mapping[str, Any], capacity: Capacity = UNKNOWN, **known: Any) -> str:
    """Why there is none, where there must not be one."""
    bound = found(dialect, body, capacity, **known)
    assert isinstance(bound, Unbounded), bound
    return bound.reason
