"""A golden exchange as a browser would have recorded it."""

import base64
import json
from typing import Any

from tests.golden.golden import Golden


def har(golden: Golden) -> bytes:
    """A HAR of it alone."""
    log = {"version": "1.2", "creator": {"name": "golden", "version": "1"}, "entries": [entry(golden)]}
    return json.dumps({"log": log}).encode()


def entry(golden: Golden) -> dict[str, Any]:
    """An exchange as a browser would record it, the answer in base64."""
    document, answer = golden.document, golden.answer
    request: dict[str, Any] = {
        "method": document["method"],
        "url": document["uri"],
        "headers": named(golden.request_headers),
        "bodySize": len(golden.request),
    }
    if golden.request:
        kind = golden.request_headers["content-type"]
        request["postData"] = {"mimeType": kind, "text": golden.request.decode("latin-1")}
    return {
        "startedDateTime": golden.at.isoformat(),
        "request": request,
        "response": {
            "status": document["status"],
            "headers": named(golden.response_headers),
            "content": {
                "size": len(answer),
                "mimeType": golden.response_headers["content-type"],
                "text": base64.b64encode(answer).decode(),
                "encoding": "base64",
            },
        },
    }


def named(headers: dict[str, str]) -> list[dict[str, str]]:
    """Headers as a HAR has them."""
    return [{"name": name, "value": value} for name, value in headers.items()]
