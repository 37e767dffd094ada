"""OpenAI's Embeddings, which Voyage and others speak, too."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire import openai_request as request
from tollway.wire.counts import first, part
from tollway.wire.dialect import Reader
from tollway.wire.openai_answer import Whole, told
from tollway.wire.openai_error import error
from tollway.wire.openai_usage import usage_of
from tollway.wire.strings import strings

_LIMIT = 64 * 1024
"""Bytes that are parsed: more would cost milliseconds, and the usage stands behind the vectors."""


class OpenAIEmbeddings:
    """The dialect."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for."""
        return Asked(model=request.model(endpoint, body), session=request.session(body))

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """The input, as far as it is text."""
        return strings(body.get("input"))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for an object."""
        return Whole(_told, texts="", limit=_LIMIT)

    def error(self, status: int, message: str, code: str) -> bytes:
        """OpenAI's shape."""
        return error(status, message, code)


def _told(report: Report, message: Mapping[str, Any]) -> Report:
    usage = part(message, "usage")
    used = usage_of(usage)
    if used is None and (total := first(usage, "total_tokens")) is not None:  # Voyage
        used = Usage(input_tokens=total)
    return told(report, message, used, usage)
