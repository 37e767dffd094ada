"""The keys that an identity provider signs with: a JSON Web Key Set (RFC 7517), and what of it is fit."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError
from msgspec import Struct

LARGEST = 1024 * 1024
"""Bytes of a set."""
MOST = 100
"""Keys of a set that are read."""
LEAST_RSA_BITS = 2048
"""RFC 7518, section 3.3."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Those of public keys: with a secret that is shared, whoever checks a token could make one."""

_CURVES = {"secp256r1": ("ES256",), "secp384r1": ("ES384",), "secp521r1": ("ES512",)}
_RSA = tuple(name for name in ALGORITHMS if name[0] in "RP")


class Key(Struct, frozen=True, kw_only=True):
    """One public key."""

    kid: str | None
    algorithms: tuple[str, ...]
    """What it may sign by."""
    public: Any


class KeySet(Struct, frozen=True, kw_only=True):
    """The keys of a set that are fit for use."""

    keys: tuple[Key, ...]

    def find(self, kid: object, algorithm: str) -> Key | None:
        """The key that a token names, for the algorithm that it names. Of a token that names no key: the only
        one that there is for this algorithm."""
        fit = [key for key in self.keys if algorithm in key.algorithms]
        if kid is None:
            return fit[0] if len(fit) == 1 else None
        return next((key for key in fit if key.kid == kid), None)


def key_set(document: bytes) -> KeySet | str:
    """The keys of a document; a text: why it is no set of keys that can be used.

    Left out are keys for other uses than signatures, shared secrets, weak keys, and two of the same name and
    kind, since it could not be told which of them is meant.
    """
    if len(document) > LARGEST:
        return f"it has {len(document)} bytes, {LARGEST} at most are read"
    try:
        said = orjson.loads(document)
    except orjson.JSONDecodeError:
        return "it is no JSON"
    listed = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        return "it is no JSON object with a list of `keys`"
    if len(listed) > MOST:
        return f"it has {len(listed)} keys, {MOST} at most are read"
    keys = [key for one in listed if isinstance(one, dict) and (key := _key(one)) is not None]
    found = tuple(key for key in keys if not _is_ambiguous(key, keys))
    return KeySet(keys=found) if found else "no key of it is fit to check a signature with"


def _key(said: Mapping[str, Any]) -> Key | None:
    """A key that checks signatures; None: it is of another kind, or not sound."""
    kid, named = said.get("kid"), said.get("alg")
    if said.get("use", "sig") != "sig" or not isinstance(kid, str | None):
        return None
    if not _may_verify(said.get("key_ops")):
        return None
    try:
        public = PyJWK.from_dict(dict(said) | {"alg": _any_algorithm(said)}).key
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None
    algorithms = _algorithms(public)
    if named is not None:
        algorithms = tuple(name for name in algorithms if name == named)
    return Key(kid=kid, algorithms=algorithms, public=public) if algorithms else None


def _any_algorithm(said: Mapping[str, Any]) -> str:
    """One that PyJWT knows the key's kind by."""
    return "RS256" if said.get("kty") == "RSA" else "ES256"


def _may_verify(operations: object) -> bool:
    """RFC 7517, section 4.3."""
    return operations is None or (isinstance(operations, list) and "verify" in operations)


def _algorithms(public: object) -> tuple[str, ...]:
    if isinstance(public, RSAPublicKey):
        return _RSA if public.key_size >= LEAST_RSA_BITS else ()
    if isinstance(public, EllipticCurvePublicKey):
        return _CURVES.get(public.curve.name, ())
    return ()


def _is_ambiguous(key: Key, keys: Iterable[Key]) -> bool:
    same = [other for other in keys if other.kid == key.kid and set(other.algorithms) & set(key.algorithms)]
    return key.kid is not None and len(same) > 1
