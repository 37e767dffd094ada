"""Calls over HTTP/2."""

import pytest

from tests.simulator import Usage
from tests.simulator.client_http2 import Http2Client
from tests.tollway.calls import CHAT, CLAUDE, GEMINI_SSE, PASSING, UNKNOWN, Call

USAGE = Usage(input_tokens=70, output_tokens=33)
CALLS = [CHAT, CHAT.streamed(), CLAUDE, CLAUDE.streamed(), GEMINI_SSE, UNKNOWN, PASSING]
IDS = ["chat", "chat stream", "claude", "claude stream", "gemini", "unknown", "passing"]
EACH = pytest.mark.parametrize("call", CALLS, ids=IDS)
JSON = [("content-type", "application/json")]
REQUESTS = {
    "plain": (JSON, None),
    "repeated headers": ([*JSON, ("x-a", "1"), ("x-a", "2"), ("cookie", "a=b"), ("cookie", "c=d")], None),
    "trailers": (JSON, [("x-sum", "1"), ("y", "2")]),
}


async def many(client: Http2Client, call: Call, number: int) -> list[int]:
    """So many requests at once."""
    return [await client.request(call.host, call.path, JSON, call.content) for _ in range(number)]
