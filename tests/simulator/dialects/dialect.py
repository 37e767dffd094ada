"""What a dialect module offers, and what the dialects share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from tests.simulator.scenario import Scenario

NUMBER = "SIMULATEDCALLNUMBER00000"
"""Stands in ids for the call's number, which has the same length (see `numbered`)."""
CREATED = 1_795_000_000
"""The time in every answer: a fixed one, so that answers can be compared."""
WORDS = "The simulator answers with the same words every time so that tests can compare them .".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an answer depends on, of a request."""

    shape: str = ""
    """The operation within the dialect; "" is its main one."""
    model: str = "simulated"
    stream: bool = False
    usage: bool = True
    """Chat streams: `stream_options.include_usage`."""
    inputs: int = 1
    """Embeddings: how many texts."""
    base64: bool = False
    """Embeddings: as base64 rather than lists of numbers."""
    json: str | None = None
    """The text to answer with, where JSON of a certain schema is asked for."""


class Dialect(Protocol):
    """A module of this folder."""

    def ask(self, path: str, query: str, body: Mapping[str, Any]) -> Asked:
        """What the request asks for; wrong types are taken as absent."""

    def whole(self, asked: Asked, scenario: Scenario) -> bytes:
        """The JSON answer."""

    def events(self, asked: Asked, scenario: Scenario) -> list[bytes]:
        """The streamed answer, event by event."""

    def error(self, asked: Asked, scenario: Scenario) -> bytes:
        """The JSON of an error with the scenario's status and message."""

    def headers(self, asked: Asked) -> tuple[tuple[str, str], ...]:
        """The provider's own headers, content-type apart."""


def numbered(data: bytes, number: int) -> bytes:
    """The bytes with the call's number in place of `NUMBER`."""
    return data.replace(_NUMBER, b"%024d" % number)


_NUMBER = NUMBER.encode()


def model_of(body: Mapping[str, Any], fallback: str) -> str:
    """The body's model, if it names one."""
    model = body.get("model")
    return model if isinstance(model, str) and model else fallback


def served(asked: Asked, scenario: Scenario) -> str:
    """The model that the answer names."""
    return scenario.model or asked.model


def texts(asked: Asked, scenario: Scenario) -> list[str]:
    """The text of each content event."""
    if scenario.texts:
        return [*scenario.texts]
    if scenario.text is not None:
        return [scenario.text] * scenario.events
    if asked.json is not None:
        return [asked.json]
    return [WORDS[0] if i == 0 else " " + WORDS[i % len(WORDS)] for i in range(scenario.events)]


def thoughts(scenario: Scenario) -> list[str]:
    """The text of each reasoning event."""
    return [f" thought {i + 1}" for i in range(scenario.thinking)]


def sse(data: Any, event: str | None = None) -> bytes:
    """One server-sent event with JSON data."""
    head = b"" if event is None else b"event: %s\n" % event.encode()
    return b"%sdata: %s\n\n" % (head, orjson.dumps(data))
