"""Perplexity's Search, which costs the same for each request, whatever it finds."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire.counts import text
from tollway.wire.dialect import Reader
from tollway.wire.foretold import Foretold
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.openai_answer import error_type
from tollway.wire.openai_error import error

_FEE = Usage(requests=1)
"""https://docs.perplexity.ai/docs/getting-started/pricing: per 1,000 requests, tokens cost nothing."""


class PerplexitySearch:
    """The dialect. It has no model."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for: several queries are one request."""
        return Asked(billed=_FEE)

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """None: no model reads the query."""
        return ()

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader of one object."""
        return Foretold(ObjectAnswer(_told, ("id", "error")), _FEE, headers)

    def error(self, status: int, message: str, code: str) -> bytes:
        """OpenAI's shape, as Perplexity's other operations."""
        return error(status, message, code)


def _told(answer: Mapping[str, Any]) -> Report:
    return Report(id=text(answer, "id"), error=error_type(answer))
