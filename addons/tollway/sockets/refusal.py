"""How a socket's client is told that a call is not to be, and why its socket closes."""

from collections.abc import Mapping

import orjson

from tollway.wire.gemini import google_error
from tollway.wire.openai_error import error

POLICY = 1008
"""Policy violation (RFC 6455, section 7.4.1): what OpenAI and Google close with, too."""
_LONGEST = 123
"""Bytes of a reason: a close frame has 125, of which two are the code."""


def openai_error(
    status: int, message: str, code: str, said: Mapping[str, object], about: str | None = None
) -> bytes:
    """An error event of OpenAI's; the socket stays open.

    `said`: what else the event says. `about`: the `event_id` of the client's message.
    """
    body = orjson.loads(error(status, message, code))
    if about is not None:
        body["error"]["event_id"] = about
    return orjson.dumps({"type": "error", **said, **body})


def google_turn(status: int, message: str, code: str) -> bytes:
    """A turn that is over before it began. Google's sockets know no error message: what waits for an answer
    is told that none comes, and the error stands beside that."""
    content = {"turnComplete": True, "turnCompleteReason": "RESPONSE_REJECTED"}
    return orjson.dumps({"serverContent": content, **orjson.loads(google_error(status, message, code))})


def closing(reason: str) -> tuple[int, str]:
    """The code and the reason of a close because there is no money left: as much of it as a frame takes."""
    return POLICY, reason.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore")
