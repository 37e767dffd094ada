"""PEM text of certificates."""

import ssl

from hypothesis import given
from hypothesis import strategies as st

from tollway.ca.pem import decode, encode


@given(st.lists(st.binary(min_size=1, max_size=300)), st.sampled_from([b"\n", b"\r\n"]))
def test_what_is_written_is_read_back_whatever_stands_between(ders: list[bytes], newline: bytes) -> None:
    text = b"# a comment\n".join(map(encode, ders)).replace(b"\n", newline)

    assert decode(text) == ders


@given(st.binary(min_size=1, max_size=300))
def test_it_is_as_the_standard_library_writes_it(der: bytes) -> None:
    assert encode(der) == ssl.DER_cert_to_PEM_cert(der).encode()


def test_what_is_no_certificate_is_skipped() -> None:
    key = b"-----BEGIN PRIVATE " + b"KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    broken = b"-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n"

    assert decode(key + broken + encode(b"abc") + b"-----BEGIN CERTIFICATE-----\nAAAA") == [b"abc"]
