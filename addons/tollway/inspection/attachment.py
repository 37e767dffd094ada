"""Images, sounds and files, in any dialect's way of putting them: only their size and kind are kept."""

import re
from collections.abc import Mapping
from typing import Any

from tollway.inspection.conversation import Attachment
from tollway.wire.counts import text

_DATA = re.compile(r"data:([^;,]{0,100})[^,]{0,200},", re.DOTALL)
_KINDS = ("image", "audio", "video")
_LONGEST_ID = 256
_INLINE = ("data", "b64_json", "bytes", "bytesBase64Encoded", "file_data", "fileData", "result", "audio")
_PLACES = ("url", "uri", "fileUri", "file_uri", "gcsUri", "file_id", "image_url", "document_url", "file_url")
_MEDIA = ("media_type", "mimeType", "mime_type", "format", "output_format")
_NESTED = (
    "source", "image_url", "input_audio", "file", "inlineData", "inline_data", "fileData", "file_data",
    "s3Location", "document_url", "image", "document", "video", "audio",
)  # fmt: skip


def attachment(kind: str, value: object, depth: int = 4) -> Attachment:
    """What is known of it, wherever in the value that stands."""
    if isinstance(value, bytes):
        return Attachment(kind, size=len(value))
    if isinstance(value, str):
        return _located(kind, value)
    if not isinstance(value, Mapping) or not depth:
        return Attachment(kind)
    inner = next((value[n] for n in _NESTED if isinstance(value.get(n), dict)), None)
    found = attachment(kind, inner, depth - 1) if inner is not None else _of_members(kind, value)
    media = found.media or next((m for n in _MEDIA if (m := text(value, n, 100))), "")
    place = found.place or text(value, "filename", 256) or text(value, "name", 256) or ""
    own = media.partition("/")[0]
    return Attachment(own if kind == "file" and own in _KINDS else kind, media, found.size, place)


def coded_size(data: str) -> int:
    """Bytes that so much base64 stands for."""
    return max(len(data) * 3 // 4 - data[-2:].count("="), 0)


def _of_members(kind: str, value: Mapping[str, Any]) -> Attachment:
    for name in _INLINE:
        data = value.get(name)
        if isinstance(data, str) and data:
            return (
                _located(kind, data) if data.startswith("data:") else Attachment(kind, size=coded_size(data))
            )
        if isinstance(data, bytes):
            return Attachment(kind, size=len(data))
    for name in _PLACES:
        if isinstance(place := value.get(name), str) and place:
            return _located(kind, place)
    return Attachment(kind)


def _located(kind: str, place: str) -> Attachment:
    """By a `data:` address, another address, an id, or its bytes in base64."""
    if match := _DATA.match(place):
        return Attachment(kind, match[1], coded_size(place[match.end() :]))
    if len(place) > _LONGEST_ID and "://" not in place[:32]:
        return Attachment(kind, size=coded_size(place))
    return Attachment(kind, place=re.split(r"[?#]", place[:4096], maxsplit=1)[0][:256])
