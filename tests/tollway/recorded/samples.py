"""Entries of HARs as the tests need them: a call that costs 4,500,000 nano-dollars, and changes to it.

gpt-4o: 1,000 tokens in at 2,500, 200 out at 10,000.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "data" / "recorded"
COST = 4_500_000
USED = {"input_tokens": 1000, "output_tokens": 200}
TIME = "2026-11-20T10:00:00.000Z"
TIME_US = 1_795_168_800_000_000
NOW = 1_795_608_000_000_000
"""2026-11-25, when files are priced."""
ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": "say hi"}]}
USAGE = {"prompt_tokens": 1000, "completion_tokens": 200}
ANSWER = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "model": "gpt-4o-2024-08-06",
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Hello there"}, "finish_reason": "stop"}
    ],
    "usage": USAGE,
}
URL = "https://api.openai.com/v1/chat/completions"


def header(name: str, value: str) -> dict[str, str]:
    """A header as HARs have it."""
    return {"name": name, "value": value}


def entry(
    url: str = URL,
    asked: Any = ASKED,
    answer: Any = ANSWER,
    status: int = 200,
    *,
    method: str = "POST",
    request: dict[str, Any] | None = None,
    response: dict[str, Any] | None = None,
    content: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """An entry; further arguments replace what its objects have, None leaves it out."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    sent = asked if isinstance(asked, str) else json.dumps(asked)
    said = {"size": len(text), "mimeType": "application/json", "text": text}
    return _with(
        {
            "startedDateTime": TIME,
            "time": 12.5,
            "request": _with(
                {
                    "method": method,
                    "url": url,
                    "httpVersion": "HTTP/1.1",
                    "headers": [header("Content-Type", "application/json")],
                    "queryString": [],
                    "cookies": [],
                    "headersSize": -1,
                    "bodySize": len(sent),
                    "postData": {"mimeType": "application/json", "text": sent},
                },
                request,
            ),
            "response": _with(
                {
                    "status": status,
                    "statusText": "",
                    "httpVersion": "HTTP/1.1",
                    "headers": [header("Content-Type", "application/json")],
                    "cookies": [],
                    "content": _with(said, content),
                    "redirectURL": "",
                    "headersSize": -1,
                    "bodySize": -1,
                },
                response,
            ),
            "cache": {},
            "timings": {"send": 1, "wait": 10, "receive": 1},
        },
        more,
    )


def har(*entries: Any, **log: Any) -> dict[str, Any]:
    """A HAR of these entries."""
    creator = {"name": "test", "version": "1"}
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": list(entries), **log}}


def har_bytes(*entries: Any, indent: int | None = None) -> bytes:
    """The same, written."""
    return json.dumps(har(*entries), indent=indent).encode()


def stream(*events: Any) -> str:
    """A stream of events whose data is JSON, or text."""
    return "".join(f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n" for event in events)


def chat_chunks(words: Sequence[str], usage: dict[str, int] | None = USAGE) -> str:
    """A Chat stream, with usage at its end."""
    chunk = {"id": "chatcmpl-2", "object": "chat.completion.chunk", "model": "gpt-4o-2024-08-06"}
    said = [{**chunk, "choices": [{"index": 0, "delta": {"content": word}}]} for word in words]
    last = [{**chunk, "choices": [], "usage": usage}] if usage else []
    return stream(*said, *last, "[DONE]")


def _with(value: dict[str, Any], changes: dict[str, Any] | None) -> dict[str, Any]:
    return {key: kept for key, kept in {**value, **(changes or {})}.items() if kept is not None}
