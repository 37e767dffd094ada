"""An authority as one file: the issuers' key, the root, the issuers, in PEM."""

import re
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tollway.ca import pem
from tollway.ca.anchor import Anchor
from tollway.ca.authority import Authority

type Key = ec.EllipticCurvePrivateKey

_LABEL = rb"PRIVATE KEY-----"
_KEY = re.compile(rb"-----BEGIN %b.*?-----END %b\r?\n?" % (_LABEL, _LABEL), re.S)
_SINCE = b"Signs-From: "


def dump(authority: Authority, since: datetime | None = None, with_key: bool = True) -> bytes:
    """The file's content. It holds the key, unless that is kept elsewhere: mode 0600. `since`: it signs from
    then on; None: it does already."""
    head = b"" if since is None else b"%b%b\n" % (_SINCE, since.isoformat().encode())
    key = key_pem(authority) if with_key else b""
    return head + key + authority.root_pem() + b"".join(map(pem.encode, authority.issuers))


def key_pem(authority: Authority) -> bytes:
    """The one secret, in PEM."""
    return authority.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def since(data: bytes) -> datetime:
    """When the authority in a file's content begins to sign. Raises ValueError where that is not said."""
    head = data.partition(b"\n")[0]
    try:
        found = datetime.fromisoformat(head.removeprefix(_SINCE).decode())
    except ValueError:
        found = None
    if not head.startswith(_SINCE) or found is None or found.tzinfo is None:
        raise ValueError(f"its first line should be `{_SINCE.decode()}` and a time with its zone")
    return found


def parse(data: bytes, keys: Sequence[Key] = ()) -> Authority:
    """The authority in a file's content, with its key from there or from among `keys`.

    Raises ValueError as `read` does, and where there is no key.
    """
    found = read(data, keys)
    if not isinstance(found, Authority):
        raise ValueError("its key is elsewhere")
    return found


def read(data: bytes, keys: Sequence[Key] = ()) -> Anchor:
    """The same; where its key is neither there nor among `keys`, the root alone.

    Raises ValueError, saying what is wrong, without the content. Of the issuers only the first is checked,
    each other one when it is first used: there are hundreds.
    """
    blocks, certificates = _KEY.findall(data), pem.decode(data)
    if len(blocks) > 1 or len(certificates) < 2:
        raise ValueError(
            f"it should hold one private key and some certificates, not {len(blocks)} and {len(certificates)}"
        )
    root, issuers = _root(certificates[0]), tuple(certificates[1:])
    permitted = Anchor(root).permitted
    if not permitted:
        raise ValueError("its first certificate has no critical name constraints")
    if len(issuers) != len(permitted):
        raise ValueError(f"{len(issuers)} issuers for {len(permitted)} permitted names")
    key = _key(blocks[0]) if blocks else _fitting(keys, issuers[0])
    if key is None:
        return Anchor(root)
    authority = Authority(root, issuers, key)
    authority.issuer(permitted[0])
    return authority


def keys_in(data: bytes) -> tuple[Key, ...]:
    """All keys in PEM text. Raises ValueError where there is none, or one that can't be read."""
    if not (blocks := _KEY.findall(data)):
        raise ValueError("it holds no private key")
    return tuple(map(_key, blocks))


def _fitting(keys: Sequence[Key], issuer: bytes) -> Key | None:
    """The key of an issuer (DER), among others."""
    try:
        public = x509.load_der_x509_certificate(issuer).public_key()
    except ValueError:
        raise ValueError("its second certificate can't be read") from None
    return next((key for key in keys if key.public_key() == public), None)


def _key(block: bytes) -> Key:
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
