"""Values of a body as text."""

import orjson

from tollway.inspection.conversation import clipped


def as_json(value: object) -> str:
    """The value as JSON, a text as it is; what can't be written says so."""
    if isinstance(value, str):
        return clipped(value)
    try:
        return clipped(orjson.dumps(value).decode())
    except TypeError:  # nested deeper than it writes, or a file's bytes
        return "[no JSON]"
