"""Voyage's embeddings and reranks, which Jina, Nomic and others answer alike: by their total of tokens."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire.counts import count, first, part, text
from tollway.wire.dialect import Reader
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.openai_answer import told
from tollway.wire.strings import strings

_LIMIT = 64 * 1024
"""Bytes that are parsed: more would cost milliseconds, and the usage stands behind the vectors."""
_READS = ("query", "input", "inputs", "texts", "documents", "labels")


class Voyage:
    """The dialect."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for."""
        return Asked(model=text(body, "model"))

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """What is to be embedded, classified, or ranked by the query; of images and videos nothing."""
        return strings(*(body.get(name) for name in _READS))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader of one object."""
        return ObjectAnswer(_told, ("model", "usage"), limit=_LIMIT)

    def error(self, status: int, message: str, code: str) -> bytes:
        """`{"detail": ...}`, as Voyage's SDK raises it."""
        return orjson.dumps({"detail": message, "code": code})


def _told(answer: Mapping[str, Any]) -> Report:
    usage = part(answer, "usage")
    report = told(Report(), answer, _used(usage), usage)
    return replace(report, error="error") if answer.get("detail") else report


def _used(usage: Mapping[str, Any]) -> Usage | None:
    """The total, and what of it is no text. Without videos, all that is no text is images."""
    total = first(usage, "total_tokens", "prompt_tokens")
    if total is None:
        return None
    written, filmed = count(usage.get("text_tokens")), count(usage.get("video_pixels"))
    seen = None if written is None else max(0, total - written)
    drawn = seen
    if seen is not None and filmed:
        drawn = min(seen, (count(usage.get("image_pixels")) or 0) // _PIXELS)
    return Usage(
        input_tokens=total,
        input_image_tokens=drawn,
        input_video_tokens=None if seen is None or drawn is None or filmed is None else seen - drawn,
    )


_PIXELS = 560
"""Of an image, to a token: https://docs.voyageai.com/docs/multimodal-embeddings"""
