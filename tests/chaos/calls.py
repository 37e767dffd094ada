"""Calls of which it is known beforehand what they cost: the simulator answers with the usage they ask for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HOST, PATH = "api.anthropic.com", "/v1/messages"
NAME = "x-chaos"
"""A header with the call's name: provider and ledger (as a tag) both see it."""


@dataclass(frozen=True)
class Rates:
    """Nano-dollars a token, from Anthropic's price list: so that no figure here is Tollway's own."""

    input: int
    cache_read: int
    cache_write: int
    output: int


RATES = {
    "claude-sonnet-4-5": Rates(3_000, 300, 3_750, 15_000),
    "claude-opus-4-8": Rates(5_000, 500, 6_250, 25_000),
}


@dataclass(frozen=True)
class Call:
    """One call, and how its provider is to behave."""

    name: str
    model: str = "claude-sonnet-4-5"
    input_tokens: int = 1_000
    """All input."""
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 200
    max_tokens: int = 256
    sim: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the simulator's scenario."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Members of the body, beside or in the place of the usual ones."""
    host: str = HOST
    path: str = PATH

    @property
    def url(self) -> str:
        """Where it is made."""
        return f"https://{self.host}{self.path}"

    def real_nano(self) -> int:
        """What the provider bills if it answers in full."""
        return self.nano_at(RATES[self.model])

    def nano_at(self, rates: Rates) -> int:
        """The same at somebody's rates."""
        fresh = self.input_tokens - self.cache_read_tokens - self.cache_write_tokens
        return (
            fresh * rates.input
            + self.cache_read_tokens * rates.cache_read
            + self.cache_write_tokens * rates.cache_write
            + self.output_tokens * rates.output
        )

    def body(self) -> bytes:
        """The request's JSON."""
        return self.written({"stream": True, "messages": [{"role": "user", "content": "How much is left?"}]})

    def written(self, own: Mapping[str, Any]) -> bytes:
        """The JSON of a body with these members, and what bounds it."""
        usual = {"model": self.model, "max_tokens": self.max_tokens}
        return json.dumps({**usual, **own, **self.more}).encode()

    def headers(self, key: str) -> dict[str, str]:
        """With a made-up key."""
        usage = {
            "input_tokens": self.input_tokens,
            "cache_read_tokens": self.cache_read_tokens,
            "cache_write_tokens": self.cache_write_tokens,
            "output_tokens": self.output_tokens,
        }
        return {
            "x-api-key": key,
            "anthropic-version": "2023-06-01",
            "content-type": "application/json",
            NAME: self.name,
            "x-tollway-tags": f"n={self.name}",
            "x-sim": json.dumps({"usage": usage, **self.sim}),
        }
