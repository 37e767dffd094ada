"""WebSockets as HARs have them, for tests."""

import base64
import json
from typing import Any

from tests.tollway.recorded.samples import TIME_US, entry

RESPONSES = "wss://api.openai.com/v1/responses"
REALTIME = "wss://api.openai.com/v1/realtime?model=gpt-realtime"
USED = {"input_tokens": 1000, "output_tokens": 200, "total_tokens": 1200}
COST = 4_500_000
"""Of that usage at gpt-4o's rates, in nano-dollars."""


def sent(seconds: float = 1.0, **said: Any) -> dict[str, Any]:
    """A message of the client's, so many seconds after its socket was asked for."""
    return _message("send", seconds, said)


def received(seconds: float = 2.0, **said: Any) -> dict[str, Any]:
    """A message of the provider's."""
    return _message("receive", seconds, said)


def binary(message: dict[str, Any]) -> dict[str, Any]:
    """The same, as a binary one."""
    return {**message, "opcode": 2, "data": base64.b64encode(message["data"].encode()).decode()}


def call(id: str, model: str = "gpt-4o", usage: Any = USED, **asked: Any) -> list[dict[str, Any]]:
    """A call of Responses, from the message that asks for it to its end."""
    response = {"id": id, "model": model, "status": "completed"}
    return [
        sent(type="response.create", model=model, input="Hello there", **asked),
        received(2.0, type="response.created", response={**response, "status": "in_progress"}),
        received(2.5, type="response.output_text.delta", response_id=id, delta="General"),
        received(3.0, type="response.completed", response={**response, "usage": usage}),
    ]


def opened(*messages: dict[str, Any], url: str = RESPONSES, **more: Any) -> dict[str, Any]:
    """An entry of a socket on which these came and went."""
    made = entry(url, method="GET", status=101, answer="", request={"postData": None}, **more)
    return {**made, "_resourceType": "websocket", "_webSocketMessages": list(messages)}


def _message(kind: str, seconds: float, said: dict[str, Any]) -> dict[str, Any]:
    at = TIME_US / 1_000_000 + seconds
    return {"type": kind, "time": at, "opcode": 1, "data": json.dumps(said)}
