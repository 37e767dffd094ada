"""Requests as the tests send them: to the three families and to those that bill on."""

from dataclasses import dataclass
from typing import Any

import orjson

TALK = [{"role": "user", "content": "say hi"}]
PARTS = {"contents": [{"role": "user", "parts": [{"text": "say hi"}]}]}


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a provider."""

    host: str
    path: str
    body: dict[str, Any]

    @property
    def url(self) -> str:
        """Where it goes."""
        return f"https://{self.host}{self.path}"

    @property
    def content(self) -> bytes:
        """Its body."""
        return orjson.dumps(self.body)

    def http1(self, *extra: str, content: bytes | None = None, version: str = "1.1") -> bytes:
        """It, as bytes of HTTP/1; `extra` are header lines."""
        body = self.content if content is None else content
        lines = [f"POST {self.path} HTTP/{version}", f"Host: {self.host}", "Content-Type: application/json"]
        if not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in extra):
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, *extra, "", ""]).encode("latin-1") + body

    def streamed(self) -> "Call":
        """The same, asking for a stream that reports its usage (not Gemini's, where the path says so)."""
        options = {"stream_options": {"include_usage": True}} if "chat/completions" in self.path else {}
        return Call(self.host, self.path, {**self.body, "stream": True, **options})


CHAT = Call("api.openai.com", "/v1/chat/completions", {"model": "gpt-4o", "messages": TALK})
RESPONSES = Call("api.openai.com", "/v1/responses", {"model": "gpt-5", "input": "say hi"})
CLAUDE = Call(
    "api.anthropic.com",
    "/v1/messages",
    {"model": "claude-sonnet-4-5", "max_tokens": 64, "messages": TALK},
)
GEMINI = Call("generativelanguage.googleapis.com", "/v1beta/models/gemini-2.5-pro:generateContent", PARTS)
GEMINI_SSE = Call(
    "generativelanguage.googleapis.com",
    "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
    PARTS,
)
MISTRAL = Call("api.mistral.ai", "/v1/chat/completions", {"model": "mistral-large-latest", "messages": TALK})
UNKNOWN = Call("api.openai.com", "/v1/videos", {"model": "sora-2", "prompt": "a toll road"})
"""It costs, and nothing here reads it."""
BATCH = Call("api.openai.com", "/v1/batches", {"input_file_id": "file-1", "endpoint": "/v1/chat/completions"})
"""It costs, later, and nothing here reads what is in it."""
PASSING = Call("api.openai.com", "/v1/moderations", {"input": "say hi"})
"""It is free."""


def refusal(call: Call, body: bytes) -> tuple[str, str]:
    """What an SDK of the call's family reads of an error: its type (Google's: status) and its message.

    KeyError or TypeError: it is not in that family's shape.
    """
    error = orjson.loads(body)
    if call.host == CLAUDE.host:
        assert error["type"] == "error"
        return error["error"]["type"], error["error"]["message"]
    if call.host == GEMINI.host:
        assert isinstance(error["error"]["code"], int)
        return error["error"]["status"], error["error"]["message"]
    return error["error"]["type"], error["error"]["message"]
