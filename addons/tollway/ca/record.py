"""An authority as one file: the issuers' key, the root, the issuers, in PEM."""

import re

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tollway.ca import pem
from tollway.ca.authority import Authority

_LABEL = rb"PRIVATE KEY-----"
_KEY = re.compile(rb"-----BEGIN %b.*?-----END %b\r?\n?" % (_LABEL, _LABEL), re.S)


def dump(authority: Authority) -> bytes:
    """The file's content. It holds the key: mode 0600."""
    key = authority.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return key + authority.root_pem() + b"".join(map(pem.encode, authority.issuers))


def parse(data: bytes) -> Authority:
    """The authority in a file's content. Raises ValueError, saying what is wrong, without the content.

    Of the issuers only the first is checked, each other one when it is first used: there are hundreds.
    """
    keys, certificates = _KEY.findall(data), pem.decode(data)
    if len(keys) != 1 or len(certificates) < 2:
        raise ValueError(
            f"it should hold one private key and some certificates, not {len(keys)} and {len(certificates)}"
        )
    authority = Authority(_root(certificates[0]), tuple(certificates[1:]), _key(keys[0]))
    if not authority.permitted:
        raise ValueError("its first certificate has no critical name constraints")
    if len(authority.issuers) != len(authority.permitted):
        raise ValueError(f"{len(authority.issuers)} issuers for {len(authority.permitted)} permitted names")
    authority.issuer(authority.permitted[0])
    return authority


def _key(block: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(block, password=None)
    except (ValueError, TypeError):
        raise ValueError("its private key can't be read") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("its private key is not an elliptic-curve key")
    return key


def _root(der: bytes) -> x509.Certificate:
    try:
        root = x509.load_der_x509_certificate(der)
        root.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        raise ValueError("its first certificate is no root") from None
    return root
