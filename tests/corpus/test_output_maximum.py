"""A clamp of any recorded request changes its output maximum and no other byte's meaning."""

import re
from itertools import takewhile
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
import pytest

from tests.corpus.exchanges import ABSENT, FILE, Recorded, exchanges
from tollway.model import Asked, Endpoint, Kind
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.wire import DIALECTS
from tollway.wire.output_floor import floor
from tollway.wire.output_maximum import clamped, may_clamp

if not FILE.exists():
    pytest.skip(ABSENT, allow_module_level=True)

NAME = re.compile(
    "max_?(output|completion|gen|new)?_?(tokens?|len)(_?count|_to_sample)?|num_predict", re.IGNORECASE
)
CONFIGS = ("generationConfig", "inferenceConfig", "textGenerationConfig", "options", "completion_args")
"""Objects that a clamp may have to put around the maximum."""


class Request(NamedTuple):
    """A recorded request that has an output maximum, or may be given one."""

    exchange: Recorded
    endpoint: Endpoint
    asked: Asked

    @property
    def id(self) -> str:
        return f"{self.exchange.n}-{self.endpoint.dialect}-{self.endpoint.operation}"


def requests() -> list[Request]:
    found, registry = [], load(())
    for exchange in exchanges():
        port = urlsplit(exchange.row["uri"]).port or 443
        endpoint = recognise(registry, exchange.host, port, exchange.method, exchange.path)
        if endpoint is not None and endpoint.kind is Kind.INFERENCE and exchange.asked:
            asked = DIALECTS[endpoint.dialect].read_request(endpoint, exchange.asked)
            if may_clamp(endpoint, asked, exchange.asked):
                found.append(Request(exchange, endpoint, asked))
    return found


REQUESTS = requests()


def test_nearly_all_requests_for_text_can_be_clamped() -> None:
    """All but those whose answers nothing limits: compactions, answers shown again, an unnamed profile."""
    chats = [
        e for e in exchanges() if e.asked and re.search(r"chat|messages|generateContent|converse", e.path)
    ]

    assert len(REQUESTS) > 900
    assert {request.endpoint.dialect for request in REQUESTS} >= {
        "openai_chat", "openai_responses", "anthropic_messages", "gemini", "bedrock_converse",
        "bedrock_invoke", "cohere_chat",
    }  # fmt: skip
    assert len(REQUESTS) > 0.9 * len(chats)


def test_a_clamp_changes_the_maximum_and_nothing_else() -> None:
    """To 300, below nearly all maxima, and to 10 million, which only puts one where there is none."""
    for request in REQUESTS:
        for maximum in (300, 10_000_000):
            body = orjson.dumps(request.exchange.asked)
            edited = clamped(request.endpoint, request.asked, body, request.exchange.asked, maximum)
            now = orjson.loads(edited)
            read = DIALECTS[request.endpoint.dialect].read_request(request.endpoint, now)
            before = request.asked.max_output_tokens
            expected = maximum if not before else min(maximum, before)

            assert read.max_output_tokens == expected, request.id
            assert rest(now) == rest(request.exchange.asked), request.id
            assert len(body) - alike(body, edited) - alike(body[::-1], edited[::-1]) < 20, request.id


def test_a_floor_is_above_every_recorded_thinking_budget() -> None:
    """Where the request named a maximum above its budget, as it must."""
    for request in REQUESTS:
        body = request.exchange.asked
        budget = (body.get("thinking") or {}).get("budget_tokens") or 0
        lowest = floor(request.endpoint, request.asked, body)

        assert budget < lowest, request.id


def alike(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def rest(body: dict[str, Any]) -> dict[str, Any]:
    """The request without its maximum, and without objects that held nothing else."""
    left = {key: value for key, value in body.items() if not NAME.fullmatch(key)}
    for name in CONFIGS:
        if isinstance(left.get(name), dict):
            left[name] = {key: value for key, value in left[name].items() if not NAME.fullmatch(key)}
        if left.get(name) in ({}, None):
            left.pop(name, None)
    return left
