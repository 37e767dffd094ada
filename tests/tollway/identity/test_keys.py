"""Of a set of keys, only those count that can check a signature, and can be told apart."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.tollway.identity.issuer import document, ec_key, jwk, keys, rsa_key
from tollway.identity.keys import LARGEST, MOST, KeySet, key_set

UNFIT = "no key of it is fit to check a signature with"
A, E = rsa_key("a"), ec_key("e")


def test_keys_are_found_by_their_name_and_kind() -> None:
    found = keys(jwk(A, "a"), jwk(E, "e"), jwk(ec_key("p", ec.SECP384R1), "p"))

    assert [(key.kid, key.algorithms[0]) for key in found.keys] == [
        ("a", "RS256"),
        ("e", "ES256"),
        ("p", "ES384"),
    ]
    assert found.find("a", "RS256") is found.find("a", "PS512") is found.keys[0]
    assert found.find("e", "ES256") is found.keys[1]
    for kid, algorithm in (("a", "ES256"), ("e", "RS256"), ("p", "ES256"), ("x", "RS256"), ("a", "HS256")):
        assert found.find(kid, algorithm) is None


@pytest.mark.parametrize("kid", [1, ["a"], {"a": 1}, True, "../../a", "a' OR '1'='1", ""])
def test_a_name_is_compared_and_nothing_else(kid: object) -> None:
    assert keys(jwk(A, "a")).find(kid, "RS256") is None


def test_who_names_no_key_means_the_only_one() -> None:
    """Of the kind: with two it could not be told which."""
    assert keys(jwk(A, "a"), jwk(E, "e")).find(None, "RS256") is not None
    assert keys(jwk(A, None)).find(None, "RS256") is not None
    assert keys(jwk(A, "a"), jwk(rsa_key("b"), "b")).find(None, "RS256") is None


@pytest.mark.parametrize(
    "unfit",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "s", "alg": "HS256"},
        jwk(A, "a", use="enc"),
        jwk(A, "a", key_ops=["sign"]),
        jwk(A, "a", key_ops="verify"),
        jwk(A, "a", alg="RSA-OAEP"),
        jwk(A, "a", alg="ES256"),
        jwk(A, "a", alg=["RS256"]),
        jwk(rsa_key("weak", 1024), "a"),
        jwk(A, "a") | {"kid": 7},
        jwk(A, "a") | {"n": "AA"},
        jwk(A, "a") | {"n": 5},
        jwk(E, "e") | {"x": "AAAA"},
        jwk(E, "e") | {"crv": "P-192"},
        jwk(ec_key("k", ec.SECP256K1), "k"),
        {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "o"},
        {"kty": "RSA"},
        {"kid": "a"},
        {},
        "a",
        None,
    ],
)  # fmt: skip
def test_a_key_that_is_not_fit_is_left_out(unfit: Any) -> None:
    """Alone, and beside one that is."""
    assert key_set(document(unfit)) == UNFIT
    assert [key.kid for key in keys(unfit, jwk(rsa_key("b"), "good", use="sig", alg="RS256")).keys] == [
        "good"
    ]


def test_a_key_signs_by_the_algorithm_that_it_names() -> None:
    found = keys(jwk(A, "a", alg="RS384", key_ops=["verify"]))

    assert found.keys[0].algorithms == ("RS384",)
    assert found.find("a", "RS256") is None


def test_of_two_keys_with_one_name_none_is_meant() -> None:
    """Of one kind; an RSA key and one on a curve can be told apart."""
    found = keys(jwk(A, "a"), jwk(rsa_key("b"), "a"), jwk(E, "a"))

    assert [key.algorithms for key in found.keys] == [("ES256",)]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"<html>", "it is no JSON"),
        (b"", "it is no JSON"),
        (b"[]", "it is no JSON object with a list of `keys`"),
        (b'{"keys": {}}', "it is no JSON object with a list of `keys`"),
        (b"{}", "it is no JSON object with a list of `keys`"),
        (b'{"keys": []}', UNFIT),
        (b" " * (LARGEST + 1), f"it has {LARGEST + 1} bytes, {LARGEST} at most are read"),
        (
            json.dumps({"keys": [{}] * (MOST + 1)}).encode(),
            f"it has {MOST + 1} keys, {MOST} at most are read",
        ),
        (b'{"keys":' + b"[" * 5000 + b"]" * 5000 + b"}", "it is no JSON"),
    ],
)
def test_what_is_no_set_of_keys_is_told(said: bytes, why: str) -> None:
    assert key_set(said) == why


def test_a_private_key_among_them_is_no_public_one() -> None:
    """Whoever publishes it has other troubles."""
    from jwt.algorithms import RSAAlgorithm

    private: Mapping[str, Any] = RSAAlgorithm.to_jwk(A, as_dict=True)
    assert key_set(document({**private, "key_ops": ["verify"]})) == UNFIT
    assert isinstance(keys(), KeySet)
