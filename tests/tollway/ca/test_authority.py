"""What an authority may do, and what it says of itself."""

import dataclasses
from datetime import datetime, timedelta

import pytest

from tollway.ca.authority import WARNED, Authority, AuthorityError, NotCovered, not_covered, warning
from tollway.ca.make import make


def test_it_covers_permitted_hosts_and_what_lies_under_them(authority: Authority) -> None:
    assert authority.covers("api.openai.com")
    assert authority.covers("acme.openai.azure.com")
    assert authority.covers("tollway.internal")


@pytest.mark.parametrize(
    "host", ["storage.googleapis.com", "s3.amazonaws.com", "evil.example", "127.0.0.1", "openai.com", ""]
)
def test_it_covers_nothing_else(authority: Authority, host: str) -> None:
    assert not authority.covers(host)
    with pytest.raises(NotCovered):
        authority.issuer(host)


def test_hosts_that_came_later_are_uncovered_but_addresses_never_count(authority: Authority) -> None:
    hosts = ["api.openai.com", "api.new.example", "10.0.0.1", "vllm"]

    assert authority.uncovered(hosts) == ("api.new.example",)


def test_a_host_outside_is_told_with_what_to_do(authority: Authority) -> None:
    text = str(not_covered(authority, "api.new.example"))

    assert authority.id in text
    assert "'api.new.example'" in text
    assert "tollway ca init --force" in text


def test_an_address_is_told_apart_from_a_host_that_came_later(authority: Authority) -> None:
    assert "plain HTTP" in str(not_covered(authority, "10.0.0.1"))


def test_the_issuer_of_a_host_permits_that_name_alone(authority: Authority) -> None:
    issuer = authority.issuer("acme.openai.azure.com")

    issuer.verify_directly_issued_by(authority.root)
    assert issuer.public_key() == authority.key.public_key()


def test_an_issuer_that_can_not_be_read_is_an_error(authority: Authority) -> None:
    broken = dataclasses.replace(authority, issuers=(b"?",) * len(authority.issuers))

    with pytest.raises(AuthorityError, match=r"issuer for 'api\.openai\.com' is not signed by the root"):
        broken.issuer("api.openai.com")


def test_an_issuer_of_another_root_is_an_error(authority: Authority, now: datetime) -> None:
    other = make(authority.permitted, now)

    with pytest.raises(AuthorityError, match="is not signed by the root"):
        dataclasses.replace(authority, issuers=other.issuers).issuer("api.openai.com")


def test_an_issuer_of_another_key_is_an_error(authority: Authority, now: datetime) -> None:
    other = make(authority.permitted, now)

    with pytest.raises(AuthorityError, match="is another key's"):
        dataclasses.replace(authority, key=other.key).issuer("api.openai.com")


def test_an_issuer_in_the_wrong_place_is_an_error(authority: Authority) -> None:
    with pytest.raises(AuthorityError, match="or another name's"):
        dataclasses.replace(authority, issuers=authority.issuers[::-1]).issuer("api.openai.com")


def test_it_warns_in_its_last_sixty_days(authority: Authority) -> None:
    assert warning(authority, authority.ends() - WARNED - timedelta(seconds=1)) is None
    assert "ends in 59 days" in (warning(authority, authority.ends() - WARNED + timedelta(hours=1)) or "")


def test_its_repr_has_no_key(authority: Authority) -> None:
    assert "key" not in repr(authority).lower()


def test_its_fingerprint_is_as_openssl_prints_it(authority: Authority) -> None:
    assert len(authority.fingerprint()) == 32 * 3 - 1
    assert authority.fingerprint() == authority.fingerprint().upper()
