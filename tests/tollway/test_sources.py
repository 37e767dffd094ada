"""Ways to know a caller beside tokens of an issuer; networks are in test_callers.py."""

import pytest

from tests.tollway.identity.issuer import CLAIMS, URL, signed
from tollway.identity.claims import parse
from tollway.identity.judge import Known, Missing, Refused
from tollway.identity.virtual_key import VirtualKey
from tollway.ledger.fault import LedgerError
from tollway.policy.identity import Caller
from tollway.sources import Answer, GivenKeys, Hints, KnownKeys, Shown, no_keys

NOW = 100.0
KEYS = {
    b"valid": VirtualKey(digest=b"valid", user="ann", created_us=1, expires_us=100_000_001),
    b"expired": VirtualKey(digest=b"expired", user="ann", created_us=1, expires_us=100_000_000),
    b"revoked": VirtualKey(digest=b"revoked", user="ann", created_us=1, revoked_us=2),
}


def shown(**what: object) -> Shown:
    return Shown(address="192.0.2.1", **what)  # type: ignore[arg-type]


def why(answer: Answer | None) -> str:
    assert isinstance(answer, Refused | Missing)
    return answer.why


def test_who_bears_a_key_that_was_given_out_is_known_while_it_holds() -> None:
    ask = GivenKeys(KEYS.get, lambda: NOW)

    known = ask(shown(key=b"valid"))
    assert isinstance(known, Known)
    assert (known.identity.user, known.identity.verified) == ("ann", True)
    assert ask(shown()) is None
    assert why(ask(shown(key=b"expired"))).endswith("is expired")
    assert why(ask(shown(key=b"revoked"))).endswith("is revoked")
    assert why(ask(shown(key=b"made up"))) == "it is no key that was given out"


def test_keys_that_can_not_be_looked_up_refuse_nobody_for_good() -> None:
    def broken(digest: bytes) -> VirtualKey | None:
        raise LedgerError("the disk is gone")

    answer = GivenKeys(broken, lambda: NOW)(shown(key=b"valid"))

    assert isinstance(answer, Missing)
    assert (answer.no_keys, answer.why) == (True, "the disk is gone")


def test_where_no_keys_are_taken_whoever_shows_one_is_refused() -> None:
    assert no_keys(shown()) is None
    assert "identity: virtual_keys" in why(no_keys(shown(key=b"valid")))


def test_owners_are_known_by_the_fingerprints_of_their_keys() -> None:
    ask = KnownKeys({"0123456789abcdef": Caller(user="ann", team="search")})

    known = ask(shown(fingerprint="0123456789abcdef"))
    assert isinstance(known, Known)
    assert (known.identity.user, known.identity.team, known.identity.source) == ("ann", "search", "api_keys")
    assert ask(shown(fingerprint="0123456789abcdee")) is None
    assert ask(shown()) is None


@pytest.mark.parametrize(
    ("issuer", "authorization", "user"),
    [
        (None, f"Bearer {signed(CLAIMS)}", "ann@example.com"),
        (URL, f"Bearer {signed(CLAIMS)}", "ann@example.com"),
        ("https://other.example", f"Bearer {signed(CLAIMS)}", None),
        (None, "Bearer sk-made-up", None),
        (None, f"Bearer {signed([1])}", None),
        (None, "", None),
    ],
    ids=["any issuer", "its issuer", "another issuer", "a key", "no claims", "nothing"],
)
def test_what_a_token_for_a_provider_says_is_a_hint(
    issuer: str | None, authorization: str, user: str | None
) -> None:
    """Nobody checks it, and it is marked so."""
    answer = Hints({"user": parse("email")}, issuer)(shown(headers={"authorization": authorization}))

    assert (answer is None) is (user is None)
    if isinstance(answer, Known):
        assert (answer.identity.user, answer.identity.verified) == (user, False)
        assert answer.identity.source == "provider_token"
