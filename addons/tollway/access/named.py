"""Which models a request may run: all that its path and its body name, and whether there may be others."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tollway.model import BATCH, RETRIEVE, Endpoint, Kind
from tollway.wire.duplicates import named_twice
from tollway.wire.form import is_form, names_of

NOT_READ = "nothing here reads it (faults: unknown_call)"
NOT_A_BODY = "its body is not what this path takes (faults: unknown_call)"
A_BATCH = "nothing here reads what is in a batch (faults: batch)"
NAMED_TWICE = "its body names something twice, and which of the two counts is for the provider to say"
NO_MODEL = "it names no model"
CHOSEN = "it leaves the model to the provider"

TOO_MANY = "it names more models than anybody chooses from"
MOST_MODELS = 16
"""Of one call: to find all names of a model takes a millisecond."""

WITHOUT_MODEL = frozenset({"perplexity_search"})
"""Dialects whose requests run no model that has a name."""

_ENDS = ("model", "models", "modelid", "modelids", "modelname", "fallbacks")
"""How the names of members end that name models, whatever they are called in full."""
_ACTING = frozenset({"agent", "agentid", "preset"})
"""Members that name what has a model of its own."""
_CHOOSING = frozenset({"routingconfig", "modelselectionconfig"})
"""Members that have the provider choose (Gemini's generationConfig)."""
_CONTENT = frozenset({
    "messages", "input", "inputs", "contents", "system", "systeminstruction", "instructions", "prompt",
    "documents", "texts", "query", "metadata", "clientmetadata", "requestmetadata", "labels", "variables",
    "cachedcontent", "parameters", "parametersjsonschema", "inputschema", "schema", "jsonschema",
    "responseschema", "responsejsonschema", "properties", "examples",
})  # fmt: skip
"""Members that hold what models read, or what the caller made up: no model is chosen there."""


LONGEST = 64
"""Characters of a member's name that is remembered: clients choose it."""
_MARKS = re.compile(r"[^a-z0-9]+")


class Named(Struct, frozen=True):
    """The models that a request may run."""

    models: tuple[str, ...] = ()
    """As the request names them, each once."""
    opaque: tuple[str, ...] = ()
    """Names of what has a model of its own: agents, presets."""
    unknown: str | None = None
    """Why there may be others, if there may."""
    tells_operation: bool = True
    """False: not even the operation is known."""
    runs_none: bool = False
    """It shows what was made earlier: no model runs."""


def named(
    endpoint: Endpoint,
    parsed: Mapping[str, Any] | None,
    body: bytes | None,
    media_type: str,
    models: bool = True,
) -> Named:
    """What a request names. `parsed`: its members, None if nothing read them; `body`: as they were read.

    `models`: False where nobody asks for those, which take a while to find.
    """
    path = (endpoint.model,) if endpoint.model else ()
    if not models:
        return Named(path, tells_operation=endpoint.kind is not Kind.UNKNOWN or bool(endpoint.operation))
    if endpoint.kind is Kind.UNKNOWN:
        why = A_BATCH if endpoint.operation == BATCH else NOT_READ
        return Named(path, unknown=why, tells_operation=bool(endpoint.operation))
    if endpoint.operation == RETRIEVE:
        return Named(path, runs_none=True)
    if parsed is None:
        return Named(path, unknown=NOT_A_BODY)
    found = named_once(endpoint, parsed)
    is_twice = found.unknown != TOO_MANY and _is_ambiguous(body or b"", media_type)
    return replace(found, unknown=NAMED_TWICE) if is_twice else found


def named_once(endpoint: Endpoint, parsed: Mapping[str, Any]) -> Named:
    """What a request for an answer names whose body names nothing twice."""
    found = named_in(parsed, (endpoint.model,) if endpoint.model else ())
    if not (found.models or found.opaque or endpoint.dialect in WITHOUT_MODEL):
        return replace(found, unknown=found.unknown or NO_MODEL)
    return found


def named_in(parsed: Mapping[str, Any], path: tuple[str, ...] = ()) -> Named:
    """What a body's members name, at any depth, besides the path."""
    found = _Found(parsed)
    names = tuple(dict.fromkeys((*path, *found.models)))
    unknown = CHOSEN if found.chooses else None
    if len(names) > MOST_MODELS:
        names, unknown = names[:MOST_MODELS], TOO_MANY
    return Named(names, tuple(dict.fromkeys(found.opaque)), unknown)


class _Found:
    """What the members of a body name, but for what is content."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.models: list[str] = []
        self.opaque: list[str] = []
        self.chooses = False
        for key in _acting(body):
            self._act(body[key])
        todo: list[Mapping[str, Any]] = [body]
        while todo:
            for key, value in todo.pop().items():
                folded = _folded(key)
                if folded not in _CONTENT:
                    self._take(folded, value)
                    todo += _objects(value)

    def _act(self, value: Any) -> None:
        if isinstance(value, str) and value:
            self.opaque.append(value)
        else:
            self.chooses = self.chooses or bool(value)

    def _take(self, key: str, value: Any) -> None:
        if key in _CHOOSING:
            self.chooses = self.chooses or bool(value)
        elif _names_models(key):
            for one in value if isinstance(value, list) else (value,):
                self._name(one)

    def _name(self, value: Any) -> None:
        """Of an object, what its members name is found by itself."""
        if isinstance(value, str):
            self.models += [value] if value else []
        elif value is not None and not (isinstance(value, dict) and any(map(_names_models, value))):
            self.chooses = True


def _acting(body: Mapping[str, Any]) -> list[str]:
    return [key for key in body if _folded(key) in _ACTING]


def _names_models(key: str) -> bool:
    return _folded(key).endswith(_ENDS)


def _is_ambiguous(body: bytes, media_type: str) -> bool:
    """Whether another reader of the body may find another model."""
    if not is_form(media_type):
        return named_twice(body) is not None
    names = names_of(body, media_type)
    if names is None:
        return True
    naming = [_folded(name) for name in names if _names_models(name)]
    return len(set(naming)) < len(naming)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    for one in value if isinstance(value, list) else (value,):
        if isinstance(one, dict):
            yield one


def _folded(key: str) -> str:
    """A member's name as a reader may take it that is not strict: model_id, ModelId, "model\\u0000"."""
    return _remembered(key) if len(key) <= LONGEST else _fold(key)


def _fold(key: str) -> str:
    return _MARKS.sub("", key.casefold())


_remembered = lru_cache(4096)(_fold)
