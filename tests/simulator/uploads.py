"""Files that are uploaded in several steps, as Google and OpenAI take them."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import orjson

from tests.simulator.dialects.dialect import CREATED
from tests.simulator.form import fields
from tests.simulator.seen import Seen

Made = tuple[int, bytes, tuple[tuple[str, str], ...]]
"""Status, body and headers."""


@dataclass(slots=True)
class InParts:
    """One of OpenAI's."""

    purpose: str
    size: int
    parts: dict[str, bytes] = field(default_factory=dict)
    status: str = "pending"


@dataclass(slots=True)
class Uploads:
    """All that are under way. What is whole is put to the files, by an id of its own."""

    files: dict[str, bytes]
    numbers: Iterator[int]
    says_hash: bool = True
    """Google's last answer says the hash of the file."""
    received: dict[str, bytes] = field(default_factory=dict)
    """What Google has so far, by the id of the upload."""
    in_parts: dict[str, InParts] = field(default_factory=dict)
    """OpenAI's, likewise."""

    def step(self, seen: Seen) -> Made:
        """One of Google's. Of bytes that it has already those that come again are ignored."""
        id = parse_qs(seen.query).get("upload_id", [""])[0]
        command = seen.header("x-goog-upload-command") or "upload, finalize"
        if "start" in command:
            id = f"up{next(self.numbers)}"
            self.received[id] = b""
            at = f"https://{seen.host}{seen.path}?upload_id={id}&upload_protocol=resumable"
            return _active("active", ("x-goog-upload-url", at))
        if "cancel" in command:
            self.received.pop(id, None)
            return _active("cancelled")
        has = self.received.get(id, b"")
        if "query" in command:
            return _active("active", ("x-goog-upload-size-received", str(len(has))))
        if "upload" in command:
            offset = int(seen.header("x-goog-upload-offset") or "0")
            if offset > len(has):
                return 400, b'{"error":{"code":400,"message":"The offset is beyond what was received."}}', ()
            has = self.received[id] = has + seen.decoded[len(has) - offset :]
        return self._final(self.received.pop(id, has)) if "finalize" in command else _active("active")

    def _final(self, data: bytes) -> Made:
        id = f"file-{next(self.numbers)}"
        self.files[id] = data
        file = {"name": f"files/{id}", "state": "ACTIVE", "sizeBytes": str(len(data))}
        if self.says_hash:
            written = hashlib.sha256(data).hexdigest().encode()
            file["sha256Hash"] = base64.b64encode(written).decode()
        return 200, orjson.dumps({"file": file}), (("x-goog-upload-status", "final"),)

    def begin(self, seen: Seen) -> Made:
        """OpenAI's `POST /v1/uploads`."""
        id = f"upload_{next(self.numbers)}"
        self.in_parts[id] = InParts(seen.json["purpose"], seen.json["bytes"])
        return self._shown(id)

    def part(self, seen: Seen, id: str) -> Made:
        """`POST /v1/uploads/{id}/parts`."""
        data = fields(seen.decoded, seen.header("content-type") or "")["data"]
        upload = self.in_parts[id]
        if upload.status != "pending" or not isinstance(data, bytes):
            return _REFUSED
        part = f"part_{next(self.numbers)}"
        upload.parts[part] = data
        said = {"id": part, "object": "upload.part", "created_at": CREATED, "upload_id": id}
        return 200, orjson.dumps(said), ()

    def complete(self, seen: Seen, id: str) -> Made:
        """`POST /v1/uploads/{id}/complete`."""
        upload = self.in_parts[id]
        data = b"".join(upload.parts[part] for part in seen.json["part_ids"])
        if upload.status != "pending" or len(data) != upload.size:
            return _REFUSED
        file = f"file-{next(self.numbers)}"
        self.files[file] = data
        upload.status = "completed"
        said = {"id": file, "object": "file", "purpose": upload.purpose, "bytes": len(data)}
        return self._shown(id, file={**said, "created_at": CREATED, "filename": "in.jsonl"})

    def cancel(self, seen: Seen, id: str) -> Made:
        """`POST /v1/uploads/{id}/cancel`."""
        self.in_parts[id].status = "cancelled"
        return self._shown(id)

    def _shown(self, id: str, **more: Any) -> Made:
        upload = self.in_parts[id]
        said = {"id": id, "object": "upload", "purpose": upload.purpose, "bytes": upload.size}
        times = {"created_at": CREATED, "expires_at": CREATED + 3600, "filename": "in.jsonl"}
        return 200, orjson.dumps({**said, **times, "status": upload.status, **more}), ()


def _active(status: str, *more: tuple[str, str]) -> Made:
    return 200, b"", (("x-goog-upload-status", status), *more)


_REFUSED: Made = 400, b'{"error":{"message":"It can not be.","type":"invalid_request_error","code":null}}', ()
