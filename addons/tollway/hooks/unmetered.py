"""Calls that nothing meters, and that say what a conversation says: a count of its tokens, a batch."""

from mitmproxy.http import HTTPFlow, Request

from tollway.exchange import Exchange
from tollway.model import Endpoint, Kind
from tollway.wire.coding import decode
from tollway.wire.request_body import LARGEST

JSON = "application/json"
TEXTS = ("", "text/plain", JSON)
"""Some providers read JSON whatever it is called."""


def has_texts(endpoint: Endpoint, request: Request) -> bool:
    """Whether what nothing meters is looked through: JSON, or what may be, to what may cost or is of an
    operation. All else that passes is no text for a model, such as a log-in, which is made of secrets."""
    if not endpoint.provider or (endpoint.kind is not Kind.UNKNOWN and not endpoint.operation):
        return False
    media_type: str = request.headers.get("content-type", "")
    return media_type.partition(";")[0].strip().lower() in TEXTS


def unmetered(flow: HTTPFlow, known: Exchange) -> None:
    """What is known of the body of a call that nothing else reads."""
    coding, raw = flow.request.headers.get("content-encoding", ""), flow.request.raw_content or b""
    known.media_type, known.request_bytes = JSON, len(raw)
    known.body = decode(raw, coding, LARGEST)
