"""An error of ours in OpenAI's shape."""

import orjson


def error(status: int, message: str, code: str) -> bytes:
    """`{"error": {"message", "type", "param", "code"}}`, as OpenAI's SDKs raise it."""
    kind = "server_error" if status >= 500 else _TYPES.get(status, "invalid_request_error")
    return orjson.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}})


_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
