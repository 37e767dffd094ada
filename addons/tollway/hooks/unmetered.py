"""Calls that nothing meters, and that say what a conversation says: a count of its tokens, a batch."""

from mitmproxy.http import HTTPFlow, Request

from tollway.exchange import Exchange
from tollway.model import UPLOAD, Endpoint, Kind
from tollway.wire.coding import decode
from tollway.wire.looked_into import has_parts
from tollway.wire.request_body import LARGEST, most

JSON = "application/json"
TEXTS = ("", "text/plain", JSON)
"""Some providers read JSON whatever it is called."""


def may_have_texts(endpoint: Endpoint, request: Request) -> bool:
    """Whether what nothing meters is looked through: JSON, or what may be, and forms, to what may cost or is
    of an operation; all that is uploaded. What else passes is no text for a model, such as a log-in, which is
    made of secrets."""
    if not endpoint.provider or (endpoint.kind is not Kind.UNKNOWN and not endpoint.operation):
        return False
    media_type: str = request.headers.get("content-type", "")
    is_text = media_type.partition(";")[0].strip().lower() in TEXTS or has_parts(media_type)
    return is_text or endpoint.operation == UPLOAD


def is_too_long(endpoint: Endpoint, request: Request) -> bool:
    """Whether it is an upload that says to be longer than anything that is looked through."""
    length: str = request.headers.get("content-length", "")
    return endpoint.operation == UPLOAD and length.isdigit() and int(length) > LARGEST


def unmetered(flow: HTTPFlow, known: Exchange) -> None:
    """What is known of the body of a call that nothing else reads."""
    coding, raw = flow.request.headers.get("content-encoding", ""), flow.request.raw_content or b""
    media_type = flow.request.headers.get("content-type", "")
    is_named = has_parts(media_type) or known.endpoint.operation == UPLOAD
    known.media_type, known.request_bytes = media_type if is_named else JSON, len(raw)
    known.body = decode(raw, coding, most(len(raw)))
