"""What a thief of the issuers' key can do: sign any leaf, under the issuer of any permitted host."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tollway.ca.authority import Authority


def general(name: str) -> x509.GeneralName:
    """An address or a DNS name, as a certificate has it."""
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def signed(
    subject: str,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    now: datetime,
    *extensions: tuple[x509.ExtensionType, bool],
) -> x509.Certificate:
    """A certificate of any content, each extension with whether it is critical."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=10))
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    return builder.sign(signer, hashes.SHA256())


def server_pem(key: ec.EllipticCurvePrivateKey, *chain: x509.Certificate) -> bytes:
    """What a TLS server loads: a key, its certificate, and what leads from it to a root."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + b"".join(certificate.public_bytes(Encoding.PEM) for certificate in chain)


@dataclass(frozen=True)
class Thief:
    """Has the file with the key."""

    authority: Authority
    now: datetime
    folder: Path

    def leaf(self, name: str, under: str = "api.openai.com", *, alternative: bool = True) -> Path:
        """A server's file for `name`; without `alternative`, the name is in the subject only."""
        issuer, key = self.authority.issuer(under), ec.generate_private_key(ec.SECP256R1())
        own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), False),
        ]
        if alternative:
            extensions.append((x509.SubjectAlternativeName([general(name)]), False))
        leaf = signed(name, issuer.subject, key, self.authority.key, self.now, *extensions)
        return self._write(f"{name}-{under}-{alternative}", server_pem(key, leaf, issuer))

    def leaf_of_own_authority(self, name: str) -> Path:
        """A server's file for `name`, signed by an authority without constraints that the thief signed."""
        issuer, key = self.authority.issuer("api.openai.com"), ec.generate_private_key(ec.SECP256R1())
        is_authority = (x509.BasicConstraints(ca=True, path_length=None), True)
        own = signed("own", issuer.subject, key, self.authority.key, self.now, is_authority)
        names = (x509.SubjectAlternativeName([general(name)]), False)
        leaf = signed(name, own.subject, key, key, self.now, names)
        return self._write(f"{name}-own", server_pem(key, leaf, own, issuer))

    def leaf_for_mail(self, address: str) -> Path:
        """A file with a certificate for an e-mail address."""
        issuer, key = self.authority.issuer("api.openai.com"), ec.generate_private_key(ec.SECP256R1())
        names = (x509.SubjectAlternativeName([x509.RFC822Name(address)]), False)
        leaf = signed("mail", issuer.subject, key, self.authority.key, self.now, names)
        return self._write("mail", server_pem(key, leaf, issuer))

    def _write(self, name: str, data: bytes) -> Path:
        path = self.folder / f"forged-{name}.pem"
        path.write_bytes(data)
        return path
