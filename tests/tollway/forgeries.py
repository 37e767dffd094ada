"""Tokens that must not be taken, each with the reason that the log gives.

Those of RFC 8725, those that PyJWT lets pass, and those that other readers were taken in by. The policy that
they are tried against takes tokens of two issuers, `ours` and `theirs`, for the audience `tollway`.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.tollway.identity.issuer import document, ec_key, jwk, part, rsa_key, signed
from tests.tollway.issuers.provider import Provider
from tollway import clock
from tollway.identity.token import LARGEST

AUDIENCE = "tollway"


class Issuers(NamedTuple):
    """The two that the policy names; a forgery may change what they publish."""

    ours: Provider
    theirs: Provider


Make = Callable[[Issuers], str]


def claims(issuer: Provider, **others: object) -> dict[str, Any]:
    """Of a token of Ann's, who is an intern; a claim that is None is left out."""
    now = int(clock.now())
    said = {
        "iss": issuer.issuer, "aud": AUDIENCE, "exp": now + 600, "iat": now, "nbf": now,
        "email": "ann@example.com", "groups": ["search"], "role": "intern", **others,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def good(issuer: Provider, **others: object) -> str:
    """A token that is taken, unless these claims are wrong."""
    return signed(claims(issuer, **others))


def with_header(**header: object) -> Make:
    """A token that is good but for what its header says, which is signed too."""
    return lambda issuers: signed(claims(issuers.ours), header={"kid": "a", **header})


def with_claims(**others: object) -> Make:
    """The same with other claims."""
    return lambda issuers: good(issuers.ours, **others)


def unsigned(issuers: Issuers, header: object, payload: object = None, signature: str = "") -> str:
    """Three parts, whatever they say."""
    return f"{part(header)}.{part(payload or claims(issuers.ours))}.{signature}"


def without_algorithm(name: object, signature: str = "") -> Make:
    """RFC 7519, section 6."""
    return lambda issuers: unsigned(issuers, {"alg": name, "kid": "a"}, None, signature)


def public_pem(key: rsa.RSAPrivateKey) -> bytes:
    """What everybody knows."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_jwk(key: rsa.RSAPrivateKey) -> bytes:
    """The same, as the issuer publishes it."""
    return json.dumps(jwk(key, "a")).encode()


def hmac_signed(secret: Callable[[rsa.RSAPrivateKey], bytes], algorithm: str = "HS256") -> Make:
    """Signed by what everybody knows, as if it were a shared secret."""

    def make(issuers: Issuers) -> str:
        text = f"{part({'alg': algorithm, 'kid': 'a', 'typ': 'JWT'})}.{part(claims(issuers.ours))}"
        digest = hmac.new(secret(rsa_key("a")), text.encode(), hashlib.sha256).digest()
        return f"{text}.{part(digest)}"

    return make


def renamed(algorithm: str, **header: object) -> Make:
    """The header of a good token names another algorithm."""

    def make(issuers: Issuers) -> str:
        _, payload, signature = good(issuers.ours).split(".")
        return f"{part({'alg': algorithm, 'kid': 'a', **header})}.{payload}.{signature}"

    return make


def tampered(change: Callable[[str, str, str], tuple[str, ...]]) -> Make:
    """The parts of a good token, changed."""
    return lambda issuers: ".".join(change(*good(issuers.ours).split(".")))


def promoted(header: str, payload: str, signature: str) -> tuple[str, ...]:
    """An intern makes herself the chief."""
    said = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return header, part({**said, "role": "chief"}), signature


def flipped(header: str, payload: str, signature: str) -> tuple[str, ...]:
    """The first byte of the signature is another."""
    return header, payload, ("A" if signature[0] != "A" else "B") + signature[1:]


def by_own_key(**header: object) -> Make:
    """Signed by the attacker, who sends along what to check it with."""
    return lambda issuers: signed(claims(issuers.ours), rsa_key("evil"), header={"kid": "a", **header})


def publishing(make: Callable[[Issuers], tuple[str, bytes]]) -> Make:
    """A token together with the keys that its issuer then publishes."""

    def made(issuers: Issuers) -> str:
        text, issuers.ours.keys = make(issuers)
        return text

    return made


def of_weak_key(issuers: Issuers) -> tuple[str, bytes]:
    """RFC 7518, section 3.3: 2048 bits at least."""
    weak = rsa_key("weak", 1024)
    text = f"{part({'alg': 'RS256', 'kid': 'weak'})}.{part(claims(issuers.ours))}"
    text += "." + part(weak.sign(text.encode(), PKCS1v15(), SHA256()))
    return text, document(jwk(rsa_key("a"), "a"), jwk(weak, "weak"))


def of_shared_secret(issuers: Issuers) -> tuple[str, bytes]:
    """A set may list secrets by mistake."""
    text = hmac_signed(lambda key: b"made-up-secret")(issuers)
    secret = {"kty": "oct", "kid": "a", "k": part(b"made-up-secret")}
    return text, document(secret, jwk(rsa_key("b"), "b"))


def of_encryption_key(issuers: Issuers) -> tuple[str, bytes]:
    """Meant for something else."""
    text = signed(claims(issuers.ours), rsa_key("sealing"), header={"kid": "sealing"})
    return text, document(jwk(rsa_key("a"), "a"), jwk(rsa_key("sealing"), "sealing", use="enc"))


def of_two_keys(issuers: Issuers) -> tuple[str, bytes]:
    """It can't be told which one is meant."""
    return good(issuers.ours), document(
        *(jwk(key, "a") for key in (rsa_key("a"), rsa_key("b"))), jwk(ec_key("e"), "e")
    )


def of_revoked_key(issuers: Issuers) -> tuple[str, bytes]:
    """It was the issuer's."""
    return good(issuers.ours), document(jwk(rsa_key("b"), "b"))


def of_swapped_keys(issuers: Issuers) -> str:
    """Where one issuer's keys are served for the other's: that one's tokens alone could be checked."""
    issuers.ours.keys = issuers.theirs.keys
    return good(issuers.ours)


def of_their_key(issuers: Issuers) -> str:
    """Both publish a key of this name."""
    return signed(claims(issuers.ours), rsa_key("theirs"), header={"kid": "a"})


def of_an_odd_curve(issuers: Issuers) -> str:
    """A signature of the right length by a key of the wrong kind."""
    return signed(claims(issuers.ours), ec_key("evil"), "ES256", header={"kid": "e"})


def raw(text: bytes) -> Make:
    """These bytes as claims, properly signed."""
    return lambda issuers: signed(text.replace(b"ISSUER", issuers.ours.issuer.encode()))


def raw_header(text: bytes) -> Make:
    """These bytes as the header."""
    return lambda issuers: f"{part(text)}.{part(claims(issuers.ours))}.{part(b'x' * 256)}"


def halved(header: str, payload: str, signature: str) -> tuple[str, ...]:
    """Only the first half of the signature."""
    return header, payload, signature[: len(signature) // 2]


def with_half_a_byte(header: str, payload: str, signature: str) -> tuple[str, ...]:
    """One character more than base64 can have."""
    return header, payload + "A" * (-len(payload) % 4 + 1), signature


def nested(levels: int) -> bytes:
    return b'{"a":' + b"[" * levels + b"]" * levels + b"}"


NOW = int(clock.now())
ALGORITHM = "its algorithm is none of RS256, ES256"
SIGNATURE = "its signature is not its issuer's"
KEY = "it names no key that its issuer signs with"
AUDIENCES = "it is not for tollway"
STRANGER = "no source of the policy takes tokens of its issuer"
LATE = "it has expired"
EARLY = "it is not valid yet"
TIMES = "its times are no numbers"
NO_JSON = "its parts are no JSON"
TWICE = "it names a member twice"
KIND = "its `typ` says that it is something else than a token of access or identity"
PARTS = "a signed token has 3"

FORGERIES: Mapping[str, tuple[Make, str]] = {
    **{f"alg {name}": (without_algorithm(name), ALGORITHM) for name in ("none", "None", "NONE", "nOnE", "")},
    "alg none, with a signature": (without_algorithm("none", part(b"x" * 256)), ALGORITHM),
    "no alg": (lambda issuers: unsigned(issuers, {"kid": "a"}), ALGORITHM),
    "alg as a list": (without_algorithm(["RS256"]), ALGORITHM),
    "alg null": (without_algorithm(None), ALGORITHM),
    "HS256 by the public PEM": (hmac_signed(public_pem), ALGORITHM),
    "HS256 by the public JWK": (hmac_signed(public_jwk), ALGORITHM),
    "HS256 by the public PEM, called RS256": (hmac_signed(public_pem, "RS256"), SIGNATURE),
    "RS256 called HS256": (renamed("HS256"), ALGORITHM),
    "RS256 called PS256": (renamed("PS256"), ALGORITHM),
    "RS256 called ES256": (renamed("ES256"), KEY),
    "RS256 called ES256 by the curve's key": (renamed("ES256", kid="e"), SIGNATURE),
    "RS256 called rs256": (renamed("rs256"), ALGORITHM),
    "another curve's key": (of_an_odd_curve, SIGNATURE),
    "another issuer": (with_claims(iss="https://evil.example"), STRANGER),
    "issuer with a slash": (lambda issuers: good(issuers.ours, iss=f"{issuers.ours.issuer}/"), STRANGER),
    "issuer as a list": (lambda issuers: good(issuers.ours, iss=[issuers.ours.issuer]), STRANGER),
    "no issuer": (with_claims(iss=None), STRANGER),
    "another audience": (with_claims(aud="other"), AUDIENCES),
    "audiences of others": (with_claims(aud=["other", "tollway.evil.example"]), AUDIENCES),
    "audience in other letters": (with_claims(aud="Tollway"), AUDIENCES),
    "audience as an object": (with_claims(aud={"tollway": True}), AUDIENCES),
    "audience in a list in a list": (with_claims(aud=[["tollway"]]), AUDIENCES),
    "no audience": (with_claims(aud=None), AUDIENCES),
    "expired": (with_claims(exp=NOW - 3600), LATE),
    "expired long ago": (with_claims(exp=0), LATE),
    "expires before it began": (with_claims(exp=-1), LATE),
    "not valid yet": (with_claims(nbf=NOW + 3600), EARLY),
    "made in the future": (with_claims(iat=NOW + 3600), EARLY),
    "no end": (with_claims(exp=None), "it says of no time when it expires"),
    "an end that is a text": (with_claims(exp=str(NOW + 600)), TIMES),
    "an end that is true": (with_claims(exp=True), TIMES),
    "an end at the end of time": (with_claims(exp=10**300), TIMES),
    "a beginning that is a text": (with_claims(nbf="0"), TIMES),
    "an end at infinity": (raw(b'{"iss":"ISSUER","aud":"tollway","exp":Infinity}'), "Infinity is no number"),
    "an end at no number": (raw(b'{"iss":"ISSUER","aud":"tollway","exp":NaN}'), "NaN is no number"),
    "an end at 1e999": (raw(b'{"iss":"ISSUER","aud":"tollway","exp":1e999}'), TIMES),
    "a number of 5000 digits": (
        raw(b'{"iss":"ISSUER","aud":"tollway","exp":' + b"9" * 5000 + b"}"),
        NO_JSON,
    ),
    "a member twice": (raw(b'{"iss":"ISSUER","aud":"tollway","exp":1,"exp":9999999999}'), TWICE),
    "two issuers": (raw(b'{"iss":"https://evil.example","iss":"ISSUER","aud":"tollway"}'), TWICE),
    "two algorithms": (raw_header(b'{"alg":"RS256","kid":"a","alg":"none"}'), TWICE),
    "deep claims": (raw(nested(5000)), NO_JSON),
    "deep header": (raw_header(nested(5000)), NO_JSON),
    "claims that are a list": (raw(b"[]"), "its parts are no JSON objects"),
    "claims that are a text": (raw(b'"x"'), "its parts are no JSON objects"),
    "claims in UTF-16": (raw('{"iss":"x"}'.encode("utf-16")), NO_JSON),
    "no claims": (lambda issuers: f"{good(issuers.ours).split('.')[0]}..x", NO_JSON),
    "jwk": (by_own_key(jwk=jwk(rsa_key("evil"), "a")), SIGNATURE),
    "jku": (by_own_key(jku="http://127.0.0.1:1/keys"), SIGNATURE),
    "x5u": (by_own_key(x5u="http://127.0.0.1:1/certificate"), SIGNATURE),
    "x5c": (by_own_key(x5c=[base64.b64encode(b"made-up").decode()]), SIGNATURE),
    "kid of a file": (with_header(kid="../../../../dev/null"), KEY),
    "kid of a statement": (with_header(kid="a' UNION SELECT 'x' --"), KEY),
    "kid of a command": (with_header(kid="a|/bin/true"), KEY),
    "kid with a zero": (with_header(kid="a\0"), KEY),
    "kid in another letter": (with_header(kid="A"), KEY),
    "kid as a number": (lambda issuers: unsigned(issuers, {"alg": "RS256", "kid": 7}, None, "x"), KEY),
    "kid as a list": (lambda issuers: unsigned(issuers, {"alg": "RS256", "kid": ["a"]}, None, "x"), KEY),
    "kid of 8000 characters": (with_header(kid="a" * 8000), KEY),
    "crit": (with_header(crit=["exp"]), SIGNATURE),
    "crit, unknown": (with_header(crit=["https://example.com/x"], **{"https://example.com/x": 1}), SIGNATURE),
    "crit, empty": (with_header(crit=[]), SIGNATURE),
    "typ of a logout": (with_header(typ="logout+jwt"), KIND),
    "typ of a proof": (with_header(typ="dpop+jwt"), KIND),
    "typ as a list": (with_header(typ=["JWT"]), KIND),
    "nested": (with_header(cty="JWT", typ="secevent+jwt"), KIND),
    "no signature": (tampered(lambda header, payload, signature: (header, payload, "")), SIGNATURE),
    "half a signature": (tampered(halved), SIGNATURE),
    "another signature": (tampered(flipped), SIGNATURE),
    "another's claims": (tampered(promoted), SIGNATURE),
    "four parts": (tampered(lambda *parts: (*parts, "x")), PARTS),
    "five parts (JWE)": (
        lambda issuers: ".".join([part({"alg": "RSA-OAEP", "enc": "A256GCM"}), "x", "x", "x", "x"]),
        PARTS,
    ),
    "huge": (with_claims(x="x" * LARGEST), "16384 at most are read"),
    "huger": (with_claims(x="x" * 40_000), "16384 at most are read"),
    "half a byte": (tampered(with_half_a_byte), "its parts are not base64url"),
    "weak key": (publishing(of_weak_key), KEY),
    "shared secret": (publishing(of_shared_secret), ALGORITHM),
    "key for encryption": (publishing(of_encryption_key), KEY),
    "one of two keys of one name": (publishing(of_two_keys), KEY),
    "revoked key": (publishing(of_revoked_key), KEY),
    "keys swapped": (of_swapped_keys, SIGNATURE),
    "their key of the same name": (of_their_key, SIGNATURE),
}  # fmt: skip
