"""Calls under a route of three targets, and how these fail: each in its own way, some for a while."""

import random
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.calls import Call, Rates


@dataclass(frozen=True)
class Target:
    """Where a call may go."""

    provider: str
    host: str
    rates: Rates
    key: str
    """Made up: what it alone is to be shown."""
    ways: Mapping[str, object] = field(default_factory=dict, hash=False)
    """Of the simulator's scenario, whatever happens."""


def _key() -> str:
    return "made-up-" + secrets.token_hex(16)


TARGETS = (
    Target("openai", "api.openai.com", Rates(2_500, 1_250, 2_500, 10_000), _key()),
    Target("groq", "api.groq.com", Rates(150, 75, 150, 600), _key()),
    Target("mistral", "api.mistral.ai", Rates(500, 500, 500, 1_500), _key(), {"usage_at": "every"}),
)
FIRST, *OTHERS = TARGETS
"""The first is where the client asks, with its own key."""
ENVIRONMENT = {f"{target.provider.upper()}_KEY": target.key for target in OTHERS}
ROUTES = """
credentials: {groq: {inject: env:GROQ_KEY}, mistral: {inject: env:MISTRAL_KEY}}
routes:
  resilient:
    - from: gpt-4o
      to: [same, groq/openai/gpt-oss-120b, mistral/mistral-large-2512]
      on: [429, 5xx, connect, timeout 1s]
      retries: 1
      breaker: {failures: 4, rest: 500ms}
always: [{route: resilient}]
"""
USAGE = {"input_tokens": 40, "output_tokens": 200}
HANGS = 3.0
"""Seconds, which is longer than the route waits; not for ever, since the last target is waited for."""
WELL: dict[str, object] = {"usage": USAGE, "interval": 0.003}


@dataclass(frozen=True)
class Chat(Call):
    """A call that says its own name: no header of it goes along to another provider."""

    model: str = "gpt-4o"
    input_tokens: int = USAGE["input_tokens"]
    output_tokens: int = USAGE["output_tokens"]
    host: str = FIRST.host
    path: str = "/v1/chat/completions"
    stream: bool = True

    def body(self) -> bytes:
        """The request's JSON."""
        messages = [{"role": "user", "content": self.name}]
        return self.written({"messages": messages, "stream": self.stream})

    def headers(self, key: str) -> dict[str, str]:
        """With the client's key in the place of one of Anthropic's."""
        return {
            "authorization": f"Bearer {FIRST.key}",
            "content-type": "application/json",
            "x-tollway-tags": f"n={self.name}",
        }


def named(request: Mapping[str, Any]) -> str:
    """A request's name, as it says itself; "" if it did not come so far."""
    body = request["json"]
    return str(body["messages"][0]["content"]) if body else ""


def behaviours(chance: random.Random, requests: int) -> Iterator[tuple[int, dict[str, object]]]:
    """How a target behaves, one thing after another: each for some requests in a row."""
    while requests > 0:
        times = min(requests, chance.randint(1, 5))
        yield times, _behaviour(chance)
        requests -= times


def _behaviour(chance: random.Random) -> dict[str, object]:
    """A third of the time it does well, or at least says nothing wrong."""
    well = {**WELL, "events": chance.randint(1, 20)}
    lost = chance.choice(["reset", "close", "abrupt", "rst_stream", "goaway", "goaway_lost"])
    midway = {"how": lost, "after_events": chance.choice([1, 2, 5, 12])}
    return chance.choice([
        well,
        well,
        {**well, "ttfb": chance.random() / 2, "first_event": chance.random() / 5},
        {**well, "events": 15, "cut": midway},
        {"status": 429, "headers": [_later(chance)]},
        {"status": chance.choice([500, 503, 529])},
        {**well, "cut": {"how": lost}},
        {**well, "cut": {"how": lost, "after_bytes": 0}},
        {**well, chance.choice(["ttfb", "first_event"]): HANGS},
    ])  # fmt: skip


def _later(chance: random.Random) -> list[str]:
    """When it wants to be asked again."""
    return chance.choice([
        ["retry-after-ms", str(chance.choice([0, 40, 400, 1_500]))],
        ["retry-after", chance.choice(["0", "1", "60", "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT"])],
    ])  # fmt: skip
