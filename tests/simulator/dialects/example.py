"""The smallest JSON that a JSON Schema asks for, so that clients which want JSON get some they can use."""

from collections.abc import Mapping
from typing import Any

import orjson

PLAIN: dict[str, Any] = {"string": "simulated", "integer": 1, "number": 1, "boolean": True, "null": None}
DEEP = 20
"""A schema nested deeper than this gets null there."""


def example(schema: object) -> str:
    """JSON text for a schema, of which types, properties, items, enum and const are heeded."""
    return orjson.dumps(_value(schema, 0)).decode()


def example_for(body: Mapping[str, Any], *path: str) -> str | None:
    """An example for the schema at a path in a request; None if there is none."""
    schema: object = body
    for key in path:
        schema = schema.get(key) if isinstance(schema, Mapping) else None
    return example(schema) if isinstance(schema, Mapping) else None


def _value(schema: object, depth: int) -> Any:
    if not isinstance(schema, Mapping) or depth > DEEP:
        return None
    if "const" in schema:
        return schema["const"]
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return schema["enum"][0]
    kind = _kind(schema)
    if kind == "object":
        properties = schema.get("properties")
        named = properties if isinstance(properties, Mapping) else {}
        return {str(name): _value(inner, depth + 1) for name, inner in named.items()}
    if kind == "array":
        return [_value(schema.get("items"), depth + 1)]
    return PLAIN.get(kind)


def _kind(schema: Mapping[str, Any]) -> str:
    """Gemini writes its types in capitals; several types: the first."""
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    return kind.lower() if isinstance(kind, str) else "object"
