"""A token is found where a client shows it; what has another shape is none."""

import base64

import pytest

from tests.tollway.identity.issuer import signed
from tollway.identity.presented import LARGEST, in_header, in_proxy_authorization

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
        "Bearer " + "x" * (LARGEST + 1),
        basic(f"jwt:{TOKEN}:more"),
    ],
)  # fmt: skip
def test_what_has_another_shape_is_none(value: str) -> None:
    assert in_proxy_authorization(value) is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (TOKEN, TOKEN),
        (f"Bearer {TOKEN}", TOKEN),
        (f" bearer {TOKEN}", TOKEN),
        ("Bearer sk-made-up", None),
        ("", None),
    ],
)
def test_a_header_has_it_with_bearer_or_without(value: str, found: str | None) -> None:
    assert in_header({"x-token": value}, "x-token") == found
    assert in_header({}, "x-token") is None
