"""An authority as one file."""

import re
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.tollway.ca.forgery import server_pem, signed
from tollway.ca import pem
from tollway.ca.anchor import Anchor
from tollway.ca.authority import Authority, AuthorityError
from tollway.ca.make import make
from tollway.ca.record import dump, key_pem, keys_in, parse, read, since


def test_what_is_dumped_is_parsed(authority: Authority) -> None:
    found = parse(dump(authority))

    assert (found.root, found.issuers) == (authority.root, authority.issuers)
    assert found.key.private_numbers() == authority.key.private_numbers()


def key_of(authority: Authority) -> bytes:
    return dump(authority).partition(b"-----BEGIN CERTIFICATE")[0]


def test_a_file_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="one private key and some certificates, not 0 and 0"):
        parse(b"")


def test_a_file_that_breaks_off_is_refused(authority: Authority) -> None:
    data = dump(authority)

    for end in range(0, len(data) - 2, 97):
        with pytest.raises(ValueError, match=r"it should hold|issuers for"):
            parse(data[:end])


def test_a_key_that_can_not_be_read_is_refused_without_being_shown(authority: Authority) -> None:
    data = dump(authority)
    spoiled = re.sub(rb"(KEY-----\n.{10}).{8}", rb"\1AAAAAAAA", data, count=1)

    with pytest.raises(ValueError, match=r"^its private key can't be read$") as caught:
        parse(spoiled)

    assert caught.value.__cause__ is None


def test_a_key_of_another_kind_is_refused(authority: Authority) -> None:
    other = rsa.generate_private_key(65537, 2048)
    key = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    with pytest.raises(ValueError, match="not an elliptic-curve key"):
        parse(key + dump(authority).removeprefix(key_of(authority)))


def test_the_key_of_another_authority_is_refused(authority: Authority, now: datetime) -> None:
    other = make([], now)

    with pytest.raises(AuthorityError, match="is another key's"):
        parse(key_of(other) + dump(authority).removeprefix(key_of(authority)))


def test_a_root_that_is_none_is_refused(authority: Authority) -> None:
    with pytest.raises(ValueError, match="first certificate is no root"):
        parse(key_of(authority) + b"".join(map(pem.encode, authority.issuers)))
    with pytest.raises(ValueError, match="first certificate is no root"):
        parse(key_of(authority) + pem.encode(b"?") * 2)


def test_a_root_without_constraints_is_refused(now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    first = signed("x", make([], now).root.subject, key, key, now)
    root = signed("x", first.subject, key, key, now)

    with pytest.raises(ValueError, match="no critical name constraints"):
        parse(server_pem(key, root, root))


def test_an_issuer_too_few_is_refused(authority: Authority) -> None:
    data = dump(authority).removesuffix(pem.encode(authority.issuers[-1]))

    with pytest.raises(ValueError, match="4 issuers for 5 permitted names"):
        parse(data)


def test_without_its_key_it_is_the_root_alone_until_the_key_is_given(
    authority: Authority, now: datetime
) -> None:
    data, other = dump(authority, with_key=False), make([], now)

    assert type(read(data)) is Anchor
    assert type(read(data, [other.key])) is Anchor
    found = parse(data, [other.key, authority.key])
    assert (found.root, found.key) == (authority.root, authority.key)
    with pytest.raises(ValueError, match="its key is elsewhere"):
        parse(data)


def test_keys_are_read_from_text_of_several(authority: Authority, now: datetime) -> None:
    both = key_pem(authority) + key_pem(make([], now))

    assert keys_in(both)[0].private_numbers() == authority.key.private_numbers()
    assert len(keys_in(both)) == 2
    with pytest.raises(ValueError, match="it holds no private key"):
        keys_in(authority.root_pem())


def test_when_it_signs_is_in_its_first_line(authority: Authority, now: datetime) -> None:
    data = dump(authority, now)

    assert since(data) == now
    assert parse(data).root == authority.root


def test_an_issuer_that_can_not_be_read_is_told(authority: Authority) -> None:
    data = authority.root_pem() + pem.encode(b"?") * len(authority.permitted)

    with pytest.raises(ValueError, match="second certificate can't be read"):
        read(data)
