"""A credential is found where providers take it, and known by its fingerprint only."""

import hashlib
import hmac
import itertools
import os
import secrets
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tollway.identity.credential import HEADERS, OTHERS, credential, fingerprint
from tollway.identity.credential import secrets as secrets_in

KEY, OTHER = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
ACCESS_KEY = f"AKIA{secrets.token_hex(8).upper()}"


def signed(algorithm: str, signature: str, scope: str = "/20261123/us-east-1/bedrock/aws4_request") -> str:
    """The authorization header of a request signed for AWS."""
    return f"{algorithm} Credential={ACCESS_KEY}{scope}, SignedHeaders=host;x-amz-date, Signature={signature}"


@pytest.mark.parametrize(
    ("headers", "query", "found"),
    [
        ({"authorization": f"Bearer {KEY}"}, "", KEY),
        ({"authorization": f"bearer {KEY}"}, "", KEY),
        ({"authorization": f"Bearer   {KEY} "}, "", KEY),
        ({"authorization": f"Basic {KEY}"}, "", KEY),
        ({"authorization": KEY}, "", KEY),
        ({"x-api-key": KEY}, "", KEY),
        ({"api-key": KEY}, "", KEY),
        ({"x-goog-api-key": KEY}, "", KEY),
        ({}, f"key={KEY}", KEY),
        ({}, f"alt=sse&key={KEY}&x=1", KEY),
        ({}, "key=a%2Bb", "a+b"),
        ({"authorization": signed("AWS4-HMAC-SHA256", "00ff")}, "", ACCESS_KEY),
        ({"authorization": signed("AWS4-ECDSA-P256-SHA256", "00ff")}, "", ACCESS_KEY),
        ({"authorization": signed("aws4-hmac-sha256", "00ff")}, "", ACCESS_KEY),
    ],
    ids=[
        "bearer", "lower case", "spaces", "basic", "no scheme", "x-api-key", "api-key", "x-goog-api-key",
        "query", "query among others", "query escaped", "SigV4", "SigV4a", "SigV4 lower case",
    ],
)  # fmt: skip
def test_a_credential_is_found_wherever_providers_take_it(
    headers: dict[str, str], query: str, found: str
) -> None:
    """Without its scheme, so that one key has one fingerprint over all dialects."""
    assert credential(headers, query) == found


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({}, ""),
        ({"authorization": ""}, ""),
        ({"authorization": "   "}, ""),
        ({"authorization": "Bearer"}, ""),
        ({"authorization": "Bearer "}, ""),
        ({"authorization": "Basic  "}, ""),
        ({"x-api-key": ""}, "key="),
        ({"x-api-key": " "}, "key=%20"),
        ({"authorization": "AWS4-HMAC-SHA256 Credential=, Signature=00"}, ""),
        ({"authorization": "AWS4-HMAC-SHA256 Credential=/20261123/us-east-1"}, ""),
        ({"cookie": f"key={KEY}"}, f"monkey={KEY}"),
        ({"content-type": "application/json"}, "alt=sse"),
    ],
    ids=itertools.count(),  # the key is another one in each process that tests are spread over
)
def test_an_empty_value_is_no_credential(headers: dict[str, str], query: str) -> None:
    """Else all who send none would share one."""
    assert credential(headers, query) is None


@pytest.mark.parametrize("number", range(len(HEADERS)))
def test_of_several_the_first_that_says_something_wins(number: int) -> None:
    """Authorization, then the keys' own headers, then the query."""
    headers = dict.fromkeys(HEADERS[:number], "") | {HEADERS[number]: KEY}
    headers |= dict.fromkeys(HEADERS[number + 1 :], OTHER)

    assert credential(headers, f"key={OTHER}") == KEY


def test_a_scheme_alone_does_not_hide_the_key_beside_it() -> None:
    """Programs with an unset token send `Bearer` and nothing."""
    assert credential({"authorization": "Bearer ", "x-api-key": KEY}, "") == KEY


def test_requests_signed_with_one_key_have_one_credential() -> None:
    """Their signatures, dates and regions differ each time."""
    days = [f"/202611{day}/eu-west-{day % 3}/bedrock/aws4_request" for day in range(10, 28)]
    headers = [signed("AWS4-HMAC-SHA256", os.urandom(8).hex(), day) for day in days]

    assert {credential({"authorization": header}, "") for header in headers} == {ACCESS_KEY}


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1))
def test_a_key_is_the_same_however_it_is_sent(key: str) -> None:
    """One key, one fingerprint."""
    assume(key.lower() not in ("bearer", "basic"))
    ways = [
        credential({"authorization": f"Bearer {key}"}, ""),
        credential({"x-api-key": key}, ""),
        credential({"api-key": key}, ""),
        credential({"x-goog-api-key": key}, ""),
        credential({}, f"key={quote(key)}"),
    ]

    assert ways == [key] * 5


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_no_bytes_of_a_client_break_it(header: bytes, query: bytes) -> None:
    """Headers and paths come as mitmproxy decodes them: with what is no UTF-8 escaped."""
    texts = [part.decode("utf-8", "surrogateescape") for part in (header, query)]
    value = credential({"authorization": texts[0]}, f"key={texts[1]}")

    assert value is None or (value and len(fingerprint(b"0" * 32, value)) == 16)


def test_a_fingerprint_is_the_first_64_bits_of_an_hmac() -> None:
    """RFC 4231, test case 2: HMAC-SHA-256 of a known key and text."""
    assert fingerprint(b"Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e"


@given(st.binary(min_size=1), st.text(min_size=1))
def test_a_fingerprint_takes_the_secret_to_make(secret: bytes, value: str) -> None:
    """A list of likely keys and their plain hashes finds nothing out."""
    mark = fingerprint(secret, value)

    assert mark == fingerprint(secret, value)
    assert mark != fingerprint(secret + b"x", value)
    assert mark != hashlib.sha256(value.encode()).hexdigest()[:16]
    assert mark == hmac.digest(secret, value.encode(), "sha256").hex()[:16]


def test_different_keys_have_different_fingerprints() -> None:
    """Bytes that are no UTF-8, too."""
    secret = secrets.token_bytes(32)
    keys = [KEY, OTHER, f"{KEY} ", KEY[:-1], "caf\udce9", "caf\xe9"]

    assert len({fingerprint(secret, key) for key in keys}) == len(keys)


@pytest.mark.parametrize("name", [*HEADERS, *OTHERS])
def test_whatever_a_header_of_secrets_holds_is_one(name: str) -> None:
    """With its scheme and without it."""
    found = secrets_in({name: f"Bearer {KEY}"}, "")

    assert {f"Bearer {KEY}", KEY} <= found


@pytest.mark.parametrize(
    "name", ["key", "api-key", "api_key", "subscription-key", "access_token", "token", "X-Amz-Signature"]
)
def test_a_parameter_named_for_a_secret_is_one(name: str) -> None:
    """As it is, and as it is escaped."""
    assert secrets_in({}, f"alt=sse&{name}={quote(KEY + '/=')}") == {f"{KEY}/=", quote(KEY + "/=", safe="")}


def test_each_cookie_is_a_secret_by_its_value() -> None:
    assert {KEY, OTHER} <= secrets_in({"cookie": f"a={KEY}; theme=dark;b={OTHER}"}, "")


def test_what_is_short_or_not_named_for_a_secret_is_none() -> None:
    """Else `1` of a cookie would be found in every header."""
    assert secrets_in({"cookie": "a=1", "accept": KEY}, f"key=12&monkey={KEY}&alt=sse") == frozenset()
