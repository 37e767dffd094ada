"""What looks like a token is read as one, in one way only; what does not is none."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.identity.issuer import CLAIMS, part, signed
from tollway.identity.token import LARGEST, Token, is_token, read


def test_a_token_says_what_was_signed() -> None:
    token = read(signed())

    assert isinstance(token, Token)
    assert (token.header, token.claims) == ({"alg": "RS256", "kid": "a", "typ": "JWT"}, CLAIMS)
    assert "ann" not in repr(token)


@pytest.mark.parametrize(
    "text",
    [
        "", "ann", "sk-ant-api03-" + "x" * 40, "sk-proj-" + "y" * 40, "AIza" + "z" * 35, "ya29.c.b0Aaekm1",
        "ya29.a0Af_x", "gsk_" + "w" * 40, "a.b.c", "e30", "e30.e30", "e30.e30. x",
        "Bearer e30.e30.x", "e30.e30.x\n",
    ],
)  # fmt: skip
def test_keys_of_providers_and_other_texts_are_no_tokens(text: str) -> None:
    assert not is_token(text)
    assert read(text) == "it is no token"


@pytest.mark.parametrize("text", [b'{"a":1}', b"{}", b'{ "a": 1}', b'{\n"a": 1}', b'{\t"a":1}', b'{\r"a":1}'])
def test_whatever_begins_as_a_json_object_does_is_a_token(text: bytes) -> None:
    """Also without a signature: it is to be refused, and not to be passed over."""
    assert is_token(f"{part(text)}.{part({})}.")
    assert isinstance(read(f"{part(text)}.{part({})}."), Token)


def test_padding_makes_no_other_token() -> None:
    """As some issuers write it: remembered under one name, it is one token."""
    header, claims, signature = f"{part({'a': 1})}.{part({'b': 22})}.c2ln".split(".")
    plain, padded = read(f"{header}.{claims}.{signature}"), read(f"{header}==.{claims}=.{signature}=")

    assert isinstance(plain, Token)
    assert isinstance(padded, Token)
    assert plain.text == padded.text


DEEP = b'{"a":' + b"[" * 9_000 + b"]" * 9_000 + b"}"


@pytest.mark.parametrize(
    ("header", "claims", "why"),
    [
        (b'{"alg":"RS256","alg":"none"}', b"{}", "it names a member twice"),
        (b"{}", b'{"iss":"a","iss":"b"}', "it names a member twice"),
        (b"{}", b'{"a":{"b":1,"b":2}}', "it names a member twice"),
        (b"{}", b'{"exp":NaN}', "NaN is no number to reckon with"),
        (b"{}", b'{"exp":-Infinity}', "-Infinity is no number to reckon with"),
        (b"{}", b"[1]", "its parts are no JSON objects"),
        (b"{}", b"{", "its parts are no JSON"),
        (b"{x", b"{}", "its parts are no JSON"),
        (b"{}", b"\xff", "its parts are no JSON"),
        (b"{}", b'{"a":' + b"9" * 5000 + b"}", "its parts are no JSON"),
        (DEEP[:9000], b"{}", "its parts are no JSON"),
    ],
)
def test_what_readers_may_read_differently_is_not_read(header: bytes, claims: bytes, why: str) -> None:
    assert read(f"{part(header)}.{part(claims)}.x") == why


@pytest.mark.parametrize("count", [4, 5, 6])
def test_what_has_more_parts_is_a_token_that_is_not_read(count: int) -> None:
    """So that one that is encrypted (RFC 7516) is refused, and not passed over."""
    text = ".".join(["e30"] * count)

    assert is_token(text)
    assert read(text) == f"it has {count} parts, and a signed token has 3"


def test_several_are_none() -> None:
    assert read(f"{signed()},{signed()}") == "there are several in one place, and any may be another's"


def test_half_a_byte_is_no_base64() -> None:
    assert read("e30.abcde.x") == "its parts are not base64url"


def test_a_huge_token_is_not_even_decoded() -> None:
    text = f"{part({})}.{part({'a': 'x' * LARGEST})}.x"

    assert is_token(text)
    assert read(text) == f"it has {len(text)} characters, {LARGEST} at most are read"


@given(st.text(st.sampled_from("e30abcXYZ09-_.= {"), max_size=40))
def test_whatever_looks_like_a_token_can_be_read_or_refused(text: str) -> None:
    assert isinstance(read(text), Token | str)
    assert is_token(text) or read(text) == "it is no token"


def test_a_made_up_key_is_never_taken_for_a_token() -> None:
    assert not any(is_token(f"sk-{secrets.token_urlsafe(40)}") for _ in range(200))
