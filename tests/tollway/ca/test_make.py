"""How an authority is made."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from tollway.ca.authority import Authority, AuthorityError
from tollway.ca.constraints import names_in
from tollway.ca.make import BACKDATED, LIFETIME, make


def certificates(authority: Authority) -> list[x509.Certificate]:
    return [authority.root, *map(x509.load_der_x509_certificate, authority.issuers)]


def test_every_certificate_is_critically_constrained(authority: Authority) -> None:
    root, *issuers = certificates(authority)

    assert names_in(root) == authority.permitted
    assert tuple(names_in(issuer) for issuer in issuers) == tuple((name,) for name in authority.permitted)


def test_every_certificate_signs_server_certificates_and_nothing_else(authority: Authority) -> None:
    for certificate in certificates(authority):
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
        extended = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value

        assert usage.critical
        assert usage.value.key_cert_sign
        assert not usage.value.digital_signature
        assert list(extended) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_issuers_sign_leaves_and_no_further_authority(authority: Authority) -> None:
    root, *issuers = certificates(authority)

    def path_length(certificate: x509.Certificate) -> int | None:
        found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        assert found.critical
        assert found.value.ca
        return found.value.path_length

    assert path_length(root) == 1
    assert {path_length(issuer) for issuer in issuers} == {0}


def test_the_root_has_a_key_that_nobody_keeps(authority: Authority) -> None:
    assert authority.root.public_key() != authority.key.public_key()
    assert isinstance(authority.key.curve, ec.SECP256R1)


def test_issuers_differ_in_name_and_identifier_though_they_share_a_key(authority: Authority) -> None:
    _, *issuers = certificates(authority)

    identifiers = {
        issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value for issuer in issuers
    }

    assert len(identifiers) == len({issuer.subject for issuer in issuers}) == len(issuers)
    assert all(issuer.public_key() == authority.key.public_key() for issuer in issuers)


def test_it_is_valid_from_before_now_for_five_years(now: datetime) -> None:
    for certificate in certificates(make([], now)):
        start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc

        assert start == (now - BACKDATED).replace(microsecond=0)
        assert end == (now + LIFETIME).replace(microsecond=0)
        assert end - start < timedelta(days=5 * 366)


def test_two_authorities_are_told_apart_by_their_names(now: datetime) -> None:
    one, other = make([], now), make([], now)

    assert one.id != other.id
    assert one.id in one.root.subject.rfc4514_string()
    assert one.root.subject != other.root.subject


def test_a_host_that_is_too_wide_makes_no_authority(now: datetime) -> None:
    with pytest.raises(AuthorityError, match=r"'amazonaws\.com' is too wide"):
        make(["amazonaws.com"], now)
