"""The texts of a stream of Anthropic's, event by event."""

import json

from tollway.wire.sse import EventStream


def texts(body: str) -> list[str]:
    """What each event says that says something."""
    deltas = (json.loads(data).get("delta", {}) for _, data in EventStream().feed(body.encode()))
    return [delta["text"] for delta in deltas if delta.get("text")]
