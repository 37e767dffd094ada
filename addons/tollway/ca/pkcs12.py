"""A PKCS12 store of trusted certificates that Java reads (RFC 7292, Oracle's trusted-key-usage attribute).

Written here rather than by `cryptography`, which parses each certificate (and warns of old roots), and adds
a MAC of random salt under an empty password: then Java refuses the file whenever a program names a password,
and the same content never gives the same bytes twice, so that nobody can see whether it is up to date.
Certificates are no secret: no password, no MAC.
"""

from collections.abc import Iterable

DEFAULT_PASSWORD = "changeit"
"""Java's own."""

_SEQUENCE, _SET, _OCTETS, _INTEGER, _TEXT, _CONTEXT = 0x30, 0x31, 0x04, 0x02, 0x1E, 0xA0
_DATA = bytes.fromhex("06092a864886f70d010701")  # pkcs7-data
_CERTIFICATE_BAG = bytes.fromhex("060b2a864886f70d010c0a0103")
_X509 = bytes.fromhex("060a2a864886f70d01091601")
_FRIENDLY_NAME = bytes.fromhex("06092a864886f70d010914")
_TRUSTED_KEY_USAGE = bytes.fromhex("060c6086480186f966adca7b0101")
_ANY_USAGE = bytes.fromhex("0604551d2500")


def truststore(certificates: Iterable[bytes]) -> bytes:
    """A store that trusts these certificates (DER). Java opens it with any password, or none."""
    bags = _tlv(_SEQUENCE, *(_bag(der, f"tollway-{i}") for i, der in enumerate(certificates)))
    safe = _tlv(_SEQUENCE, _content(bags))
    return _tlv(_SEQUENCE, _tlv(_INTEGER, b"\x03"), _content(safe))


def _bag(der: bytes, alias: str) -> bytes:
    certificate = _tlv(_SEQUENCE, _X509, _tlv(_CONTEXT, _tlv(_OCTETS, der)))
    name = _tlv(_SEQUENCE, _FRIENDLY_NAME, _tlv(_SET, _tlv(_TEXT, alias.encode("utf-16-be"))))
    trusted = _tlv(_SEQUENCE, _TRUSTED_KEY_USAGE, _tlv(_SET, _ANY_USAGE))
    # DER orders a set by its members' bytes.
    attributes = sorted((name, trusted))
    return _tlv(_SEQUENCE, _CERTIFICATE_BAG, _tlv(_CONTEXT, certificate), _tlv(_SET, *attributes))


def _content(data: bytes) -> bytes:
    return _tlv(_SEQUENCE, _DATA, _tlv(_CONTEXT, _tlv(_OCTETS, data)))


def _tlv(tag: int, *parts: bytes) -> bytes:
    """One DER value: its tag, its length, its content."""
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 128 | len(length))) + length + content
