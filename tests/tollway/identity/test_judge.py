"""The issuer that a token names picks the source; what no source takes is refused, and not passed over."""

import pytest

from tests.tollway.identity.issuer import CLAIMS, NOW, URL, jwk, keys, part, rsa_key, signed
from tollway.identity.claims import parse
from tollway.identity.judge import LONGEST_KID, Known, Missing, Refused, judged
from tollway.identity.keys import KeySet
from tollway.identity.source import Tokens, of_issuer
from tollway.identity.verify import LEEWAY_SECONDS, Issuer

OTHER = "https://other.example/"
NAMES = {"user": parse("email")}


def source(issuer: str, header: str | None = None) -> Tokens:
    return Tokens(issuer=Issuer(issuer=issuer, audiences=("tollway",)), jwks=None, names=NAMES, header=header)


SOURCES = [source(URL), source(OTHER)]
SETS = {URL: keys(), OTHER: keys(jwk(rsa_key("o"), "a"))}


def at_hand(source: Tokens) -> KeySet | None:
    return SETS[source.issuer.issuer]


def judge(text: str) -> Known | Refused | Missing:
    return judged(text, SOURCES, at_hand, NOW)


@pytest.mark.parametrize(("header", "kind"), [(None, "proxy_jwt"), ("x-token", "header_jwt")])
def test_who_shows_a_good_token_is_known_until_it_expires(header: str | None, kind: str) -> None:
    found = judged(signed(), [source(URL, header)], at_hand, NOW)

    assert isinstance(found, Known)
    assert (found.identity.user, found.identity.source) == ("ann@example.com", kind)
    assert found.expires == NOW + 600 + LEEWAY_SECONDS


def test_each_issuer_goes_by_its_own_keys() -> None:
    """Though they have one name."""
    theirs = {**CLAIMS, "iss": OTHER}

    assert isinstance(judge(signed(theirs, rsa_key("o"))), Known)
    assert judge(signed(theirs)) == Refused(why="its signature is not its issuer's")
    assert judge(signed(key=rsa_key("o"))) == Refused(why="its signature is not its issuer's")


@pytest.mark.parametrize("issuer", ["https://evil.example", None, 7, [URL], ""])
def test_a_token_of_nobodys_is_refused(issuer: object) -> None:
    found = judge(signed({**CLAIMS, "iss": issuer}))

    assert found == Refused(why="no source of the policy takes tokens of its issuer")
    assert of_issuer(SOURCES, issuer) is None


def test_what_can_not_be_read_is_refused() -> None:
    assert judge(f"{part(b'{}')}.{part(b'[]')}.x") == Refused(why="its parts are no JSON objects")


def test_a_key_that_is_missing_may_come() -> None:
    found = judge(signed(header={"kid": "new"}))

    assert isinstance(found, Missing)
    assert (found.source, found.kid, found.no_keys) == (SOURCES[0], "new", False)


@pytest.mark.parametrize("header", [{"kid": "x" * (LONGEST_KID + 1)}, {}])
def test_a_name_that_is_none_is_not_looked_for(header: dict[str, str]) -> None:
    several = keys(jwk(rsa_key("a"), "a"), jwk(rsa_key("b"), "b"))

    found = judged(signed(header=header), SOURCES, lambda source: several, NOW)
    assert found == Refused(why="it names no key that its issuer signs with")


def test_without_any_keys_nothing_can_be_said() -> None:
    found = judged(signed(), SOURCES, lambda source: None, NOW)

    assert isinstance(found, Missing)
    assert (found.kid, found.no_keys) == ("a", True)
