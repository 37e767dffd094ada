"""What clients trust: roots, without their issuers and without a key."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from tollway.ca import constraints, pem


@dataclass(frozen=True)
class Anchor:
    """A root, as clients have it."""

    root: x509.Certificate

    @cached_property
    def id(self) -> str:
        """Eight hexadecimal digits that tell this authority from others; part of its names."""
        return key_id(self.root.public_key())

    @cached_property
    def permitted(self) -> tuple[str, ...]:
        """The DNS names that it may speak for, subdomains included, as the root says."""
        return constraints.names_in(self.root)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.permitted)}

    def covers(self, host: str) -> bool:
        """Whether clients accept a leaf of this authority for the lower-case name `host`."""
        return constraints.covering(self._places.keys(), host) is not None

    def uncovered(self, hosts: Iterable[str]) -> tuple[str, ...]:
        """Which of these hosts would need a new authority; addresses and bare labels never do."""
        return tuple(n for n in constraints.permitted_names(hosts) if not self.covers(n))

    def ends(self) -> datetime:
        """When the root and all issuers end."""
        return self.root.not_valid_after_utc

    def fingerprint(self) -> str:
        """SHA-256 of the root, as browsers and `openssl x509 -fingerprint` show it."""
        return self.root.fingerprint(hashes.SHA256()).hex(":").upper()

    def root_pem(self) -> bytes:
        """The root alone, in PEM: what clients are to trust."""
        return pem.encode(self.root.public_bytes(serialization.Encoding.DER))


@dataclass(frozen=True)
class Anchors:
    """One root, or two while one takes the other's place: the first is that which signs."""

    all: tuple[Anchor, ...]

    @property
    def first(self) -> Anchor:
        """The one that signs."""
        return self.all[0]

    @property
    def id(self) -> str:
        """Of the one that signs."""
        return self.first.id

    @property
    def ids(self) -> tuple[str, ...]:
        """Of each."""
        return tuple(each.id for each in self.all)

    @property
    def permitted(self) -> tuple[str, ...]:
        """The names that the one that signs may speak for."""
        return self.first.permitted

    def root_pem(self) -> bytes:
        """All of them, in PEM."""
        return b"".join(each.root_pem() for each in self.all)


def key_id(key: CertificatePublicKeyTypes) -> str:
    """Eight hexadecimal digits of a public key's SHA-256."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[:8]
