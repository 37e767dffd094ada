"""Java's trust stores: the user's are read as PKCS12 or JKS, ours are written as PKCS12."""

import struct
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.utils import CryptographyDeprecationWarning

from tollway.ca import pem, store
from tollway.ca.bundle import union
from tollway.ca.pkcs12 import DEFAULT_PASSWORD, truststore

_JKS = b"\xfe\xed\xfe\xed"


def write(path: Path, certificates: Iterable[bytes], root: bytes) -> None:
    """Bring the PKCS12 store at `path` up to date: these certificates (DER), and our root (PEM)."""
    store.replace(path, truststore(union(certificates, pem.decode(root))))


def refresh(folder: Path, root: bytes) -> None:
    """Bring the stores in `folder` up to date with a new root of ours, in the place of the old one."""
    for path in folder.glob("java*.p12"):
        write(path, read(path), root)


def read(path: Path, password: str = DEFAULT_PASSWORD) -> list[bytes]:
    """The trusted certificates (DER) of a store. Raises OSError, and ValueError if it can't be understood."""
    data = path.read_bytes()
    if data.startswith(_JKS):
        return list(_jks(data))
    for attempt in (password.encode(), None):
        with warnings.catch_warnings():
            # Old roots with a serial number of zero or below: the user trusts them, and we only copy them.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            try:
                found = load_pkcs12(data, attempt).additional_certs
            except ValueError:
                continue
        return [entry.certificate.public_bytes(Encoding.DER) for entry in found]
    raise ValueError("it is no JKS or PKCS12 store of this password")


def _jks(data: bytes) -> Iterator[bytes]:
    """The trusted certificates of a JKS store of version 2; entries with private keys are passed over.

    Certificates are not encrypted in it, and the digest at its end would need the password: not checked,
    since the file is the user's own.
    """
    try:
        _, version, count = struct.unpack_from(">III", data)
        if version != 2:
            raise ValueError(f"it is a JKS store of version {version}, not 2")
        at = 12
        for _ in range(count):
            (tag,) = struct.unpack_from(">I", data, at)
            _, at = _field(data, at + 4, ">H")  # the alias
            at += 8  # the date
            chain = 1
            if tag == 1:  # a private key and its chain
                _, at = _field(data, at, ">I")
                (chain,) = struct.unpack_from(">I", data, at)
                at += 4
            for _ in range(chain):
                _, at = _field(data, at, ">H")  # "X.509"
                certificate, at = _field(data, at, ">I")
                if tag == 2:
                    yield certificate
    except struct.error:
        raise ValueError("it is a JKS store that breaks off") from None


def _field(data: bytes, at: int, prefix: str) -> tuple[bytes, int]:
    """The bytes behind a length, and where they end."""
    (length,) = struct.unpack_from(prefix, data, at)
    start = at + struct.calcsize(prefix)
    return data[start : start + length], start + length
