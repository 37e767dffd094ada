"""How an authority is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tollway.ca import constraints
from tollway.ca.anchor import key_id
from tollway.ca.authority import Authority, AuthorityError

LIFETIME = timedelta(days=5 * 365)
"""Provider hosts change sooner than this, which asks for a new authority anyway; and what is forgotten in a
trust store ends some day."""

BACKDATED = timedelta(days=2)
"""Clocks of laptops and machines are wrong. Leaves are backdated by one day, within this."""

ORGANIZATION = "Tollway"


def make(hosts: Iterable[str], now: datetime) -> Authority:
    """A new authority for these hosts. Raises AuthorityError for a host that is too wide."""
    try:
        names = constraints.permitted_names(hosts)
    except ValueError as error:
        raise AuthorityError(str(error)) from None
    key, root_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    tag = key_id(root_key.public_key())
    signer = _Signer(_name(f"Tollway Root {tag}"), root_key, now)
    root = signer.sign(signer.name, root_key, names, path_length=1)
    issuers = (
        signer.sign(_name(f"Tollway Issuer {tag}-{i}"), key, [name], path_length=0)
        for i, name in enumerate(names)
    )
    return Authority(root, tuple(issuer.public_bytes(Encoding.DER) for issuer in issuers), key)


@dataclass(frozen=True)
class _Signer:
    """The root, while there is a key to it."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey
    now: datetime

    def sign(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, names: Iterable[str], path_length: int
    ) -> x509.Certificate:
        """The certificate of an authority that may speak for these names."""
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - BACKDATED)
            .not_valid_after(self.now + LIFETIME)
            .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
            .add_extension(_SIGNS_CERTIFICATES, critical=True)
            .add_extension(constraints.extension(names), critical=True)
            # A stolen key signs no mail and no code.
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_key_identifier(subject, key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                    _key_identifier(self.name, self.key)
                ),
                critical=False,
            )
        )
        return builder.sign(self.key, hashes.SHA256())


def _key_identifier(subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.SubjectKeyIdentifier:
    """Of key and name: the issuers share their key, and clients that look for an issuer by this identifier
    alone (Windows) must not find another one."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(subject.public_bytes())
    digest.update(x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest)
    return x509.SubjectKeyIdentifier(digest.finalize()[:20])


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


_SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)
