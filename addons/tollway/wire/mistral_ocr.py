"""Mistral's OCR, which bills by the page."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire.counts import count, part, text
from tollway.wire.dialect import Reader
from tollway.wire.mistral_error import error
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.openai_answer import error_type

_LIMIT = 256 * 1024
"""Bytes that are parsed: pages may be megabytes of images, and the counts stand behind them."""


class MistralOCR:
    """The dialect."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for; the pages, where it lists them."""
        pages = body.get("pages")
        listed = isinstance(pages, list) and len(pages) > 0
        return Asked(model=text(body, "model"), billed=Usage(pages=len(pages)) if pages and listed else None)

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """None: a page is billed, whatever is on it."""
        return ()

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader of one object."""
        return ObjectAnswer(_told, ("model", "usage_info"), limit=_LIMIT)

    def error(self, status: int, message: str, code: str) -> bytes:
        """Mistral's shape."""
        return error(status, message, code)


def _told(answer: Mapping[str, Any]) -> Report:
    pages = count(part(answer, "usage_info").get("pages_processed"))
    return Report(
        usage=None if pages is None else Usage(pages=pages),
        model=text(answer, "model"),
        error=error_type(answer),
    )
