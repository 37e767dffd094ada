"""Leaf certificates: for exactly the name that the client asked for, made when first asked for."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tollway.ca.authority import RENEW, Authority, AuthorityError

BACKDATED = timedelta(days=1)
LIFETIME = timedelta(days=89)
"""With the day of backdating, 90 days in all: far below every client's maximum (Apple: 825 for own roots)."""
RENEWED = timedelta(days=30)
"""When a running proxy makes a fresh one: clients whose clock is two months ahead are still served."""
KEPT = 1024
"""Leaves kept; per-customer subdomains have no other bound."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a TLS server needs for one name. The chain goes to clients; the root is never sent."""

    cert: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...]
    made: datetime
    until: datetime
    """When to make another one."""


class Leaves:
    """The leaves of one process. They share one key, which is never written."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._kept: OrderedDict[str, Leaf] = OrderedDict()
        self._fixed: tuple[tuple[x509.ExtensionType, bool], ...] = (
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_SIGNS_HANDSHAKES, True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), False),
        )

    def entry(self, name: str, now: datetime) -> Leaf:
        """The leaf for the name that a client asked for (SNI, or the CONNECT's host where there is none).

        Raises NotCovered for a name that no client would accept from this authority, AuthorityError once the
        authority itself has ended.
        """
        leaf = self._kept.get(name)
        if leaf is None or not leaf.made <= now < leaf.until:
            leaf = self._make(name, now)
            self._kept[name] = leaf
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(name)
        return leaf

    def _make(self, name: str, now: datetime) -> Leaf:
        host = name.lower().removesuffix(".")
        issuer, end = self.authority.issuer(host), self.authority.ends()
        if now >= end:
            raise AuthorityError(
                f"the certificate authority {self.authority.id} ended on {end:%Y-%m-%d}: {RENEW}"
            )
        cert = self._sign(host, issuer, now - BACKDATED, min(now + LIFETIME, end))
        return Leaf(cert, self._key, (issuer,), now, min(now + RENEWED, end))

    def _sign(self, host: str, issuer: x509.Certificate, start: datetime, end: datetime) -> x509.Certificate:
        issuer_id = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        # A common name holds 64 characters; without a subject the alternative name must be critical.
        subject = [x509.NameAttribute(NameOID.COMMON_NAME, host)] if len(host) <= 64 else []
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name(subject))
            .issuer_name(issuer.subject)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=not subject)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id), critical=False
            )
        )
        for value, critical in self._fixed:
            builder = builder.add_extension(value, critical)
        return builder.sign(self.authority.key, hashes.SHA256())


_SIGNS_HANDSHAKES = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
