"""Reranking as OpenAI's followers have it: Jina's shape or Cohere's, and what lies between."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire import cohere_usage
from tollway.wire import openai_request as request
from tollway.wire.counts import first, part
from tollway.wire.dialect import Reader
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.openai_answer import told
from tollway.wire.openai_error import error
from tollway.wire.openai_usage import usage_of
from tollway.wire.strings import strings

_WANTED = ("id", "model", "usage", "meta", "error", "object", "type")
_LIMIT = 64 * 1024
"""Bytes that are parsed: of a longer answer the usage stands at either end, the documents between."""


class OpenAIRerank:
    """The dialect."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for."""
        return Asked(model=request.model(endpoint, body), session=request.session(body))

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """The query, and what is ranked by it."""
        return strings(body.get("query"), body.get("documents"))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for an object."""
        return ObjectAnswer(_told, _WANTED, limit=_LIMIT)

    def error(self, status: int, message: str, code: str) -> bytes:
        """OpenAI's shape."""
        return error(status, message, code)


def _told(answer: Mapping[str, Any]) -> Report:
    """Tokens or searches of the usage, else those that Cohere's `meta` says are billed."""
    usage, meta = part(answer, "usage"), part(answer, "meta")
    return told(Report(), answer, _of_usage(usage) or cohere_usage.usage_of(meta), usage)


def _of_usage(usage: Mapping[str, Any]) -> Usage | None:
    """Tokens, most often a total alone; a search unit is a request of so many documents (Cohere's)."""
    searches = first(usage, "search_units")
    if searches is not None:
        return Usage(requests=searches)
    total = first(usage, "total_tokens")
    return usage_of(usage) or (None if total is None else Usage(input_tokens=total))
