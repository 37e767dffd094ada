"""OpenAI's Responses on a socket, as Codex speaks it: `response.create` is the body of a request over HTTP.

Several may be under way, each on a lane of its own (`stream_id`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report
from tollway.sockets.calls import Call, Calls
from tollway.sockets.events import Event, Settings
from tollway.sockets.message import Members, inside, metadata, read, value, word
from tollway.sockets.openai_session import CREATE
from tollway.sockets.refusal import openai_error
from tollway.wire.openai_responses import OpenAIResponses, responded
from tollway.wire.output_fields import Place, places
from tollway.wire.request_body import parsed

_DIALECT = OpenAIResponses()
_WANTED = ("id", "model", "service_tier", "usage", "tool_usage", "tools", "error")
_NOTHING: Mapping[str, Any] = {}


class _Item(msgspec.Struct):
    type: Any = None
    action: Any = None


_ITEMS = msgspec.json.Decoder(list[_Item])
"""Of what came out only which tools were called counts: images in it are skipped."""


class Responses:
    """A `Form`."""

    operation = "chat"

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def asked(self, content: bytes, found: Members, settings: Settings) -> Asked:
        """As a request's body asks; it always streams."""
        asked = _DIALECT.read_request(self._endpoint, parsed(content) or _NOTHING)
        return replace(asked, stream=True, model=asked.model or settings.model)

    def unasked(self, settings: Settings) -> Asked:
        """A steered answer's successor goes on as it did: with which settings, its parent's message said."""
        return Asked(model=settings.model, stream=True)

    def mark(self, call: Call, found: Members) -> None:
        """Its lane; metadata come back, too."""
        call.lane, call.metadata = word(found, "stream_id"), metadata(found)

    def told(self, event: Members, settings: Settings) -> Report:
        """As the last event of a stream tells."""
        response = inside(event, "response")
        said = {key: value(response, key) for key in _WANTED}
        if "copilot_usage" in event:
            said["copilot_usage"] = value(event, "copilot_usage")
        return replace(responded(Report(), {**said, "output": _output(response)}), complete=True)

    def noted(self, kinds: frozenset[str], found: Members) -> None:
        """None of them is billed."""

    def stands(self, settings: Settings, kind: str, event: Members) -> Settings:
        """There are none."""
        return settings

    def extra(
        self, calls: Calls, kind: str, event: Members, settings: Settings, at: int
    ) -> list[Event] | None:
        """There is nothing."""
        return None

    def failed(self, calls: Calls, error: Members, lane: str | None) -> Call | None:
        """The one that has waited longest, else the only one under way: an error ends its stream."""
        return calls.waiting(lane) or calls.only(lane)

    def refusal(self, call: Call | None, status: int, message: str, code: str) -> bytes:
        """With the status that HTTP would have had, and the lane."""
        lane = {"stream_id": call.lane} if call is not None and call.lane is not None else {}
        return openai_error(status, message, code, {"status": status, **lane})

    def places(self, kinds: frozenset[str], found: Members) -> Iterable[Place]:
        """As over HTTP."""
        return places(self._endpoint, Asked(), _NOTHING) if CREATE in kinds else ()

    def texts(self, found: Members) -> Iterable[str]:
        """As over HTTP; what steers an answer is `input`, too."""
        return _DIALECT.texts(read(found))


def _output(response: Members) -> list[dict[str, Any]] | None:
    try:
        items = _ITEMS.decode(bytes(response.get("output", b"")))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return [{"type": item.type, "action": item.action} for item in items]
