"""Actions of a limit as they are written: `clamp`, `wait 3s`, `{route: NAME}`, `block`."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema

from tollway.policy import duration
from tollway.policy.limit import Action, Block, Clamp, Route, Wait

FORM = "clamp, wait 3s, {route: NAME} or block"
NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
"""Of limits and routes: they stand in headers, metrics and messages."""
LONGEST_WAIT_US = 3_600 * 1_000_000
_WAIT = re.compile(r"wait +([0-9]{1,6})([A-Za-z]+)")


def written(action: Action) -> str | dict[str, str]:
    """An action as a policy says it."""
    match action:
        case Clamp():
            return "clamp"
        case Wait(us=us):
            return f"wait {duration.written(us)}"
        case Route(name=name):
            return {"route": name}
    return "block"


def parse(value: Any) -> Action:
    """The action that a value says. Raises ValueError."""
    if isinstance(value, Clamp | Wait | Route | Block):
        return value
    if value == "clamp":
        return Clamp()
    if value == "block":
        return Block()
    if isinstance(value, Mapping) and set(value) == {"route"}:
        name = value["route"]
        if isinstance(name, str) and re.fullmatch(NAME, name):
            return Route(name)
        raise ValueError("a route is known by its name, as {route: economy}")
    if isinstance(value, str) and value.split(" ")[0] == "wait":
        return _wait(value)
    said = f", not {value[:40]!r}" if isinstance(value, str) else ""
    raise ValueError(f"an action is {FORM}{said}")


def _wait(text: str) -> Wait:
    found = _WAIT.fullmatch(text)
    if found is None or found[2] not in duration.US:
        raise ValueError(f"write how long to wait as wait 3s, wait 500ms or wait 2m, not {text[:40]!r}")
    us = int(found[1]) * duration.US[found[2]]
    if not 0 < us <= LONGEST_WAIT_US:
        raise ValueError(f"a call waits for 1ms to 60m, not {found[1]}{found[2]}")
    return Wait(us)


def _ended(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """With the refusal last: it is added where it is not said, and nothing follows it."""
    end = actions.index(Block()) if Block() in actions else len(actions)
    return (*actions[:end], Block())


def _as_written(actions: tuple[Action, ...]) -> list[str | dict[str, str]]:
    return [written(action) for action in actions]


_ITEM: dict[str, Any] = {
    "anyOf": [
        {"enum": ["clamp", "block"]},
        {"type": "string", "pattern": r"^wait +[0-9]{1,6}(ms|s|m)$"},
        {
            "type": "object",
            "properties": {"route": {"type": "string", "pattern": NAME}},
            "required": ["route"],
            "additionalProperties": False,
        },
    ]
}
Actions = Annotated[
    tuple[Annotated[Action, PlainValidator(parse), WithJsonSchema(_ITEM)], ...],
    Field(strict=False),
    AfterValidator(_ended),
    PlainSerializer(_as_written),
]
"""A field of a policy that holds a list of actions; as a value, always ends with Block."""
