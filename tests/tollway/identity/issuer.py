"""An identity provider in memory: keys made at run time, and tokens signed with them."""

import base64
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.api_jws import PyJWS

from tollway.identity.keys import KeySet, key_set
from tollway.identity.verify import Issuer

NOW = 1_790_000_000.0
URL = "https://login.example.com/"
OURS = Issuer(issuer=URL, audiences=("tollway",))
CLAIMS: Mapping[str, Any] = {
    "iss": URL, "aud": "tollway", "sub": "1234", "email": "ann@example.com", "exp": NOW + 600, "iat": NOW - 5,
}  # fmt: skip


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of its own for each name."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(name: str, curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    """The same, on a curve."""
    return ec.generate_private_key(curve())


def jwk(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, kid: str | None, **more: object
) -> dict[str, Any]:
    """The public part of a key, as a set has it."""
    algorithm: Any = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    said = algorithm.to_jwk(key.public_key(), as_dict=True)
    return {
        **{name: said[name] for name in said if name != "key_ops"},
        **({"kid": kid} if kid else {}),
        **more,
    }


def document(*keys: Mapping[str, Any]) -> bytes:
    """A set of keys, as it is served."""
    return json.dumps({"keys": keys}).encode()


def keys(*of: Mapping[str, Any]) -> KeySet:
    """A set of keys that are fit; by default the issuer's two."""
    found = key_set(document(*(of or (jwk(rsa_key("a"), "a"), jwk(ec_key("e"), "e")))))
    assert isinstance(found, KeySet)
    return found


def part(members: object) -> str:
    """A part of a token, of whatever it is to say."""
    text = members if isinstance(members, bytes) else json.dumps(members).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def signed(
    claims: object = CLAIMS,
    key: Any = None,
    algorithm: str = "RS256",
    header: Mapping[str, Any] | None = None,
) -> str:
    """A token, by default by the issuer's RSA key, whose name is `a`."""
    said = {"kid": "a"} if header is None else header
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return PyJWS().encode(payload, key or rsa_key("a"), algorithm, headers=dict(said))
