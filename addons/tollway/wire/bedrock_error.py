"""Errors in AWS's shape: ours, and what Bedrock's are called."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from tollway.wire.counts import text

_KINDS = {
    401: "UnrecognizedClientException",
    402: "ServiceQuotaExceededException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    429: "ThrottlingException",
    500: "InternalServerException",
    501: "InternalServerException",
}
_NAME = re.compile(r"(?:[^#]*#)?(\w{1,64})")


def error(status: int, message: str, code: str) -> bytes:
    """`{"__type": ..., "message": ...}`: AWS's SDKs raise it by `__type` where no header names the error.

    What a client sees of a 402 is a quota that is used up, which no SDK tries again. A member called `code`
    would be taken for the error's type.
    """
    kind = _KINDS.get(status, "ValidationException" if status < 500 else "ServiceUnavailableException")
    return orjson.dumps({"__type": kind, "message": message, "reason": code})


def error_type(headers: Mapping[str, str], body: Mapping[str, Any]) -> str | None:
    """What kind of error an answer is, "error" if it does not say; None if it is none.

    The header has a name, and maybe an address behind a colon; the body may have a namespace before it:
    https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
    """
    for named in (headers.get("x-amzn-errortype", ""), text(body, "__type") or ""):
        if match := _NAME.match(named):
            return match[1]
    return "error" if list(body) in (["message"], ["Message"]) else None
