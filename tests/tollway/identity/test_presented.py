"""A token is found where a client shows it; what has another shape is none."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.identity.issuer import signed
from tollway.identity.presented import LARGEST, MOST, in_header, in_proxy_authorization
from tollway.identity.remembered import Remembered
from tollway.identity.token import Token, read

TOKEN = signed()


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "value",
    [
        basic(f"jwt:{TOKEN}"),
        basic(f"{TOKEN}:"),
        basic(TOKEN),
        basic(f"{TOKEN}:x"),
        f"Bearer {TOKEN}",
        f"bearer   {TOKEN} ",
        f"  BASIC {basic(f'a:{TOKEN}')[6:]}",
    ],
)
def test_it_is_found_in_basic_and_in_bearer(value: str) -> None:
    assert in_proxy_authorization(value) == TOKEN


@pytest.mark.parametrize(
    "value",
    [
        "", "Basic", "Bearer", basic("ann:secret"), basic(":"), "Basic ???", "Basic e30", "Basic /////w==",
        "Bearer made-up-key", f"Digest {TOKEN}", TOKEN, f"Bearer {TOKEN} {TOKEN}",
        basic(f"jwt:{TOKEN}:more"),
    ],
)  # fmt: skip
def test_what_has_another_shape_is_none(value: str) -> None:
    assert in_proxy_authorization(value) is None


OTHER = signed({"iss": "https://other.example.com"})


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (f"Bearer {TOKEN}, Bearer {TOKEN}", TOKEN),
        (f"{basic(f'jwt:{TOKEN}')},Bearer {TOKEN}", TOKEN),
        (f"Digest a=b, c=d, Bearer {TOKEN}", TOKEN),
        (f"Basic ???, Bearer {TOKEN}", TOKEN),
        (f"Bearer {TOKEN}, Bearer {OTHER}", f"{TOKEN},{OTHER}"),
        (f"{basic(f'jwt:{OTHER}')}, {basic(f'jwt:{TOKEN}')}", f"{OTHER},{TOKEN}"),
        (basic(f"{OTHER}:{TOKEN}"), f"{TOKEN},{OTHER}"),
    ],
)
def test_of_several_none_is_meant(value: str, found: str) -> None:
    """They are shown together, which is no token; the same one twice is one."""
    assert in_proxy_authorization(value) == found
    assert isinstance(read(found), Token) is (found == TOKEN)


@pytest.mark.parametrize(
    "value",
    [f"Bearer {'x' * LARGEST}", basic(f"jwt:{'x' * LARGEST}"), "," * 10**6, "\udcff" * (LARGEST + 1)],
    ids=["Bearer", "Basic", "commas", "no text"],
)
def test_of_what_is_too_long_the_beginning_is_shown(value: str) -> None:
    """It can't be told what it is, so it is refused, and not passed over."""
    found = in_proxy_authorization(value)

    assert found == in_header({"x-token": value}, "x-token") == value[: LARGEST + 1]
    assert "at most are read" in str(read(found))


def test_of_very_many_none_is_looked_at() -> None:
    value = ", ".join(["Bearer x"] * (MOST + 2))

    assert in_proxy_authorization(value) == in_header({"x-token": value}, "x-token") == value
    assert in_proxy_authorization(", ".join([f"Bearer {TOKEN}"] * (MOST + 1))) == TOKEN


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (TOKEN, TOKEN),
        (f"Bearer {TOKEN}", TOKEN),
        (f" bearer {TOKEN}", TOKEN),
        (f"Bearer {TOKEN}, {TOKEN}", TOKEN),
        (f"{TOKEN}, Bearer {OTHER}", f"{TOKEN},{OTHER}"),
        (f"sk-made-up, {TOKEN}", TOKEN),
        ("Bearer sk-made-up", None),
        ("", None),
    ],
)
def test_a_header_has_it_with_bearer_or_without(value: str, found: str | None) -> None:
    assert in_header({"x-token": value}, "x-token") == found
    assert in_header({}, "x-token") is None


@given(st.binary(max_size=200), st.sampled_from(["Bearer ", "Basic ", ""]))
def test_whatever_bytes_a_header_has_they_are_read_or_refused(said: bytes, scheme: str) -> None:
    value = scheme + said.decode("utf-8", "surrogateescape")

    for found in (in_proxy_authorization(value), in_header({"x-token": value}, "x-token")):
        assert found is None or isinstance(read(found), Token | str)
        assert Remembered().find(found or value, 1.0) is None
