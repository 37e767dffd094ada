"""The calls that are measured: a small JSON call, and a turn of a coding agent."""

import json
import secrets
from dataclasses import dataclass

KEY = f"sk-{secrets.token_hex(20)}"
"""Made up for this run; LiteLLM asks for the one that it was started with."""


@dataclass(frozen=True)
class Call:
    """What is asked, again and again."""

    host: str
    path: str
    credential: tuple[tuple[str, str], ...]
    body: bytes
    scenario: str
    """What the simulator is told in `x-sim`."""

    def headers(self) -> list[tuple[str, str]]:
        """The headers of the request, as an SDK sends them."""
        return [
            ("content-type", "application/json"),
            ("accept", "*/*"),
            ("user-agent", "bench/1.0"),
            *self.credential,
            ("x-sim", self.scenario),
            ("content-length", str(len(self.body))),
        ]


def json_call() -> Call:
    """A Chat call with an answer of about 1 KB."""
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hello " * 20}]}
    said = {
        "events": 20,
        "text": "An answer, like others. ",
        "usage": {"input_tokens": 400, "output_tokens": 300},
    }
    credential = (("authorization", f"Bearer {KEY}"),)
    return Call(
        "api.openai.com", "/v1/chat/completions", credential, json.dumps(body).encode(), json.dumps(said)
    )


def agent_turn(interval: float = 0.0, events: int = 300, kilobytes: int = 60) -> Call:
    """A streamed Messages call with the history that an agent resends; `interval`: seconds between events."""
    body = {"model": "claude-sonnet-4-5", "max_tokens": 4096, "stream": True, "messages": history(kilobytes)}
    credential = (("x-api-key", KEY), ("anthropic-version", "2023-06-01"))
    said = streamed(interval, events)
    return Call("api.anthropic.com", "/v1/messages", credential, json.dumps(body).encode(), said)


def chat_turn(interval: float = 0.0, events: int = 300, kilobytes: int = 60) -> Call:
    """The same through Chat, usage asked for, as OpenAI's own clients do."""
    body = {"model": "gpt-4o", "stream": True, "stream_options": {"include_usage": True}}
    text = json.dumps(body | {"messages": history(kilobytes)}).encode()
    credential = (("authorization", f"Bearer {KEY}"),)
    return Call("api.openai.com", "/v1/chat/completions", credential, text, streamed(interval, events))


def history(kilobytes: int) -> list[dict[str, object]]:
    """Messages of about so many KB."""
    text = "def f(x):\n    return x + 1\n" * 33
    roles = [role for _ in range(kilobytes // 2) for role in ("user", "assistant")] or ["user"]
    return [{"role": role, "content": [{"type": "text", "text": text}]} for role in roles]


def streamed(interval: float, events: int) -> str:
    """What the simulator is told."""
    usage = {"input_tokens": 15000, "cache_read_tokens": 14000, "output_tokens": 600}
    return json.dumps({"events": events, "interval": interval, "usage": usage})
