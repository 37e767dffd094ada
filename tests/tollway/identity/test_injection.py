"""A request with the operator's key in the place of all that its caller showed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.identity.credential import HEADERS
from tollway.identity.injection import (
    AWS_KEY,
    NO_HEADER,
    SIGNED_QUERY,
    Injected,
    credential_header,
    injected,
    without_keys,
    without_secrets,
)
from tollway.identity.virtual_key import made

KEY = "made-up-key"


@pytest.mark.parametrize(
    ("header", "value"),
    [("authorization", f"Bearer {KEY}"), ("x-api-key", KEY), ("api-key", KEY), ("xi-api-key", KEY)],
)
def test_a_key_is_put_where_its_provider_takes_it(header: str, value: str) -> None:
    found = injected("/v1/chat", header, KEY)

    assert isinstance(found, Injected)
    assert found.put == (header, value)
    assert {*HEADERS, "cookie", "openai-organization", "x-hf-bill-to", header} <= found.remove
    assert "x-http-method-override" in found.remove
    assert KEY not in repr(found)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/v1/models", "/v1/models"),
        ("/v1?alt=sse&key=x", "/v1?alt=sse"),
        ("/v1?key=x", "/v1"),
        ("/v1?API-Key=x&%6Bey=y&a=%20b+c&access_token=z", "/v1?a=%20b+c"),
        ("/v1?monkey=x&token_count=1", "/v1?monkey=x&token_count=1"),
        (
            "/v1?page_token=x&next_page_token=y&next-token=z",
            "/v1?page_token=x&next_page_token=y&next-token=z",
        ),
        ("/v1?$key=x&%24httpMethod=POST&$httpHeaders=a:b&$alt=sse", "/v1?$alt=sse"),
        ("/v1?", "/v1?"),
        (f"/v1?a={made(bytes(32))}&b=%20{made(bytes(32))}&c=tw_", "/v1?c=tw_"),
    ],
)
def test_the_query_loses_what_may_be_secret_and_nothing_else(path: str, kept: str) -> None:
    assert without_secrets(path) == kept


@pytest.mark.parametrize(
    ("protocols", "kept"),
    [
        ("realtime", "realtime"),
        ("realtime, openai-insecure-api-key.x, openai-beta.realtime-v1", "realtime, openai-beta.realtime-v1"),
        (f"openai-organization.o,openai-project.p,a-{made(bytes(32))}", f"a-{made(bytes(32))}"),
        (f"a.{made(bytes(32))}", ""),
    ],
)
def test_a_websockets_protocols_lose_their_keys(protocols: str, kept: str) -> None:
    assert without_keys(protocols) == kept


@given(st.text(st.sampled_from("abk=&?%key"), max_size=30))
def test_what_has_no_secrets_stays_and_what_is_left_has_none(query: str) -> None:
    left = without_secrets(f"/a?{query}")

    assert without_secrets(left) == left


@pytest.mark.parametrize(
    ("path", "key", "why"),
    [
        ("/a?X-Amz-Signature=1", KEY, SIGNED_QUERY),
        ("/a", "AKIA" + "A1" * 8, AWS_KEY),
        ("/a", "ASIA" + "A1" * 8, AWS_KEY),
        ("/a", "", NO_HEADER),
        ("/a", "a\r\nx: 1", NO_HEADER),
        ("/a", "é", NO_HEADER),
        ("/a", " a", NO_HEADER),
    ],
)
def test_what_can_not_be_put_soundly_says_why(path: str, key: str, why: str) -> None:
    assert injected(path, "authorization", key) == why


@pytest.mark.parametrize(
    ("key", "value"), [(KEY, f"Bearer {KEY}"), ("", None), ("a\r\nx: 1", None), ("é", None), (" a", None)]
)
def test_a_key_that_no_header_can_hold_is_none(key: str, value: str | None) -> None:
    assert credential_header("authorization", key) == value
    assert credential_header("x-api-key", key) == (key if value else None)
