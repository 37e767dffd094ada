"""An entry of a HAR as an exchange: http://www.softwareishard.com/blog/har-12-spec/, and how it is written.

Browsers, Charles, Fiddler, Proxyman, Playwright and mitmproxy each leave out, add and bend something.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from tollway.recorded import bodies
from tollway.recorded.exchange import LATEST_US, Damaged, Entry, Recorded
from tollway.recorded.fields import Fields, Flaw
from tollway.recorded.messages import messages

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST_STATUS = 100
"""Below are 0 and -1: no answer."""


def read(text: bytes) -> Entry:
    """What an entry says, or what is wrong with it."""
    try:
        value = loaded(text)
    except (ValueError, RecursionError):
        return Damaged(reason="is no JSON")
    if not isinstance(value, dict):
        return Damaged(reason="is no object")
    url = None
    try:
        entry = Fields(value)
        request = _present(entry, "request", entry.fields("request"))
        url = request.text("url")
        return _recorded(entry, request, _present(entry, "response", entry.fields("response")))
    except Flaw as flaw:
        return Damaged(reason=str(flaw), url=url)


def loaded(text: bytes) -> Any:
    """The value of a JSON text, even one with lone surrogates or control characters. Raises ValueError."""
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text.decode("utf-8", "replace"), strict=False)


def moment(text: str) -> int:
    """Microseconds since the epoch of an ISO 8601 time; without a zone it is UTC's. Raises ValueError."""
    at = datetime.fromisoformat(text.strip())
    us = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - EPOCH) // timedelta(microseconds=1)
    if not 0 <= us < LATEST_US:
        raise ValueError(f"the year {at.year}")
    return us


def _recorded(entry: Fields, request: Fields, response: Fields) -> Recorded:
    asked, body = _request(request)
    answered, answer, size = _response(entry, response)
    status = _present(response, "status", response.number("status"))
    said, unread = messages(entry)
    is_cached, has_answer = bool(entry.any("_fromCache")), status >= _LEAST_STATUS
    return Recorded(
        method=_present(request, "method", request.text("method")),
        url=_present(request, "url", request.text("url")),
        names=tuple(_host(asked[key]) for key in (":authority", "host") if asked.get(key)),
        started_us=_started(entry),
        request_headers=asked,
        request_body=body,
        request_bytes=_size(request, body),
        status=status if has_answer else None,
        response_headers=answered,
        response_body=answer,
        response_bytes=size,
        left=not is_cached and (has_answer or bool(entry.any("serverIPAddress"))),
        cut=not has_answer or any(bool(response.any(key)) for key in ("_error", "_failureText")),
        websocket=entry.any("_resourceType") == "websocket" or entry.any("_webSocketMessages") is not None,
        messages=said,
        unread=unread,
        cached=is_cached,
    )


def _request(request: Fields) -> tuple[dict[str, str], bytes | None]:
    """Headers and body."""
    found, post = headers(request), request.fields("postData")
    body, media_type = bodies.request(post) if post else (None, "")
    if body is not None:
        body = bodies.uncoded(body, found.pop("content-encoding", ""))
    if media_type and ("content-type" not in found or "boundary=" in media_type):
        found["content-type"] = media_type
    return found, body


def _response(entry: Fields, response: Fields) -> tuple[dict[str, str], bytes | None, int]:
    """Headers, body, and the body's bytes on the wire."""
    found, content = headers(response), response.fields("content") or Fields({})
    body = bodies.answer(content)
    if not body and isinstance(messages := entry.any("_eventSourceMessages"), list) and messages:
        body = bodies.events(messages)
    if body is not None:
        body = bodies.uncoded(body, found.pop("content-encoding", ""))
    found.setdefault("content-type", content.text("mimeType") or "")
    known = max(content.number("size") or 0, 0) if body is None else 0
    return found, body, known or _size(response, body)


def headers(message: Fields) -> dict[str, str]:
    """The headers by lower-case name; of several of one name the last. Raises Flaw.

    Slack's export has pairs in place of objects. What is no header is left out.
    """
    found: dict[str, str] = {}
    for header in message.list("headers"):
        if isinstance(header, Mapping):
            name, value = header.get("name"), header.get("value")
        elif isinstance(header, list) and len(header) == 2:
            name, value = header
        else:
            continue
        if isinstance(name, str) and isinstance(value, str):
            found[name.lower()] = value
    return found


def _present[T](fields: Fields, key: str, found: T | None) -> T:
    """What was found of a key that must be there, and not empty. Raises Flaw."""
    if found is None or found == "":
        raise fields.missing(key)
    return found


def _started(entry: Fields) -> int | None:
    text = entry.text("startedDateTime")
    if not text:
        return None
    try:
        return moment(text)
    except ValueError:
        raise entry.flaw("startedDateTime", "is no time: 2026-11-24T12:00:00.000Z is one") from None


def _host(text: str) -> str:
    """The host of a header that may name it with a port."""
    host, _, port = text.rpartition(":")
    return host if port.isdigit() else text


def _size(message: Fields, body: bytes | None) -> int:
    """Bytes of a body on the wire, as far as that is known."""
    said = message.number("bodySize") or 0
    return said if said > 0 else len(body or b"")
