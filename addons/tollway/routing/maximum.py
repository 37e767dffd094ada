"""No request asks a model for more output than it writes: that would be refused, and brings no more."""

from collections.abc import Mapping
from typing import Any

from tollway.model import Asked, Endpoint
from tollway.wire.output_maximum import clamped, floor, may_clamp


def lowered(
    endpoint: Endpoint, asked: Asked, body: bytes, parsed: Mapping[str, Any], most: int | None
) -> bytes | str | None:
    """The body with an output maximum that the model can keep to; None: it has no higher one; a text: why it
    can't be lowered.

    `endpoint`, `asked`, `parsed` are of this body, where it goes. `most`: what the model there writes at the
    most; None: that is not known.
    """
    said = asked.max_output_tokens
    if most is None or said is None or said <= most:
        return None
    if not may_clamp(endpoint, asked, parsed) or floor(endpoint, asked, parsed, own=1) > most:
        return f"it asks for {said} tokens, and {asked.model or endpoint.model} writes {most}"
    return clamped(endpoint, asked, body, parsed, most)
