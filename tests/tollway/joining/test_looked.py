"""Whether a call is still the one that was looked for."""

import pytest
from msgspec.structs import replace

from tests.tollway.admitting import ENDPOINT
from tollway.caching.place import Place
from tollway.caching.rule import Offer, Rule
from tollway.caching.scope import Scope
from tollway.joining.looked import Looked
from tollway.joining.shared import Shared

RULE = Rule(name="all", ttl_us=1_000_000, scope=Scope.USER, largest=1000)
LOOKED = Looked(
    place=Place(key=b"k" * 32, offer=Offer(rule=RULE, scope="user ann"), ttl_us=1_000_000),
    endpoint=ENDPOINT,
    host="api.openai.com",
    body=b'{"made": "up"}',
    shared=Shared(10),
)


@pytest.mark.parametrize(
    ("endpoint", "host", "body", "asks"),
    [
        (ENDPOINT, "api.openai.com", b'{"made": "up"}', True),
        (replace(ENDPOINT, provider="groq"), "api.openai.com", b'{"made": "up"}', False),
        (replace(ENDPOINT, model="other"), "api.openai.com", b'{"made": "up"}', False),
        (ENDPOINT, "eu.api.openai.com", b'{"made": "up"}', False),
        (ENDPOINT, "api.openai.com", b'{"made": "up", "temperature": 0}', False),
        (ENDPOINT, "api.openai.com", None, False),
    ],
)
def test_it_asks_the_same(endpoint: object, host: str, body: bytes | None, asks: bool) -> None:
    assert LOOKED.asks(endpoint, host, body) is asks  # type: ignore[arg-type]


def test_it_does_not_say_what_it_asks() -> None:
    assert "made" not in repr(LOOKED)
