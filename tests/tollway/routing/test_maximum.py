"""A model is asked for no more output than it writes."""

from typing import Any

import orjson
import pytest

from tollway.model import Endpoint, Kind
from tollway.routing.maximum import lowered
from tollway.wire import DIALECTS


def asked_for(
    body: dict[str, Any], most: int | None, dialect: str = "anthropic_messages"
) -> bytes | str | None:
    """What becomes of a request to a model that writes so much."""
    endpoint = Endpoint(kind=Kind.INFERENCE, provider="p", host="h", operation="chat", dialect=dialect)
    body = {"model": "m", "messages": [], **body}
    asked = DIALECTS[dialect].read_request(endpoint, body)
    return lowered(endpoint, asked, orjson.dumps(body), body, most)


@pytest.mark.parametrize("most", [None, 64_000, 100_000])
def test_a_maximum_that_the_model_can_keep_to_stays(most: int | None) -> None:
    assert asked_for({"max_tokens": 64_000}, most) is None
    assert asked_for({}, most) is None


def test_a_higher_one_becomes_what_the_model_writes() -> None:
    found = asked_for({"max_tokens": 64_000, "temperature": 1}, 16_384)

    assert found == b'{"model":"m","messages":[],"max_tokens":16384,"temperature":1}'


def test_thoughts_that_need_more_stay_where_they_are() -> None:
    """Their budget is part of the prompt cache's key, and is not changed."""
    thinking = {"max_tokens": 64_000, "thinking": {"type": "enabled", "budget_tokens": 16_384}}

    assert asked_for(thinking, 16_384) == "it asks for 64000 tokens, and m writes 16384"
    assert asked_for(thinking, 16_385) is not None


def test_what_takes_no_maximum_gets_none() -> None:
    body = {"inferenceConfig": {"maxTokens": 9_000, "reasoningConfig": {"maxReasoningEffort": "high"}}}

    found = asked_for(body, 5_000, "bedrock_converse")

    assert isinstance(found, str)
