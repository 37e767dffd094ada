"""Cohere's operations that are no chat: embed, rerank, classify, summarize, parse."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import Asked, Endpoint, Report
from tollway.wire.cohere_error import error
from tollway.wire.cohere_usage import usage_of
from tollway.wire.counts import part, text
from tollway.wire.dialect import Reader
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.strings import strings

_LIMIT = 64 * 1024
"""Bytes that are parsed: of a longer answer the `meta` is at its end, behind the vectors."""


class CohereMeta:
    """The dialect. The `meta` of an answer says what is billed; no answer names its model."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for."""
        return Asked(model=text(body, "model"))

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """The texts to embed, to rank by the query, to classify as the examples are, or to sum up."""
        names = ("texts", "inputs", "query", "documents", "examples", "text")
        return strings(*(body.get(name) for name in names))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader of one object."""
        return ObjectAnswer(_told, ("id", "meta", "message"), limit=_LIMIT)

    def error(self, status: int, message: str, code: str) -> bytes:
        """Cohere's shape."""
        return error(status, message, code)


def _told(answer: Mapping[str, Any]) -> Report:
    failed = text(answer, "message") is not None
    return Report(
        usage=usage_of(part(answer, "meta")), id=text(answer, "id"), error="error" if failed else None
    )
