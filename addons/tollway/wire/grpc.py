"""gRPC, of which nothing here reads a message: how its calls are known, and how one is refused.

A refusal is of headers alone ("Trailers-Only"): https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
"""

from urllib.parse import quote

ERRORS = "grpc"
"""As `Endpoint.errors`: the shape that a refusal takes."""
CONTENT = "application/grpc"
_CODES = {400: 3, 401: 16, 403: 7, 429: 8, 502: 14, 503: 14}
"""INVALID_ARGUMENT, UNAUTHENTICATED, PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNAVAILABLE."""
_DENIED = 7
_READABLE = "".join(chr(c) for c in range(0x20, 0x7F) if chr(c) != "%")
"""What a message has as it is; the rest is percent-encoded."""


def is_grpc(content_type: str) -> bool:
    """Whether a request of this content type is a call of gRPC (also `+proto`, and `-web` for browsers)."""
    return content_type.lower().lstrip().startswith(CONTENT)


def refused(status: int, message: str) -> dict[str, str]:
    """The headers of a refusal that has this status in HTTP; here that is 200, and there is no body."""
    return {
        "content-type": CONTENT,
        "grpc-status": str(_CODES.get(status, _DENIED)),
        "grpc-message": quote(message, safe=_READABLE),
    }
