"""The recorded shapes, for tests."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from tollway.model import Asked, Endpoint
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.wire import DIALECTS

DATA = Path(__file__).with_name("data")
NAMES = tuple(sorted(path.name.removesuffix(".json.gz") for path in DATA.glob("*.json.gz")))
"""claude-turn-1, claude-turn-10 ...; gemini-beside: what it asks a smaller model before a turn."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One request of an agent, its texts replaced by filler of equal length."""

    agent: str
    version: str
    turn: int | None
    """None: it is no turn, but asked beside one."""
    host: str
    path: str
    """With its query."""
    size: int
    """Bytes of the JSON that the agent sent, uncompressed."""
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    def endpoint(self) -> Endpoint:
        """What host and path say of it."""
        endpoint = recognise(load(), self.host, 443, "POST", self.path)
        assert endpoint is not None, f"{self.host}: nobody's host"
        return endpoint

    def asked(self) -> Asked:
        """What its dialect reads of it."""
        endpoint = self.endpoint()
        return DIALECTS[endpoint.dialect].read_request(endpoint, self.body)


@cache
def recorded(name: str) -> Recorded:
    """A shape, by its file's name."""
    return Recorded(**orjson.loads(gzip.decompress((DATA / f"{name}.json.gz").read_bytes())))
