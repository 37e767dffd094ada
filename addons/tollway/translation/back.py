"""Which translator an answer takes: by its status, and by what its head says of it."""

from collections.abc import Mapping

from tollway.translation.answer import ChatWhole
from tollway.translation.errors import ErrorBody
from tollway.translation.stream import ChatStream
from tollway.translation.way_back import Translator, WayBack


def translator(back: WayBack, status: int, headers: Mapping[str, str], streams: bool) -> Translator:
    """The translator. `headers`: by lower-case name; `streams`: the caller asked for a stream."""
    if status >= 300:
        return ErrorBody(status)
    kind = headers.get("content-type", "").lower()
    if "event-stream" in kind or (streams and "json" not in kind):
        return ChatStream(back)
    return ChatWhole(back)
