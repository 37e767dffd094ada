"""An issuer's own document says where its keys are, if it is its own, and nobody could have changed it."""

import orjson
import pytest

from tollway.identity.discovery import is_safe, jwks_uri, well_known

ISSUER = "https://login.example.com/tenant"


def document(**members: object) -> bytes:
    return orjson.dumps({"issuer": ISSUER, "jwks_uri": "https://keys.example.com/k", **members})


@pytest.mark.parametrize("issuer", [ISSUER, ISSUER + "/"])
def test_it_stands_below_the_issuer(issuer: str) -> None:
    assert well_known(issuer) == ISSUER + "/.well-known/openid-configuration"


def test_the_address_of_the_keys_may_be_of_another_host() -> None:
    """Google's is."""
    assert jwks_uri(document(), ISSUER) == "https://keys.example.com/k"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"<html>", "it is no JSON"),
        (b"[]", "it is no JSON object"),
        (document(issuer="https://evil.example"), "it is of another issuer than"),
        (document(issuer=ISSUER + "/"), "it is of another issuer than"),
        (document(issuer=None), "it is of another issuer than"),
        (document(jwks_uri=None), "its `jwks_uri` is no https URL"),
        (document(jwks_uri=["https://a.example"]), "its `jwks_uri` is no https URL"),
        (document(jwks_uri="http://keys.example.com/k"), "its `jwks_uri` is no https URL"),
        (document(jwks_uri="file:///etc/passwd"), "its `jwks_uri` is no https URL"),
    ],
)
def test_a_document_that_can_not_be_believed_is_not(said: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        jwks_uri(said, ISSUER)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/k", True),
        ("https://a.example:8443/k", True),
        ("http://127.0.0.1:8080/k", True),
        ("http://localhost/k", True),
        ("http://[::1]:80/k", True),
        ("http://a.example/k", False),
        ("http://127.0.0.1.evil.example/k", False),
        ("http://localhost.evil.example/", False),
        ("https://user:pass@a.example/k", False),
        ("https://", False),
        ("https://a.example:port/", False),
        ("https://[::1", False),
        ("ftp://a.example/", False),
        ("", False),
    ],
)
def test_only_what_nobody_on_the_way_can_change_is_safe(url: str, safe: bool) -> None:
    assert is_safe(url) is safe
