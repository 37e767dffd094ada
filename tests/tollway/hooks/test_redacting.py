"""Within which equal values have equal placeholders, and what the answer is to have back."""

from typing import Any

import pytest

from tollway.exchange import Exchange
from tollway.hooks.redacting import scope
from tollway.model import Asked, Endpoint, Kind


def exchange(**known: Any) -> Exchange:
    endpoint = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com")
    return Exchange(id="x", started_us=0, endpoint=endpoint, **known)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"asked": Asked(session="s"), "session": "h", "credential": "k", "client": "c"}, "s"),
        ({"session": "h", "credential": "k", "client": "c"}, "h"),
        ({"asked": Asked(), "credential": "k", "client": "c"}, "k"),
        ({"asked": Asked(), "client": "c"}, "c"),
        ({}, ""),
    ],
)
def test_it_is_the_session_else_who_calls(known: dict[str, Any], expected: str) -> None:
    assert scope(exchange(**known)) == expected
