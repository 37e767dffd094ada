"""An error of ours in Cohere's shape."""

import orjson


def error(status: int, message: str, code: str) -> bytes:
    """`{"message": ...}`: Cohere's SDKs raise the body as it is, by the status."""
    return orjson.dumps({"message": message, "code": code})
