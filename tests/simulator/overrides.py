"""Scenarios as JSON: what `x-sim`, `POST /__scenario` and a command line say."""

from collections.abc import Callable
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

import orjson

from tests.simulator.scenario import Cut, Scenario, Socket
from tests.simulator.usage import Iteration, Usage


@lru_cache(maxsize=1024)
def override(base: Scenario, text: str) -> Scenario:
    """The base with the fields that a JSON object names.

    Lists stand for tuples, text for bytes (latin-1), an object for `usage` (merged into the base's), `cut`,
    `socket` and each of its `calls`. Raises ValueError that names an unknown field, or a value of the wrong
    kind.
    """
    changes = orjson.loads(text)
    if not isinstance(changes, dict):
        raise ValueError(f"a scenario is a JSON object, not {text[:40]}")
    return _merge(base, changes)


def _merge[T: (Scenario, Usage, Cut, Iteration, Socket)](base: T, changes: dict[str, Any]) -> T:
    known = {f.name for f in fields(base)}
    for name in changes:
        if name not in known:
            raise ValueError(
                f"{type(base).__name__} has no field {name!r}; it has {', '.join(sorted(known))}"
            )
    read = {name: READERS.get(name, _plain)(base, name, value) for name, value in changes.items()}
    return replace(base, **read)


def _plain(base: Any, name: str, value: Any) -> Any:
    if isinstance(value, dict | list):
        raise ValueError(f"{name}: expected a plain value, got {value!r}")
    kind = type(getattr(base, name))
    if kind in (bool, int, float, str) and not isinstance(
        value, kind | None | (int if kind is float else kind)
    ):
        raise ValueError(f"{name}: expected {kind.__name__}, got {value!r}")
    return value


def _bytes(base: Any, name: str, value: str | None) -> bytes | None:
    return None if value is None else value.encode("latin-1")


def _texts(base: Any, name: str, value: list[str]) -> tuple[str, ...]:
    return tuple(map(str, value))


def _pairs(base: Any, name: str, value: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(text)) for key, text in value)


def _statuses(base: Any, name: str, value: list[int]) -> tuple[int, ...]:
    return tuple(value)


def _usage(base: Scenario, name: str, value: dict[str, Any] | None) -> Usage | None:
    return None if value is None else _merge(base.usage or Usage(), value)


def _cut(base: Scenario, name: str, value: dict[str, Any] | None) -> Cut | None:
    return None if value is None else _merge(base.cut or Cut(), value)


def _socket(base: Scenario, name: str, value: dict[str, Any]) -> Socket:
    return _merge(base.socket, value)


def _calls(base: Socket, name: str, value: list[dict[str, Any]]) -> tuple[Scenario, ...]:
    return tuple(_merge(Scenario(), call) for call in value)


def _iterations(base: Usage, name: str, value: list[dict[str, Any]]) -> tuple[Iteration, ...]:
    return tuple(_merge(Iteration(), entry) for entry in value)


READERS: dict[str, Callable[[Any, str, Any], Any]] = {
    "body": _bytes,
    "texts": _texts,
    "headers": _pairs,
    "trailers": _pairs,
    "informational": _statuses,
    "usage": _usage,
    "cut": _cut,
    "socket": _socket,
    "calls": _calls,
    "iterations": _iterations,
}
"""How a field's JSON becomes its value; the rest is taken as it is."""
