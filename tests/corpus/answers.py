"""An answer taken apart after the fact: the whole body as text, split, and every piece parsed.

Slow and plain on purpose: it shares no idea with the readers of streams that it is held against.
"""

import base64
import json
import struct
from typing import Any


def objects(body: bytes) -> list[dict[str, Any]]:
    """Every JSON object of an answer, in order: the only one, an array's, or one for each event."""
    if is_event_stream(body):
        return [thing for payload in payloads(body) if (thing := unpacked(payload)) is not None]
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except ValueError:
        return of_sse(text)
    return [thing for thing in (found if isinstance(found, list) else [found]) if isinstance(thing, dict)]


def of_sse(text: str) -> list[dict[str, Any]]:
    """The objects of server-sent events: blocks between empty lines, the `data:` lines of each joined."""
    found = []
    for block in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        lines = [line for line in block.split("\n") if line.startswith("data:")]
        data = "\n".join(line.removeprefix("data:").removeprefix(" ") for line in lines)
        if data.startswith("{"):
            found.append(json.loads(data))
    return found


def is_event_stream(body: bytes) -> bool:
    """Whether it is AWS's binary framing: its first length fits, and a header named `:...` stands first."""
    if len(body) < 16:
        return False
    total, headers = struct.unpack(">II", body[:8])
    return bool(16 <= headers + 16 <= total <= len(body) and body[13:14] == b":")


def payloads(body: bytes) -> list[bytes]:
    """The payloads of all frames: 12 bytes of prelude, headers, payload, 4 bytes of checksum."""
    found = []
    while body:
        total, headers = struct.unpack(">II", body[:8])
        found.append(body[12 + headers : total - 4])
        body = body[total:]
    return found


def unpacked(payload: bytes) -> dict[str, Any] | None:
    """A frame's object; of InvokeModel's `{"bytes": ...}` the model's own event."""
    thing = json.loads(payload)
    if isinstance(thing, dict) and "bytes" in thing:
        thing = json.loads(base64.b64decode(thing["bytes"]))
    return thing if isinstance(thing, dict) else None
