"""Leaves: exactly the name asked for, cached, in time."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import PolicyBuilder, Store

from tollway.ca import leaf as module
from tollway.ca.authority import Authority, AuthorityError, NotCovered
from tollway.ca.leaf import KEPT, RENEWED, Leaves
from tollway.ca.make import LIFETIME


@pytest.fixture
def leaves(authority: Authority) -> Leaves:
    return Leaves(authority)


def names(certificate: x509.Certificate) -> list[x509.GeneralName]:
    return list(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)


@pytest.mark.parametrize("host", ["api.openai.com", "acme.openai.azure.com", "tollway.internal"])
def test_a_leaf_carries_exactly_the_name(leaves: Leaves, now: datetime, host: str) -> None:
    found = leaves.entry(host, now).cert

    assert names(found) == [x509.DNSName(host)]
    assert found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == host


def test_a_verifier_accepts_it_with_its_chain(authority: Authority, leaves: Leaves, now: datetime) -> None:
    leaf = leaves.entry("acme.openai.azure.com", now)
    policy = PolicyBuilder().store(Store([authority.root])).time(now)

    chain = policy.build_server_verifier(x509.DNSName("acme.openai.azure.com")).verify(
        leaf.cert, list(leaf.chain)
    )

    assert chain == [leaf.cert, *leaf.chain, authority.root]


def test_the_chain_is_the_issuer_without_the_root(
    authority: Authority, leaves: Leaves, now: datetime
) -> None:
    assert leaves.entry("api.openai.com", now).chain == (authority.issuer("api.openai.com"),)


def test_a_name_of_more_than_64_characters_is_in_the_critical_alternative_name_only(
    leaves: Leaves, now: datetime
) -> None:
    host = "a" * 60 + ".openai.azure.com"

    found = leaves.entry(host, now).cert

    assert names(found) == [x509.DNSName(host)]
    assert found.extensions.get_extension_for_class(x509.SubjectAlternativeName).critical
    assert not list(found.subject)


def test_case_and_a_trailing_dot_are_the_clients_spelling(leaves: Leaves, now: datetime) -> None:
    assert names(leaves.entry("API.OpenAI.com.", now).cert) == [x509.DNSName("api.openai.com")]


@pytest.mark.parametrize(
    "name", ["storage.googleapis.com", "s3.amazonaws.com", "evil.example", "127.0.0.1", "*.api.openai.com"]
)
def test_a_name_outside_the_constraints_gets_no_leaf(leaves: Leaves, now: datetime, name: str) -> None:
    with pytest.raises(NotCovered):
        leaves.entry(name, now)


def test_a_second_asking_gets_the_same_leaf(leaves: Leaves, now: datetime) -> None:
    first = leaves.entry("api.openai.com", now)

    assert leaves.entry("api.openai.com", now + RENEWED - timedelta(seconds=1)) is first


def test_leaves_share_one_key_that_is_not_the_authoritys(
    authority: Authority, leaves: Leaves, now: datetime
) -> None:
    one, other = leaves.entry("api.openai.com", now), leaves.entry("tollway.internal", now)

    assert one.key is other.key
    assert one.key.public_key() == one.cert.public_key() != authority.key.public_key()


def test_a_leaf_is_renewed_long_before_its_end_and_after_the_clock_went_back(
    leaves: Leaves, now: datetime
) -> None:
    first = leaves.entry("api.openai.com", now)
    later = leaves.entry("api.openai.com", now + RENEWED)

    assert later is not first
    assert leaves.entry("api.openai.com", now) is not later
    assert first.cert.not_valid_after_utc > now + 2 * RENEWED - timedelta(days=2)


def test_a_leaf_lasts_ninety_days_the_one_before_now_included(leaves: Leaves, now: datetime) -> None:
    found = leaves.entry("api.openai.com", now).cert

    assert found.not_valid_after_utc - found.not_valid_before_utc == timedelta(days=90)
    assert found.not_valid_before_utc == (now - timedelta(days=1)).replace(microsecond=0)


def test_no_leaf_outlives_the_authority(authority: Authority, leaves: Leaves, now: datetime) -> None:
    assert leaves.entry("api.openai.com", now + LIFETIME - timedelta(days=3)).cert.not_valid_after_utc == (
        authority.ends()
    )
    with pytest.raises(AuthorityError, match=r"ended on .*: run `tollway ca init --force`"):
        leaves.entry("api.openai.com", now + LIFETIME)


def test_the_leaves_kept_are_bounded_and_the_latest_used_stay(
    leaves: Leaves, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert KEPT == 1024
    monkeypatch.setattr(module, "KEPT", 3)
    first = leaves.entry("a.api.openai.com", now)
    second = leaves.entry("b.api.openai.com", now)
    leaves.entry("c.api.openai.com", now)
    leaves.entry("a.api.openai.com", now)

    leaves.entry("d.api.openai.com", now)

    assert leaves.entry("a.api.openai.com", now) is first
    assert leaves.entry("b.api.openai.com", now) is not second


def test_a_handshake_carries_some_six_hundred_bytes_more_than_the_leaf(leaves: Leaves, now: datetime) -> None:
    leaf = leaves.entry("api.openai.com", now)

    assert sum(len(c.public_bytes(Encoding.DER)) for c in leaf.chain) < 640
    assert len(leaf.cert.public_bytes(Encoding.DER)) < 520
