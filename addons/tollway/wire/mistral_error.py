"""An error of ours in Mistral's own shape."""

import orjson


def error(status: int, message: str, code: str) -> bytes:
    """`{"object": "error", "message", "type", "param", "code"}`: Mistral's SDKs raise the body as it is."""
    kind = "server_error" if status >= 500 else _TYPES.get(status, "invalid_request_error")
    return orjson.dumps({"object": "error", "message": message, "type": kind, "param": None, "code": code})


_TYPES = {401: "unauthorized", 403: "forbidden", 404: "not_found", 429: "rate_limited"}
