"""One result of a batch: the answer to a request, in the format of the request's own path."""

from collections.abc import Mapping
from typing import Any

import orjson
from msgspec import Struct

from tollway.model import Asked, Endpoint, Kind, Report
from tollway.wire import DIALECTS
from tollway.wire.counts import count, part, text

OBJECTS = {
    "chat.completion": "openai_chat",
    "response": "openai_responses",
    "list": "openai_embeddings",
    "text_completion": "openai_completions",
    "message": "anthropic_messages",
}
"""The dialect of an answer, by what it says it is."""
OTHER = {"gemini": "gemini", "mistral": "openai_chat"}
"""By whose batch it is in, where it does not say."""
FOUND, FAILED = 200, 400
_HEADERS = {":status": "200", "content-type": "application/json"}


class Answer(Struct, frozen=True):
    """What was answered to one request."""

    mark: str
    """What the caller knows the request by; "" for nothing."""
    report: Report | None
    """What the answer used; None: it failed, and costs nothing."""
    is_read: bool = True
    """False: it did not fail, and nothing here reads what it used."""


def answer(api: str, result: Mapping[str, Any]) -> Answer:
    """What one result says."""
    mark = text(result, "custom_id") or text(result, "key") or text(part(result, "metadata"), "key") or ""
    if api == "anthropic":
        body = part(part(result, "result"), "message")
    elif api == "gemini":
        body = part(result, "response")
    else:
        response = part(result, "response")
        failed = (count(response.get("status_code")) or FOUND) >= FAILED
        body = {} if failed else part(response, "body")
    report = _report(api, body) if body else None
    return Answer(mark, report, is_read=report is not None or not body or bool(body.get("error")))


def _report(api: str, body: Mapping[str, Any]) -> Report | None:
    """What the answer reports, as read by its dialect; None if it used nothing."""
    kind = text(body, "object") or text(body, "type") or ""
    name = OBJECTS.get(kind) or OTHER.get(api, "openai_chat")
    provider = api if api in ("anthropic", "gemini", "mistral") else "openai"
    endpoint = Endpoint(kind=Kind.INFERENCE, provider=provider, host="", dialect=name)
    reader = DIALECTS[name].reader(endpoint, Asked(), _HEADERS)
    reader.feed(orjson.dumps(body))
    report = reader.report()
    return report if report.usage is not None or report.cost_nano is not None else None
