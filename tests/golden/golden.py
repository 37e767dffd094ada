"""The golden files: one made-up exchange each, in a shape that its `source` documents, and what it is worth.

{"source": who documents the shape, "note": what is remarkable, "at": when, if not AT,
 "method", "uri", "request_headers": beside the content type,
 "request": JSON, or {"form": {field: text, or {"filename", "type", "base64"}}}, or null,
 "status", "response_headers", "response": JSON, or {"lines": of a stream}, or {"base64"},
 "expected": {"kind", "provider", "operation", "model": as asked, "served": as answered, "stream",
              "usage": what was reported, "cost_usd": null where it is estimated, "cost_source",
              "sum": how it comes to that, "flags", "billing"}}
"""

import base64
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / "exchanges"
AT = "2026-11-24T12:00:00+00:00"
"""When an exchange took place that does not say: prices move."""

_BOUNDARY = "golden-boundary"


class Golden(NamedTuple):
    """One file."""

    name: str
    document: dict[str, Any]

    def __repr__(self) -> str:
        return f"<{self.name}>"

    @property
    def expected(self) -> dict[str, Any]:
        found: dict[str, Any] = self.document["expected"]
        return found

    @property
    def is_inference(self) -> bool:
        return bool(self.expected["kind"] == "inference")

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.document.get("at", AT)).astimezone(UTC)

    @property
    def request(self) -> bytes:
        """The request's body, as a client would write it."""
        wanted = self.document["request"]
        if wanted is None:
            return b""
        return form(wanted["form"]) if "form" in wanted else json.dumps(wanted).encode()

    @property
    def request_headers(self) -> dict[str, str]:
        kind = "application/json"
        if "form" in (self.document["request"] or {}):
            kind = f"multipart/form-data; boundary={_BOUNDARY}"
        return {"content-type": kind, **self.document.get("request_headers", {})}

    @property
    def response_headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.document["response_headers"].items()}

    @property
    def answer(self) -> bytes:
        """The answer's body."""
        found = self.document["response"]
        if isinstance(found, dict) and found.keys() == {"lines"}:
            return "\n".join(found["lines"]).encode()
        if isinstance(found, dict) and found.keys() == {"base64"}:
            return base64.b64decode(found["base64"])
        return json.dumps(found, ensure_ascii=False).encode()


@cache
def golden_files() -> tuple[Golden, ...]:
    """All of them, by name."""
    paths = sorted(FOLDER.glob("*.json"))
    return tuple(Golden(path.stem, json.loads(path.read_text("utf-8"))) for path in paths)


def form(fields: dict[str, Any]) -> bytes:
    """A multipart form: texts as they are, files with their name and type."""
    return b"".join(_part(name, value) for name, value in fields.items()) + f"--{_BOUNDARY}--\r\n".encode()


def _part(name: str, value: Any) -> bytes:
    head = f'--{_BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"'
    if isinstance(value, str):
        return f"{head}\r\n\r\n{value}\r\n".encode()
    head += f'; filename="{value["filename"]}"\r\ncontent-type: {value["type"]}\r\n\r\n'
    return head.encode() + base64.b64decode(value["base64"]) + b"\r\n"
