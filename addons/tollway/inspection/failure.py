"""What a provider says went wrong."""

from collections.abc import Mapping
from typing import Any

from tollway.inspection.members import string
from tollway.wire.counts import part

MOST = 2000
"""Characters that are kept."""


def failure(answer: Mapping[str, Any]) -> str | None:
    """The error that an answer or an event carries, in its own words; None: it carries none."""
    error = answer.get("error") or part(answer, "response").get("error")
    if isinstance(error, Mapping) and error:
        kind = string(error, "type", "status", "code")
        return (
            f"{kind}: {string(error, 'message') or kind}"[:MOST]
            if kind
            else string(error, "message")[:MOST] or "error"
        )
    if isinstance(error, str) and error:
        return error[:MOST]
    for name in ("message", "detail", "Message"):
        said = answer.get(name)
        if isinstance(said, str) and said and not {"choices", "text"} & answer.keys():
            return said[:MOST]
    return None
